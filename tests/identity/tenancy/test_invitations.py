"""Invitations: how somebody joins a tenant that is there, once, and as what they were invited."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from functions.identity.tenancy import registrations
from functions.identity.tenancy.invitations import InvitationNotValid
from functions.identity.tenancy.registrations import AccountExists
from shared import clock
from shared.storage import table
from tests.aws.entries import Answer
from tests.identity.people import PASSWORD, Person, SignedIn, registered
from tests.identity.tenancy.invited import INVITATIONS, accept

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


def invite(by: SignedIn, name: str = "grace", role: str = "member", *, key: str | None = None) -> Answer:
    return by.post(INVITATIONS, {"email": f"{name}@example.com", "role": role}, key=key)


def listed(by: SignedIn) -> list[str]:
    return [item["invitation_id"] for item in by.get(INVITATIONS).body["items"]]


def test_an_invitation_is_answered_with_a_token_for_seven_days(ada: Person):
    with time_machine.travel(NOON, tick=False):
        answer = invite(ada.signs_in())

    assert answer.status == 201
    assert len(answer.body["token"]) == 43
    assert {name: answer.body[name] for name in ("email", "role", "invited_by", "expires_at")} == {
        "email": "grace@example.com",
        "role": "member",
        "invited_by": ada.user_id,
        "expires_at": "2026-11-27T12:00:00.000Z",
    }


def test_the_token_is_shown_once(owner: SignedIn):
    token = invite(owner, key="one").body["token"]

    stored = str(list(table.query_all(f"TENANT#{owner.person.tenant_id}", "INVITATION#")))
    recorded = str(list(table.query_all(f"USER#{owner.person.user_id}", "IDEMPOTENCY#")))
    shown = str(owner.get(INVITATIONS).body)
    assert [token in text for text in (stored, recorded, shown)] == [False] * 3


def test_a_repeated_invitation_is_the_same_one_without_its_token(owner: SignedIn):
    first, second = invite(owner, key="one"), invite(owner, key="one")

    assert (first.status, second.status) == (201, 201)
    assert second.body == first.body | {"token": None}
    assert listed(owner) == [first.body["invitation_id"]]


def test_an_idempotency_key_is_good_for_one_invitation(owner: SignedIn):
    invite(owner, key="one")

    assert invite(owner, role="viewer", key="one").code == "IdempotencyKeyReused"


def test_who_accepts_joins_the_tenant_as_what_they_were_invited(owner: SignedIn):
    accepted = accept(invite(owner, role="viewer").body["token"])

    assert accepted.status == 201
    assert (accepted.body["tenant_id"], accepted.body["role"]) == (owner.person.tenant_id, "viewer")
    assert listed(owner) == []


def test_an_invitation_is_accepted_once(owner: SignedIn):
    token = invite(owner).body["token"]
    grace = registered("grace", invitation_token=token)
    owner.delete(grace.path)

    again = accept(token)

    assert (again.status, again.code) == (422, "InvitationNotValid")


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_who_accept_one_invitation_at_once_exactly_one_succeeds(owner: SignedIn):
    token = invite(owner).body["token"]

    def attempt(number: int) -> str:
        try:
            return registrations.accept_invitation(
                token=token,
                email="grace@example.com",
                password=PASSWORD,
                display_name=f"Grace {number}",
                now=clock.now(),
            )["user_id"]
        except (AccountExists, InvitationNotValid):
            return "refused"

    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(attempt, range(32)))

    winners = [outcome for outcome in outcomes if outcome != "refused"]
    members = {member["user_id"] for member in owner.get("/api/v1/members").body["items"]}
    assert len(winners) == 1
    assert members == {owner.person.user_id, *winners}


def test_an_invitation_is_for_one_address(owner: SignedIn):
    token = invite(owner).body["token"]

    assert accept(token, "mallory").code == "InvitationNotValid"
    assert accept(token).status == 201


def test_an_address_is_the_same_in_every_spelling(owner: SignedIn):
    token = owner.post(INVITATIONS, {"email": " GRACE@Example.com", "role": "member"}).body["token"]

    assert accept(token).status == 201


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "#" * 20, "é", "\ud800"])
def test_what_is_no_invitation_makes_no_user(owner: SignedIn, token: str):
    answer = accept(token)

    assert answer.status == 422
    assert accept(invite(owner).body["token"]).status == 201


def test_an_invitation_is_good_for_seven_days_and_not_longer(ada: Person):
    with time_machine.travel(NOON, tick=False) as time:
        owner = ada.signs_in()
        late, in_time = invite(owner, "grace").body["token"], invite(owner, "edith").body["token"]
        time.shift(timedelta(days=7, seconds=-1))
        within = accept(in_time, "edith")
        time.shift(timedelta(seconds=1))
        beyond = accept(late)
        shown = listed(owner.person.signs_in())

    assert within.status == 201
    assert beyond.code == "InvitationNotValid"
    assert shown == []


def test_a_withdrawn_invitation_is_not_valid(owner: SignedIn):
    invitation = invite(owner).body
    path = f"{INVITATIONS}/{invitation['invitation_id']}"
    withdrawn, again = owner.delete(path), owner.delete(path)

    assert (withdrawn.status, again.code) == (204, "InvitationNotFound")
    assert accept(invitation["token"]).code == "InvitationNotValid"


@pytest.mark.parametrize("invitation_id", ["x", "invite_1", "user_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "a%23b"])
def test_what_names_no_invitation_is_not_found(owner: SignedIn, invitation_id: str):
    assert owner.delete(f"{INVITATIONS}/{invitation_id}").code == "InvitationNotFound"


def test_another_tenant_neither_sees_nor_withdraws_an_invitation(owner: SignedIn):
    stranger = registered("mallory").signs_in()
    invitation_id = invite(owner).body["invitation_id"]

    assert listed(stranger) == []
    assert stranger.delete(f"{INVITATIONS}/{invitation_id}").code == "InvitationNotFound"
    assert listed(owner) == [invitation_id]


def test_invitations_are_listed_page_by_page(owner: SignedIn):
    made = [invite(owner, f"person{number}").body["invitation_id"] for number in range(3)]

    first = owner.get(INVITATIONS, "limit=2").body
    second = owner.get(INVITATIONS, f"limit=2&cursor={first['next_cursor']}").body

    assert [item["invitation_id"] for item in (*first["items"], *second["items"])] == made
    assert second["next_cursor"] is None


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_only_admins_and_owners_invite(owner: SignedIn, role: str):
    somebody = owner.person.invites("grace", role).signs_in()

    answers = [invite(somebody, "edith"), somebody.get(INVITATIONS), somebody.delete(f"{INVITATIONS}/x")]

    assert [(answer.status, answer.code) for answer in answers] == [(403, "InsufficientScope")] * 3


def test_an_admin_invites_everybody_but_owners(owner: SignedIn):
    admin = owner.person.invites("grace", "admin").signs_in()

    assert [invite(admin, "edith", role).status for role in ("viewer", "member", "admin")] == [201] * 3
    assert invite(admin, "edith", "owner").code == "BeyondYourRole"


def test_an_admin_does_not_withdraw_the_invitation_of_an_owner(owner: SignedIn):
    admin = owner.person.invites("grace", "admin").signs_in()
    invitation_id = invite(owner, "edith", "owner").body["invitation_id"]

    assert admin.delete(f"{INVITATIONS}/{invitation_id}").code == "BeyondYourRole"


def test_an_invitation_is_no_better_than_who_gave_it(owner: SignedIn):
    grace = owner.person.invites("grace", "admin")
    admin = grace.signs_in()
    as_admin, as_member = invite(admin, "edith", "admin").body["token"], invite(admin, "joan", "member").body["token"]
    owner.patch(grace.path, {"role": "member"})

    assert accept(as_admin, "edith").code == "InvitationNotValid"
    assert accept(as_member, "joan").code == "InvitationNotValid"


def test_who_was_just_demoted_invites_nobody_with_the_token_they_still_hold(owner: SignedIn):
    grace = owner.person.invites("grace", "admin")
    admin = grace.signs_in()
    entered = admin.enters().status
    owner.patch(grace.path, {"role": "viewer"})

    assert entered == 200
    assert invite(admin, "edith", "viewer").code == "BeyondYourRole"


def test_it_is_not_said_whether_an_address_is_registered(owner: SignedIn):
    registered("grace")

    assert invite(owner, "grace").status == 201


def test_an_invitation_and_a_tenant_name_do_not_go_together(owner: SignedIn):
    assert accept(invite(owner).body["token"], tenant_name="Engines").status == 422


@pytest.mark.parametrize("field", ["tenant_id", "epoch", "token", "expires_at", "invited_by"])
def test_nothing_but_address_and_role_is_taken(owner: SignedIn, field: str):
    answer = owner.post(INVITATIONS, {"email": "grace@example.com", "role": "member", field: "x"})

    assert (answer.status, answer.fields) == (422, [field])


@pytest.mark.parametrize("role", ["root", "OWNER", "", None, ["admin"]])
def test_what_is_no_role_is_refused(owner: SignedIn, role: object):
    answer = owner.post(INVITATIONS, {"email": "grace@example.com", "role": role})

    assert (answer.status, answer.fields) == (422, ["role"])


def test_what_happens_to_invitations_is_announced_without_naming_the_person(owner: SignedIn):
    accept(invite(owner).body["token"])
    withdrawn = invite(owner, "edith").body["invitation_id"]
    owner.delete(f"{INVITATIONS}/{withdrawn}")

    found = list(table.query_all(f"TENANT#{owner.person.tenant_id}", "EVENT#invite_"))
    assert [event["event_type"] for event in found] == [
        "identity.invitation.created",
        "identity.invitation.accepted",
        "identity.invitation.created",
        "identity.invitation.withdrawn",
    ]
    assert "example.com" not in str(found)
