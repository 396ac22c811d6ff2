"""People who lead projects and invoice them, for tests of what follows from their milestones."""

import pytest

from tests.identity.access_tokens.issuer import Issuer
from tests.projects.team import Person


@pytest.fixture
def ada(aws: None) -> Person:
    """Somebody who leads projects and invoices them."""
    return Person.new(Issuer().publish())


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody who leads another tenant."""
    return Person.new(ada.issuer, role="owner")
