import pytest

from shared.callers import auth
from shared.storage import table
from tests.search.people import Person


@pytest.fixture
def ada(ada: Person) -> Person:
    """A member of her tenant, with a collection."""
    place = auth.membership_key(ada.tenant_id, ada.user_id)
    table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Membership"}])
    ada.makes()
    return ada
