"""Somebody with an account accepts an invitation: they are signed in to it, and have proved what it takes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.identity.accounts import accounts
from functions.identity.tenancy import joining
from functions.identity.tenancy.invitations import InvitationNotValid
from functions.identity.tenancy.joining import AlreadyMember
from shared import clock
from shared.callers import auth
from tests.identity.accounts.joiners import JOIN, accepts, invitation, joins, logs_in, switched, switches
from tests.identity.api_keys.key_holders import service_of
from tests.identity.codes.challenged import stepped_up
from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn, refresh, registered
from tests.identity.second_factor.authenticators import OTP, enrolled
from tests.identity.tenancy.invited import accept


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def grace() -> SignedIn:
    """Somebody with an account and a tenant of their own."""
    return registered("grace").signs_in()


def members(owner: SignedIn) -> dict[str, str]:
    return {each["user_id"]: each["role"] for each in owner.get("/api/v1/members").body["items"]}


def test_an_invitation_makes_the_account_a_user_of_its_own_there(owner: SignedIn, grace: SignedIn):
    answer = accepts(grace, invitation(owner, grace.person.email, "viewer"))

    assert answer.status == 201
    assert answer.body == {
        "tenant_id": owner.person.tenant_id,
        "tenant_name": "Ada L.",
        "user_id": answer.body["user_id"],
        "role": "viewer",
    }
    assert answer.body["user_id"] != grace.person.user_id
    assert members(owner) == {owner.person.user_id: "owner", answer.body["user_id"]: "viewer"}
    assert members(grace) == {grace.person.user_id: "owner"}


def test_the_new_user_has_the_name_and_the_address_of_the_account_and_can_be_called_otherwise(
    owner: SignedIn, grace: SignedIn
):
    there = switched(grace, joins(grace, owner))
    first = there.enters().body
    there.patch("/api/v1/auth/me", {"display_name": "G."})

    assert (first["email"], first["display_name"]) == (grace.person.email, "Grace L.")
    assert (there.enters().body["display_name"], grace.enters().body["display_name"]) == ("G.", "Grace L.")


def test_an_invitation_is_good_once_and_a_repeated_request_answers_the_same(owner: SignedIn, grace: SignedIn):
    sent = {"invitation_token": invitation(owner, grace.person.email)}
    first, repeated = (grace.post(JOIN, sent, key="joining") for _ in range(2))
    again = grace.post(JOIN, sent)

    assert (first.status, repeated.status, repeated.body) == (201, 201, first.body)
    assert (again.status, again.code) == (422, "InvitationNotValid")


def test_an_invitation_to_another_address_joins_nobody(owner: SignedIn, grace: SignedIn):
    answer = accepts(grace, invitation(owner, "somebody-else@example.com"))

    assert (answer.status, answer.code) == (422, "InvitationNotValid")
    assert members(owner) == {owner.person.user_id: "owner"}


def test_nothing_is_joined_by_the_address_alone(owner: SignedIn, grace: SignedIn):
    token = invitation(owner, grace.person.email)
    answers = [accept(token), accept(token, password="not the password of that account")]

    assert {(answer.status, answer.code) for answer in answers} == {(409, "AccountExists")}
    assert members(owner) == {owner.person.user_id: "owner"}
    assert rest("POST", JOIN, {"invitation_token": token}).status == 401


def test_who_is_a_member_already_is_told_so_and_the_invitation_stays(owner: SignedIn, grace: SignedIn):
    joins(grace, owner)
    answer = accepts(grace, invitation(owner, grace.person.email))

    assert (answer.status, answer.code) == (409, "AlreadyMember")
    assert len(owner.get("/api/v1/invitations").body["items"]) == 1


def test_an_invitation_of_somebody_who_may_not_invite_any_more_is_not_good(owner: SignedIn, grace: SignedIn):
    bob = owner.person.invites("bob", "admin")
    token = invitation(bob.signs_in(), grace.person.email)
    owner.patch(bob.path, {"role": "member"})

    assert accepts(grace, token).code == "InvitationNotValid"


def test_an_account_with_a_second_factor_joins_with_it_and_has_it_there_too(noon, owner: SignedIn, grace: SignedIn):
    token = invitation(owner, grace.person.email)
    authenticator = enrolled(grace)
    auth.forget_callers()
    refreshed = SignedIn(grace.person, refresh(grace.refresh_token).body["access_token"], "")

    answer = accepts(refreshed, token)
    assert (answer.status, answer.code) == (401, "STEP_UP_REQUIRED")
    noon.shift(30)
    proved = authenticator.signs_in()
    assert accepts(proved, token).status == 201
    there = switched(proved, Person("", owner.person.tenant_id, grace.person.email, grace.person.password))
    assert there.get(OTP).body["enrolled"] is True
    noon.shift(30)
    assert set(logs_in(grace.person).body) == {"mfa_required", "mfa_token"}
    assert authenticator.signs_in().enters().body["tenant_id"] == owner.person.tenant_id


def test_a_tenant_that_demands_a_second_factor_is_joined_with_one(owner: SignedIn, grace: SignedIn):
    token = invitation(owner, grace.person.email)
    stepped_up(owner).patch("/api/v1/tenant", {"require_second_factor": True})

    assert accepts(grace, token).code == "STEP_UP_REQUIRED"
    assert accepts(stepped_up(grace), token).status == 201


def test_a_token_of_somebody_disabled_within_the_last_minute_joins_and_switches_nothing(
    owner: SignedIn, grace: SignedIn
):
    home, token = grace.person.tenant_id, invitation(registered("carol").signs_in(), grace.person.email)
    there = switched(grace, joins(grace, owner))
    there.enters()
    assert owner.patch(there.person.path, {"disabled": True}).status == 200

    # The token is still known for up to a minute; the table knows better.
    answers = [accepts(there, token), switches(there, home)]
    assert [(answer.status, answer.code) for answer in answers] == [(404, "UserNotFound")] * 2
    assert accepts(grace, token).status == 201


def test_an_api_key_joins_nothing(owner: SignedIn, grace: SignedIn, pepper: str):
    service = service_of(grace, scopes=["identity:write"])
    answer = service.calls("POST", JOIN, {"invitation_token": invitation(owner, grace.person.email)})

    assert (answer.status, answer.code) == (403, "SignInRequired")


def test_whoever_was_removed_and_is_invited_by_an_owner_is_the_same_user_again(owner: SignedIn, grace: SignedIn):
    there = joins(grace, owner)
    before = switched(grace, there)
    owner.delete(there.path)

    assert joins(grace, owner).user_id == there.user_id
    auth.forget_callers()
    assert (before.enters().status, refresh(before.refresh_token).status) == (401, 401)
    assert switched(grace, there).enters().status == 200
    assert owner.get("/api/v1/members/removed").body["items"] == []


def test_the_user_that_an_account_was_made_with_comes_back_as_well(owner: SignedIn, grace: SignedIn):
    bob = grace.person.invites("bob", "owner").signs_in()
    there = switched(grace, joins(grace, owner))
    assert bob.delete(grace.person.path).status == 204
    assert logs_in(grace.person).body["user_id"] == there.person.user_id

    assert joins(there, bob).user_id == grace.person.user_id
    assert switched(there, grace.person).enters().body["user_id"] == grace.person.user_id


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_16_who_accept_one_invitation_at_once_exactly_one_joins(owner: SignedIn, grace: SignedIn):
    token = invitation(owner, grace.person.email)
    caller = auth.from_token(grace.access_token)

    def attempt(_: int) -> str:
        try:
            return str(joining.join(caller, token, now=clock.now())["user_id"])
        except (InvitationNotValid, AlreadyMember):
            return "refused"

    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(attempt, range(16)))

    winners = [outcome for outcome in outcomes if outcome != "refused"]
    assert len(winners) == 1
    assert members(owner) == {owner.person.user_id: "owner", winners[0]: "member"}
    assert switches(grace, owner.person.tenant_id).body["user_id"] == winners[0]


def test_an_account_joins_20_tenants_and_no_more(owner: SignedIn, grace: SignedIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accounts, "MAX_MEMBERSHIPS", 2)
    joins(grace, owner)
    bob = registered("bob").signs_in()

    answer = accepts(grace, invitation(bob, grace.person.email))
    assert (answer.status, answer.code) == (409, "TooManyMemberships")
