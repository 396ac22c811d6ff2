"""One person in three tenants: with the token of one, they reach nothing in another, though they are a member there.

They own the first two, and are a guest in the third. The paths name what is theirs in the first.
"""

import pytest

from functions.identity.scopes import SCOPES, Role
from tests.identity.accounts.joiners import joins, switched
from tests.identity.people import SignedIn, registered
from tests.platform.held import stored, unchanged
from tests.platform.operations import OPERATIONS, Operation
from tests.platform.tenants import PLACES, Actor, Tenants

ROLES: tuple[Role, ...] = ("owner", "guest")
OWN = "/api/v1/auth/"
FOR_GUESTS = {
    "/api/v1/tenant",
    "/api/v1/search",
    "/api/v1/projects",
    "/api/v1/project-milestones",
    "/api/v1/escalations",
    "/api/v1/financing-requests",
    "/api/v1/probes",
    "/api/v1/invoice-schedules",
    "/api/v1/invoices",
    "/api/v1/payment-terms",
    "/api/v1/evidence/bulk-review",
    "/api/v1/delegations",
    "/api/v1/worklist",
    "/api/v1/out-of-office",
    "/api/v1/payments",
}
"""What a guest may ask for without naming something of their own; a bulk review answers each piece by itself."""
"""What is about the account of whoever calls: its address is the same in every tenant."""

NAMING = [each for each in OPERATIONS if each.names and not each.is_public]
OTHERS = [each for each in OPERATIONS if not each.names and not each.is_public and not each.path.startswith(OWN)]


@pytest.fixture
def owner(tenants: Tenants) -> SignedIn:
    return tenants.owner


@pytest.fixture(params=ROLES)
def elsewhere(request: pytest.FixtureRequest, tenants: Tenants) -> Actor:
    """The owner of the first tenant, with a token of another one that they are a member of."""
    role: Role = request.param
    mallory = registered("mallory").signs_in()
    there = switched(tenants.owner, joins(tenants.owner, mallory, role))
    headers = {"authorization": f"Bearer {there.access_token}"}
    return Actor(f"{role} elsewhere", SCOPES[role], headers, tenants.actors["owner"].places)


def own(tenants: Tenants) -> dict[tuple[str, str], object]:
    """Return what is stored of the first tenant, but for who its owner is: they belong to the others too."""
    return {key: item for key, item in stored().items() if any(text in "".join(key) for text in tenants.telling)}


@pytest.mark.parametrize("operation", NAMING, ids=str)
def test_what_is_theirs_in_one_tenant_is_not_there_in_another(operation: Operation, tenants: Tenants, elsewhere: Actor):
    before = stored()

    reply = elsewhere.calls(operation, operation.example)

    assert reply.status == (404 if operation.scope in elsewhere.scopes else 403), reply.body
    assert unchanged(before, stored())


@pytest.mark.parametrize("operation", OTHERS, ids=str)
def test_nothing_of_one_tenant_is_told_or_changed_in_another(operation: Operation, tenants: Tenants, elsewhere: Actor):
    before = own(tenants)
    mine = {tenants.owner.person.email}

    reply = elsewhere.calls(operation, operation.example)

    assert (reply.status == 403) == (operation.scope not in elsewhere.scopes)
    assert [text for text in tenants.telling if text in str(reply.body) and text not in mine] == []
    assert own(tenants) == before


@pytest.mark.parametrize("operation", NAMING + OTHERS, ids=str)
def test_a_guest_is_refused_everywhere_but_in_what_is_their_own(operation: Operation, tenants: Tenants):
    reply = tenants.actors["guest"].calls(operation, operation.example, places=PLACES)

    if operation.scope not in SCOPES["guest"]:
        assert (reply.status, reply.body["code"]) == (403, "InsufficientScope")
    else:
        assert operation.path in FOR_GUESTS or reply.status == 404
