from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.identity.access_tokens.issuer import Issuer
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases import world as worlds
from tests.payments.releases.asking import TERMS
from tests.payments.releases.world import World
from tests.projects import team


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(aws: None, time: time_machine.Traveller) -> World:
    """A tenant with an approved milestone of Ada's, which Ben owns and Cleo approved."""
    return worlds.made()


@pytest.fixture
def ada(aws: None) -> team.Person:
    """Somebody who leads projects and invoices them."""
    return team.Person.new(Issuer().publish())


@pytest.fixture
def firm(ada: team.Person) -> Firm:
    return Firm.opened(ada, **TERMS)


@pytest.fixture
def dana(firm: Firm) -> Person:
    """Somebody of the finance department, who has nothing to do with milestones."""
    return firm.purse(somebody=firm.ada.brings(firm.project, firm.ada.colleague(), "finance"))
