"""API keys of services, over the API: made, used, rotated, switched off, revoked. Who may: test_rules.py."""

from datetime import timedelta

import pytest

from shared.callers import auth
from shared.storage import table
from tests.identity.api_keys.key_holders import KEYS, given, service_of
from tests.identity.entries import appsync, rest
from tests.identity.people import Person, SignedIn

ANYBODY = {"service_name": "nightly-report", "scopes": ["goals:read"]}


@pytest.fixture(autouse=True)
def _pepper(pepper: str) -> None:
    """Let every test make keys."""


@pytest.fixture
def owner(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_a_key_is_shown_once_and_never_again(owner: SignedIn):
    answer = owner.post(KEYS, ANYBODY)

    shown = owner.get(f"{KEYS}/nightly-report").body
    assert answer.status == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.body["key"].startswith(f"mlp_local_{answer.body['key_id']}_")
    assert shown["keys"] == [
        {
            "key_id": answer.body["key_id"],
            "last_four": answer.body["key"][-4:],
            "created_at": "2026-11-20T12:00:00.000Z",
            "valid_until": None,
            "last_used_on": None,
        }
    ]
    assert answer.body["key"] not in str(shown)


def test_a_key_is_nowhere_in_the_table(owner: SignedIn):
    service = service_of(owner)
    secret = service.key.split("_")[3]

    stored = [
        *table.query_all(f"APIKEY#{service.key_id}", "A"),
        *table.query_all(f"TENANT#{owner.person.tenant_id}", "S"),
        *table.query_all(f"TENANT#{owner.person.tenant_id}", "E"),
    ]
    assert {item["entity"] for item in stored} == {"ApiKey", "Service", "Event"}
    assert secret[:43] not in str(stored)


def test_a_repeated_request_answers_the_same_service_without_the_key(owner: SignedIn):
    first = owner.post(KEYS, ANYBODY, key="once")
    again = owner.post(KEYS, ANYBODY, key="once")

    assert (again.status, again.body) == (201, first.body | {"key": None})
    assert owner.post(KEYS, ANYBODY | {"scopes": ["goals:write"]}, key="once").code == "IdempotencyKeyReused"


def test_a_name_is_taken_as_long_as_it_has_keys(owner: SignedIn):
    owner.post(KEYS, ANYBODY)
    again = owner.post(KEYS, ANYBODY)

    assert (again.status, again.code) == (409, "ServiceNameTaken")


def test_a_service_calls_as_a_user_of_its_own_in_the_tenant(owner: SignedIn):
    service = service_of(owner)

    caller = auth.from_headers({"X-API-Key": service.key})
    assert caller == auth.Caller(
        user_id=service.user_id,
        tenant_id=owner.person.tenant_id,
        roles=(),
        scopes=frozenset({"identity:admin"}),
        key_id=service.key_id,
        amr=(),
        auth_time=None,
    )
    assert service.user_id != owner.person.user_id


def test_a_key_opens_appsync_as_it_opens_rest(owner: SignedIn):
    service = service_of(owner)

    as_header, as_authorization = appsync("", headers={"x-api-key": service.key}), appsync(service.key)
    assert as_header == as_authorization
    assert as_header["isAuthorized"] is True
    assert as_header["ttlOverride"] == 59
    assert auth.from_resolver_context(as_header["resolverContext"]) == auth.from_headers({"x-api-key": service.key})


def test_a_key_beside_a_token_is_refused_on_both_fronts(owner: SignedIn):
    service = service_of(owner)
    answer = owner.calls("GET", KEYS, headers={"x-api-key": service.key})

    assert (answer.status, answer.code) == (400, "AmbiguousCredential")
    assert appsync(owner.access_token, headers={"X-Api-Key": service.key}) == {"isAuthorized": False}
    assert appsync(service.key, headers={"x-api-key": service.key}) == {"isAuthorized": False}


def test_a_key_is_no_bearer_token_and_means_nothing_in_the_query_string(owner: SignedIn):
    service = service_of(owner)

    as_token = rest("GET", KEYS, headers={"authorization": f"Bearer {service.key}"})
    in_query = rest("GET", KEYS, query=f"api_key={service.key}&x-api-key={service.key}")
    assert (as_token.status, as_token.code) == (401, "InvalidToken")
    assert (in_query.status, in_query.code) == (401, "MissingCredential")


def test_a_key_without_the_scope_is_told_which_one_it_lacks(owner: SignedIn):
    answer = service_of(owner, scopes=["goals:read"]).calls("GET", KEYS)

    assert (answer.status, answer.code) == (403, "InsufficientScope")
    assert 'scope="identity:admin"' in answer.headers["WWW-Authenticate"]


def test_rotating_leaves_both_keys_good_for_a_day(owner: SignedIn, noon):
    old = service_of(owner)
    new = given(owner.post(f"{old.path}/rotate"))

    assert (old.enters().status, new.enters().status) == (200, 200)
    assert new.user_id == old.user_id
    noon.shift(timedelta(hours=24))
    assert (old.enters().code, new.enters().status) == ("ApiKeyExpired", 200)
    assert [key["key_id"] for key in new.calls("GET", old.path).body["keys"]] == [new.key_id]


def test_rotating_without_grace_ends_every_earlier_key_within_a_minute(owner: SignedIn, noon):
    first = service_of(owner)
    second = given(owner.post(f"{first.path}/rotate", {"grace_seconds": 3600}))
    assert (first.enters().status, second.enters().status) == (200, 200)
    third = given(owner.post(f"{first.path}/rotate", {"grace_seconds": 0}))
    noon.shift(60)

    assert [key.enters().status for key in (first, second, third)] == [401, 401, 200]


def test_a_longer_grace_does_not_lengthen_the_life_of_an_earlier_key(owner: SignedIn, noon):
    first = service_of(owner)
    owner.post(f"{first.path}/rotate", {"grace_seconds": 60})
    owner.post(f"{first.path}/rotate", {"grace_seconds": 3600})
    noon.shift(61)

    assert first.enters().code == "ApiKeyExpired"


def test_a_repeated_rotation_makes_no_second_key(owner: SignedIn):
    service = service_of(owner)
    first = owner.post(f"{service.path}/rotate", {}, key="once")
    again = owner.post(f"{service.path}/rotate", {}, key="once")

    assert again.body == first.body | {"key": None}
    assert len(owner.get(service.path).body["keys"]) == 2


def test_a_service_has_five_good_keys_at_most(owner: SignedIn):
    service = service_of(owner)
    statuses = [owner.post(f"{service.path}/rotate").status for _ in range(5)]

    assert statuses == [201, 201, 201, 201, 409]
    assert owner.post(f"{service.path}/rotate", {"grace_seconds": 0}).status == 201


def test_revoking_is_seen_within_a_minute_with_the_caches_on(owner: SignedIn, noon):
    service = service_of(owner)
    assert service.enters().status == 200
    answer = owner.delete(service.path)
    noon.shift(60)

    refused = service.enters()
    assert answer.status == 204
    assert (refused.status, refused.code) == (401, "ApiKeyRevoked")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert appsync(service.key) == {"isAuthorized": False}


def test_revoking_reaches_every_key_of_the_service(owner: SignedIn):
    old = service_of(owner)
    new = given(owner.post(f"{old.path}/rotate"))
    owner.delete(old.path)

    assert (old.enters().code, new.enters().code) == ("ApiKeyRevoked", "ApiKeyRevoked")
    assert owner.get(old.path).code == "ServiceNotFound"
    assert owner.delete(old.path).code == "ServiceNotFound"


def test_a_name_is_free_after_revocation_and_acts_as_the_same_user_again(owner: SignedIn):
    before = service_of(owner)
    owner.delete(before.path)
    after = service_of(owner)

    assert (before.enters().code, after.enters().status) == ("ApiKeyRevoked", 200)
    assert after.user_id == before.user_id


def test_a_service_may_revoke_itself(owner: SignedIn):
    service = service_of(owner)

    assert service.calls("DELETE", service.path).status == 204
    assert owner.get(service.path).code == "ServiceNotFound"


def test_a_disabled_service_is_refused_until_it_is_enabled(owner: SignedIn, noon):
    service = service_of(owner)
    disabled = owner.patch(service.path, {"disabled": True})
    assert service.enters().code == "ApiKeyDisabled"
    owner.patch(service.path, {"disabled": False})
    noon.shift(60)

    assert (disabled.status, disabled.body["disabled"], disabled.body["version"]) == (200, True, 2)
    assert service.enters().status == 200


def test_a_change_of_what_has_changed_is_refused(owner: SignedIn):
    service = service_of(owner)
    owner.patch(service.path, {"disabled": True}, if_match='"1"')
    stale = owner.patch(service.path, {"disabled": False}, if_match='"1"')

    assert (stale.status, stale.code) == (412, "VersionChanged")
    assert owner.patch(service.path, {"disabled": True}).body["version"] == 2


def test_a_key_expires_when_it_was_said_to(owner: SignedIn, noon):
    service = service_of(owner, expires_at="2026-11-21T12:00:00Z")
    assert service.enters().status == 200
    noon.shift(timedelta(days=1))
    admin = owner.person.signs_in()

    assert service.enters().code == "ApiKeyExpired"
    assert admin.post(f"{service.path}/rotate").code == "ServiceExpired"
    assert admin.get(service.path).body["keys"] == []


def test_the_last_day_of_use_is_shown(owner: SignedIn, noon):
    service = service_of(owner)
    service.enters()
    noon.shift(timedelta(days=1))
    service.enters()

    assert owner.person.signs_in().get(service.path).body["keys"][0]["last_used_on"] == "2026-11-21"


def test_services_are_listed_by_name_in_pages(owner: SignedIn):
    for name in ("cherry", "apple", "banana"):
        service_of(owner, name)
    first = owner.get(KEYS, "limit=2").body
    second = owner.get(KEYS, f"limit=2&cursor={first['next_cursor']}").body

    assert [each["service_name"] for each in first["items"]] == ["apple", "banana"]
    assert [each["service_name"] for each in second["items"]] == ["cherry"]
    assert second["next_cursor"] is None


def test_services_are_no_people_among_the_members(owner: SignedIn):
    service = service_of(owner)

    listed = owner.get("/api/v1/members").body["items"]
    assert [member["user_id"] for member in listed] == [owner.person.user_id]
    assert owner.delete(f"/api/v1/members/{service.user_id}").code == "MemberNotFound"


def test_everything_that_is_done_to_keys_is_an_event_without_the_key(owner: SignedIn):
    service = service_of(owner)
    rotated = given(owner.post(f"{service.path}/rotate"))
    owner.patch(service.path, {"disabled": True})
    owner.patch(service.path, {"disabled": False})
    owner.delete(service.path)

    events = list(table.query_all(f"TENANT#{owner.person.tenant_id}", f"EVENT#{service.user_id}#"))
    assert {event["event_type"] for event in events} == {
        f"identity.key.{what}" for what in ("created", "rotated", "disabled", "enabled", "revoked")
    }
    assert len(events) == 5
    assert not any(each.key.rsplit("_", 1)[1] in str(events) for each in (service, rotated))
