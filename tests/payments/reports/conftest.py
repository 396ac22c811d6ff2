from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.payments.people import Person
from tests.payments.reports.firms import Firm


@pytest.fixture
def time(aws: None) -> Iterator[time_machine.Traveller]:
    """Stand still at noon of a Friday; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def firm(time: time_machine.Traveller) -> Firm:
    return Firm()


@pytest.fixture
def boss(firm: Firm, ada: Person) -> Person:
    """Somebody who administers the payments of the firm."""
    return Person(firm.ada.user_id, firm.tenant_id, ada.issuer)
