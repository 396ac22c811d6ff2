from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from shared import ids
from tests.audience.people import Person
from tests.identity.access_tokens.issuer import Issuer


@pytest.fixture
def ada(pepper: str) -> Person:
    """Somebody who keeps the audience of a tenant that is paid in euros."""
    person = Person(ids.new("user"), ids.new("tenant"), Issuer().publish())
    person.has(currency="EUR", phone_region="GB")
    return person


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody of another tenant."""
    person = Person(ids.new("user"), ids.new("tenant"), ada.issuer)
    person.has(currency="EUR")
    return person


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller
