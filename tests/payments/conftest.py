from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from shared import ids
from tests.identity.access_tokens.issuer import Issuer
from tests.payments.people import Person


@pytest.fixture
def ada(aws: None) -> Person:
    """Somebody who administers a tenant."""
    return Person(ids.new("user"), ids.new("tenant"), Issuer().publish())


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody who administers another tenant."""
    return Person(ids.new("user"), ids.new("tenant"), ada.issuer)


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller
