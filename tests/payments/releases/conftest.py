import pytest
import time_machine

from tests.payments.invoicing import Firm
from tests.payments.leading import ada
from tests.payments.people import Person
from tests.payments.releases import world as worlds
from tests.payments.releases.asking import TERMS
from tests.payments.releases.world import World
from tests.projects import team

__all__ = ["ada"]


@pytest.fixture
def world(aws: None, time: time_machine.Traveller) -> World:
    """A tenant with an approved milestone of Ada's, which Ben owns and Cleo approved."""
    return worlds.made()


@pytest.fixture
def firm(ada: team.Person) -> Firm:
    return Firm.opened(ada, **TERMS)


@pytest.fixture
def dana(firm: Firm) -> Person:
    """Somebody of the finance department, who has nothing to do with milestones."""
    return firm.purse(somebody=firm.ada.brings(firm.project, firm.ada.colleague(), "finance"))
