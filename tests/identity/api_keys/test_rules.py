"""Who may do what with API keys, and what is refused."""

from collections.abc import Callable

import pytest

from tests.identity.api_keys.key_holders import KEYS, Service, service_of
from tests.identity.people import Person, SignedIn, registered

ANYBODY = {"service_name": "nightly-report", "scopes": ["goals:read"]}


@pytest.fixture(autouse=True)
def _pepper(pepper: str) -> None:
    """Let every test make keys."""


@pytest.fixture
def owner(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_another_tenant_does_not_see_the_service(owner: SignedIn):
    service = service_of(owner)
    stranger = registered("eve").signs_in()

    assert stranger.get(KEYS).body["items"] == []
    for answer in (
        stranger.get(service.path),
        stranger.patch(service.path, {"disabled": True}),
        stranger.post(f"{service.path}/rotate"),
        stranger.delete(service.path),
    ):
        assert (answer.status, answer.code) == (404, "ServiceNotFound")
    assert service.enters().status == 200


@pytest.mark.parametrize(("role", "status"), [("admin", 201), ("member", 403), ("viewer", 403)])
def test_keys_are_for_admins(owner: SignedIn, role: str, status: int):
    answer = owner.person.invites("bob", role).signs_in().post(KEYS, ANYBODY)

    assert answer.status == status


@pytest.mark.parametrize(
    "attempt",
    [
        lambda service, _other: service.calls("POST", KEYS, ANYBODY),
        lambda service, other: service.calls("POST", f"{other.path}/rotate"),
        lambda service, other: service.calls("PATCH", other.path, {"disabled": True}),
    ],
)
def test_a_key_gives_no_scopes_that_it_lacks(owner: SignedIn, attempt: Callable[[Service, Service], object]):
    other = service_of(owner, "other", scopes=["goals:read"])
    answer = attempt(service_of(owner), other)

    assert (answer.status, answer.code) == (403, "BeyondYourScopes")


def test_who_was_demoted_makes_no_key_with_the_token_from_before(owner: SignedIn):
    bob = owner.person.invites("bob", "admin")
    token = bob.signs_in()
    token.get(KEYS)
    owner.patch(bob.path, {"role": "member"})

    assert token.post(KEYS, ANYBODY).code == "BeyondYourRole"


def test_a_key_governs_no_owners(owner: SignedIn):
    service = service_of(owner)

    invited = service.calls("POST", "/api/v1/invitations", {"email": "bob@example.com", "role": "member"})
    demoted = service.calls("PATCH", owner.person.path, {"role": "viewer"})
    assert invited.status == 201
    assert (demoted.status, demoted.code) == (403, "BeyondYourRole")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"service_name": "Nightly"}, "service_name"),
        ({"service_name": "a#b"}, "service_name"),
        ({"service_name": "a" * 64}, "service_name"),
        ({"service_name": "nightly\n"}, "service_name"),
        ({"service_name": ""}, "service_name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["goals:everything"]}, "scopes.0"),
        ({"scopes": "goals:read"}, "scopes"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": ""}, "expires_at"),
        ({"expires_at": "2026-11-20T12:00:00Z"}, "expires_at"),
        ({"role": "owner"}, "role"),
        ({"tenant_id": "tenant_1"}, "tenant_id"),
        ({"user_id": "user_1"}, "user_id"),
        ({"key": "mlp_local_x"}, "key"),
    ],
)
def test_a_wrong_field_is_named(owner: SignedIn, change: dict, field: str):
    answer = owner.post(KEYS, ANYBODY | change)

    assert (answer.status, answer.fields) == (422, [field])


@pytest.mark.parametrize("grace", [-1, 2_592_001, 1.5, "60", True, None])
def test_a_grace_is_whole_seconds_up_to_thirty_days(owner: SignedIn, grace: object):
    service = service_of(owner)
    answer = owner.post(f"{service.path}/rotate", {"grace_seconds": grace})

    assert (answer.status, answer.fields) == (422, ["grace_seconds"])


@pytest.mark.parametrize("name", ["unknown", "UPPER", "a%23b", "a#b", "x" * 100])
def test_what_is_no_service_is_not_found(owner: SignedIn, name: str):
    answer = owner.get(f"{KEYS}/{name}")

    assert (answer.status, answer.code) in {(404, "ServiceNotFound"), (404, "RouteNotFound")}


def test_a_service_learns_who_it_is(owner: SignedIn):
    service = service_of(owner, scopes=["goals:read", "identity:read"])
    answer = service.calls("GET", "/api/v1/auth/me")

    assert answer.status == 200
    assert answer.body == {
        "user_id": service.user_id,
        "tenant_id": owner.person.tenant_id,
        "service_name": "nightly-report",
        "key_id": service.key_id,
        "scopes": ["goals:read", "identity:read"],
    }


def test_a_service_without_the_scope_does_not(owner: SignedIn):
    assert service_of(owner, scopes=["goals:read"]).calls("GET", "/api/v1/auth/me").code == "InsufficientScope"
