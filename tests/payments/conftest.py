import pytest

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
