import pytest

from shared import ids
from tests.goals.conftest import calls, person
from tests.goals.people import Person
from tests.identity.access_tokens.issuer import Issuer
from tests.milestones.conftest import secret, wire
from tests.search.everything.feeding import SCOPE, Feed

__all__ = ["calls", "secret", "wire"]


@pytest.fixture
def feed(search_stage: None) -> Feed:
    """What is between contexts and search, on a stage that has both."""
    return Feed()


@pytest.fixture
def ada(feed: Feed) -> Person:
    """A member of a tenant who may read everything of it that is theirs."""
    return person(Issuer().publish(), ids.new("tenant")).holding(SCOPE)


@pytest.fixture
def bob(ada: Person) -> Person:
    """Somebody of Ada's tenant."""
    return person(ada.issuer, ada.tenant_id).holding(SCOPE)


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody of another tenant."""
    return person(ada.issuer, ids.new("tenant")).holding(SCOPE)
