"""Removed members: how they are listed, and who they are when they are invited again."""

import pytest

from tests.identity.people import Person, SignedIn, refresh, registered
from tests.identity.second_factor.authenticators import enrolled
from tests.identity.tenancy.membership import announced


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def grace(ada: Person) -> Person:
    return ada.invites("grace", "member")


def test_who_was_removed_is_listed_with_nothing_but_their_name(owner: SignedIn, grace: Person):
    owner.delete(grace.path)
    listed = owner.get("/api/v1/members/removed").body

    (removed,) = listed["items"]
    assert {**removed, "removed_at": "then"} == {
        "user_id": grace.user_id,
        "display_name": "Grace L.",
        "role": "member",
        "removed_by": owner.person.user_id,
        "removed_at": "then",
    }
    assert grace.email not in str(listed)


def test_the_list_of_who_was_removed_goes_on(owner: SignedIn):
    gone = [owner.person.invites(name, "member") for name in ("hedy", "jean", "mary")]
    for person in gone:
        owner.delete(person.path)
    page = owner.get("/api/v1/members/removed", "limit=2").body
    rest_of = owner.get("/api/v1/members/removed", f"limit=2&cursor={page['next_cursor']}").body

    found = [each["user_id"] for each in (*page["items"], *rest_of["items"])]
    assert sorted(found) == sorted(person.user_id for person in gone)
    assert (len(page["items"]), rest_of["next_cursor"]) == (2, None)


def test_who_is_invited_again_is_the_same_user_with_a_new_account(noon, owner: SignedIn, grace: Person):
    before = grace.signs_in()
    owner.delete(grace.path)
    invitation = owner.post("/api/v1/invitations", {"email": grace.email, "role": "viewer"}).body
    again = registered("grace", invitation_token=invitation["token"])
    noon.shift(60)

    assert (again.user_id, again.tenant_id) == (grace.user_id, grace.tenant_id)
    assert again.signs_in().enters().body["roles"] == ["viewer"]
    assert before.enters().code == "TokenRevoked"
    assert refresh(before.refresh_token).code == "InvalidRefreshToken"
    assert owner.get("/api/v1/members/removed").body["items"] == []
    assert [name for name, _ in announced(grace)] == ["identity.member.removed", "identity.member.restored"]


def test_who_had_a_second_factor_comes_back_without_one(owner: SignedIn, grace: Person):
    enrolled(grace.signs_in())
    owner.delete(grace.path)
    invitation = owner.post("/api/v1/invitations", {"email": grace.email, "role": "member"}).body
    again = registered("grace", invitation_token=invitation["token"])

    assert again.signs_in().enters().status == 200


def test_who_is_removed_twice_comes_back_twice(owner: SignedIn, grace: Person):
    for _ in range(2):
        owner.delete(grace.path)
        invitation = owner.post("/api/v1/invitations", {"email": grace.email, "role": "member"}).body
        assert registered("grace", invitation_token=invitation["token"]).user_id == grace.user_id

    assert grace.signs_in().enters().status == 200


def test_somebody_else_who_is_invited_is_somebody_else(owner: SignedIn, grace: Person):
    owner.delete(grace.path)

    assert owner.person.invites("hedy", "member").user_id != grace.user_id


def test_who_was_removed_elsewhere_is_somebody_else_here(owner: SignedIn, grace: Person):
    elsewhere = registered("jean")
    owner.delete(grace.path)
    invitation = elsewhere.signs_in().post("/api/v1/invitations", {"email": grace.email, "role": "member"}).body
    there = registered("grace", invitation_token=invitation["token"])

    assert there.user_id != grace.user_id
    assert there.tenant_id == elsewhere.tenant_id


def test_who_is_invited_again_by_an_admin_is_somebody_new(noon, ada: Person, owner: SignedIn, grace: Person):
    admin = ada.invites("alan", "admin").signs_in()
    admin.delete(grace.path)
    # The admin is told the token, so whoever accepts need not be who reads the mailbox.
    invitation = admin.post("/api/v1/invitations", {"email": grace.email, "role": "viewer"}).body
    again = registered("grace", invitation_token=invitation["token"])

    assert again.user_id != grace.user_id
    assert again.tenant_id == grace.tenant_id
    assert [each["user_id"] for each in owner.get("/api/v1/members/removed").body["items"]] == [grace.user_id]
