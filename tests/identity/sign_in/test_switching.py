"""Signing in tells the tenants of an account, and switching leads to another one of them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared import clock
from shared.callers import auth
from tests.aws import hooks
from tests.identity.accounts.joiners import (
    MEMBERSHIPS,
    SWITCH,
    entered,
    joins,
    logs_in,
    switched,
    switches,
)
from tests.identity.api_keys.key_holders import service_of
from tests.identity.audit.logs import audited, written
from tests.identity.codes.challenged import stepped_up
from tests.identity.entries import bearer, rest
from tests.identity.people import Person, SignedIn, refresh, registered
from tests.identity.second_factor.authenticators import enrolled
from tests.identity.sign_in.claims import claims_of

__all__ = ["written"]


@pytest.fixture
def here(ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def bob() -> SignedIn:
    return registered("bob").signs_in()


@pytest.fixture
def asked() -> Iterator[list[int]]:
    """How many items each call of a request reads at once, or writes (negative)."""
    counts: list[int] = []

    def read(params: dict[str, Any], **_: Any) -> None:
        (table,) = json.loads(params["body"])["RequestItems"].values()
        counts.append(len(table["Keys"]))

    def written(params: dict[str, Any], **_: Any) -> None:
        counts.append(-len(json.loads(params["body"])["TransactItems"]))

    hooks.register("before-call.dynamodb.BatchGetItem", read)
    hooks.register("before-call.dynamodb.TransactWriteItems", written)
    yield counts
    hooks.unregister("before-call.dynamodb.BatchGetItem", read)
    hooks.unregister("before-call.dynamodb.TransactWriteItems", written)


def shown(person: Person, name: str, role: str) -> dict[str, str]:
    return {"tenant_id": person.tenant_id, "tenant_name": name, "user_id": person.user_id, "role": role}


def test_an_account_with_one_membership_is_told_of_that_one(ada: Person):
    answer = logs_in(ada)

    assert (answer.body["tenant_id"], answer.body["user_id"]) == (ada.tenant_id, ada.user_id)
    assert answer.body["memberships"] == [shown(ada, "Ada L.", "owner")]


def test_signing_in_tells_every_membership_and_is_for_the_first(here: SignedIn, ada: Person, bob: SignedIn):
    there = joins(here, bob, "viewer")

    answer = logs_in(ada)

    assert there.user_id != ada.user_id
    assert (answer.body["tenant_id"], answer.body["user_id"]) == (ada.tenant_id, ada.user_id)
    assert answer.body["memberships"] == [shown(ada, "Ada L.", "owner"), shown(there, "Bob L.", "viewer")]


def test_after_a_switch_signing_in_is_for_the_tenant_that_was_used_last(here: SignedIn, ada: Person, bob: SignedIn):
    there = joins(here, bob)
    switched(here, there)

    answer = logs_in(ada)

    assert (answer.body["tenant_id"], answer.body["user_id"]) == (there.tenant_id, there.user_id)
    assert [each["tenant_id"] for each in answer.body["memberships"]] == [there.tenant_id, ada.tenant_id]


def test_a_switch_gives_tokens_for_the_other_user_and_leaves_the_session_alone(here: SignedIn, bob: SignedIn):
    there = joins(here, bob, "viewer")
    other = switched(here, there)

    claims = claims_of(other.access_token)
    assert (claims["sub"], claims["tid"], claims["roles"]) == (there.user_id, there.tenant_id, ["viewer"])
    assert claims["sid"] != claims_of(here.access_token)["sid"]
    assert other.get("/api/v1/auth/me").body["user_id"] == there.user_id
    assert here.enters().status == 200
    assert claims_of(refresh(other.refresh_token).body["access_token"])["sub"] == there.user_id
    assert claims_of(refresh(here.refresh_token).body["access_token"])["sub"] == here.person.user_id


def test_a_switch_proves_nothing_anew_and_a_session_does_not_outlive_the_one_it_continues(
    noon, here: SignedIn, bob: SignedIn
):
    there = joins(here, bob)
    noon.shift(600)
    first = claims_of(here.access_token)["auth_time"]
    other = switched(here, there)

    assert (claims_of(other.access_token)["auth_time"], claims_of(other.access_token)["amr"]) == (first, ["pwd"])
    for _ in range(4):
        noon.shift(clock.DAY // clock.SECOND * 22)
        turned = refresh(other.refresh_token)
        assert turned.status == 200
        other = SignedIn(other.person, turned.body["access_token"], turned.body["refresh_token"])
    # 90 days after the sign-in, not after the switch, which was ten minutes later.
    noon.shift(clock.DAY // clock.SECOND * 2 - 300)
    assert refresh(other.refresh_token).status == 401


def test_the_memberships_are_listed_with_the_one_used_last_first(here: SignedIn, ada: Person, bob: SignedIn):
    there = joins(here, bob)
    other = switched(here, there)

    expected = [shown(there, "Bob L.", "member"), shown(ada, "Ada L.", "owner")]
    assert (here.get(MEMBERSHIPS).body, other.get(MEMBERSHIPS).body) == ({"items": expected}, {"items": expected})


def test_a_tenant_that_one_is_no_member_of_and_one_that_there_is_not_are_refused_alike(here: SignedIn, bob: SignedIn):
    answers = [switches(here, tenant_id) for tenant_id in (bob.person.tenant_id, "tenant_unknown", "")]

    assert {(answer.status, answer.code) for answer in answers} == {(404, "MembershipNotFound")}


def test_after_a_removal_the_switch_is_refused_and_the_others_go_on(here: SignedIn, ada: Person, bob: SignedIn):
    there = joins(here, bob)
    other = switched(here, there)
    assert bob.delete(there.path).status == 204
    auth.forget_callers()

    assert switches(here, there.tenant_id).code == "MembershipNotFound"
    assert (here.enters().status, other.enters().status, refresh(other.refresh_token).status) == (200, 401, 401)
    assert logs_in(ada).body["memberships"] == [shown(ada, "Ada L.", "owner")]


def test_while_one_tenant_has_disabled_an_account_the_others_are_open_to_it(here: SignedIn, ada: Person, bob: SignedIn):
    there = joins(here, bob)
    switched(here, there)
    bob.patch(there.path, {"disabled": True})

    answer = logs_in(ada)
    assert (answer.status, answer.body["tenant_id"]) == (200, ada.tenant_id)
    assert answer.body["memberships"] == [shown(ada, "Ada L.", "owner")]
    assert switches(entered(answer, ada), there.tenant_id).code == "MembershipNotFound"
    bob.patch(there.path, {"disabled": False})
    assert switches(entered(answer, ada), there.tenant_id).status == 200


def test_a_token_of_a_removed_member_opens_no_other_tenant(here: SignedIn, bob: SignedIn):
    there = joins(here, bob)
    other = switched(here, there)
    other.enters()
    bob.delete(there.path)

    # The token is still known for up to a minute; the table knows better.
    answer = switches(other, here.person.tenant_id)
    assert (answer.status, answer.code) == (404, "UserNotFound")


def test_a_token_whose_session_has_ended_within_the_last_minute_opens_no_other_tenant(here: SignedIn, bob: SignedIn):
    there = joins(here, bob)
    here.enters()
    rest("POST", "/api/v1/auth/logout", headers=bearer(here.access_token))

    answer = switches(here, there.tenant_id)
    assert (answer.status, answer.code) == (401, "TokenRevoked")


def test_a_token_of_before_everything_was_ended_opens_no_other_tenant(here: SignedIn, ada: Person, bob: SignedIn):
    there = joins(here, bob)
    second = ada.signs_in()
    here.enters()
    rest("POST", "/api/v1/auth/logout-all", headers=bearer(second.access_token))

    # The token is still known for up to a minute, and the item of its session is there; the epoch is another.
    answer = switches(here, there.tenant_id)
    assert (answer.status, answer.code) == (401, "TokenRevoked")


def test_a_token_that_outlives_its_session_opens_no_other_tenant(noon, here: SignedIn, bob: SignedIn):
    there = joins(here, bob)
    for _ in range(4):
        noon.shift(clock.DAY // clock.SECOND * 22)
        turned = refresh(here.refresh_token)
        here = SignedIn(here.person, turned.body["access_token"], turned.body["refresh_token"])
    noon.shift(clock.DAY // clock.SECOND * 2 - 300)
    turned = refresh(here.refresh_token)
    here = SignedIn(here.person, turned.body["access_token"], turned.body["refresh_token"])
    before = switches(here, there.tenant_id)
    noon.shift(300)
    after = switches(here, there.tenant_id)

    assert before.status == 200
    assert (after.status, after.code) == (401, "TokenRevoked")


def test_a_second_factor_that_the_other_tenant_demands_is_asked(here: SignedIn, bob: SignedIn):
    there = joins(here, bob)
    stepped_up(bob).patch("/api/v1/tenant", {"require_second_factor": True})

    answer = switches(here, there.tenant_id)
    assert (answer.status, answer.code) == (401, "STEP_UP_REQUIRED")
    assert "insufficient_user_authentication" in answer.headers["WWW-Authenticate"]
    other = switched(stepped_up(here), there)
    assert claims_of(other.access_token)["amr"] == ["pwd", "otp"]
    assert switched(other, here.person).enters().status == 200


def test_a_factor_that_was_enrolled_since_is_asked(noon, here: SignedIn, bob: SignedIn):
    there = joins(here, bob)
    authenticator = enrolled(here)
    auth.forget_callers()
    refreshed = SignedIn(here.person, refresh(here.refresh_token).body["access_token"], "")

    assert switches(refreshed, there.tenant_id).code == "STEP_UP_REQUIRED"
    noon.shift(30)
    assert switches(authenticator.signs_in(), there.tenant_id).status == 200


def test_a_session_of_one_who_joined_is_refreshed_and_verified_by_as_many_items(
    here: SignedIn, bob: SignedIn, asked: list[int]
):
    other = switched(here, joins(here, bob))

    def cost(session: SignedIn) -> list[int]:
        auth.forget_callers()
        asked.clear()
        renewed = refresh(session.refresh_token).body["access_token"]
        SignedIn(session.person, renewed, "").get("/api/v1/tenant")
        return asked.copy()

    alone = cost(bob)
    assert alone == [2, 4, -2, 2]
    assert (cost(here), cost(other)) == (alone, alone)


def test_an_api_key_cannot_switch(here: SignedIn, pepper: str):
    service = service_of(here, scopes=["identity:read", "identity:write"])

    for method, path, body in (("POST", SWITCH, {"tenant_id": here.person.tenant_id}), ("GET", MEMBERSHIPS, None)):
        answer = service.calls(method, path, body)
        assert (answer.status, answer.code) == (403, "SignInRequired")


def test_each_tenant_hears_of_the_sign_ins_into_it_and_of_no_other(
    noon, written: list, here: SignedIn, ada: Person, bob: SignedIn
):
    there = joins(here, bob)
    switched(here, there)

    own, other = audited(written, ada), audited(written, there)
    assert [each for each in own if there.user_id in str(each) or there.tenant_id in str(each)] == []
    assert [each for each in other if ada.user_id in str(each) or ada.tenant_id in str(each)] == []
    (came_in,) = [each for each in other if each["event_type"] == "identity.session.switched"]
    assert came_in["data"]["user_id"] == there.user_id
    assert came_in["data"]["amr"] == ["pwd"]
