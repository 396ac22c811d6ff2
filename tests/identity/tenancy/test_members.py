"""Members of a tenant: who they are, and who may change whom."""

import pytest

from shared import ids
from shared.callers import auth
from tests.identity.api_keys.key_holders import service_of
from tests.identity.entries import appsync, rest
from tests.identity.people import PASSWORD, Person, SignedIn, refresh, registered
from tests.identity.tenancy.membership import MEMBERS, announced, roles


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def grace(ada: Person) -> Person:
    return ada.invites("grace", "member")


def test_members_are_listed_page_by_page_with_who_they_are(owner: SignedIn, grace: Person):
    first = owner.get(MEMBERS, "limit=1").body
    second = owner.get(MEMBERS, f"limit=1&cursor={first['next_cursor']}").body

    shown = first["items"] + second["items"]
    assert [(member["user_id"], member["email"], member["role"], member["disabled"]) for member in shown] == [
        (owner.person.user_id, "ada@example.com", "owner", False),
        (grace.user_id, "grace@example.com", "member", False),
    ]
    assert second["next_cursor"] is None


@pytest.mark.usefixtures("pepper")
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_services_take_no_place_on_a_page_of_members(owner: SignedIn, limit: int):
    expected = [owner.person.user_id]
    for name in ("bob", "carl", "dora"):
        service_of(owner, f"before-{name}")
        service_of(owner, f"just-before-{name}")
        expected.append(owner.person.invites(name, "viewer").user_id)
    service_of(owner, "last")
    pages, cursor = [], ""
    while cursor is not None:
        page = owner.get(MEMBERS, f"limit={limit}{cursor}").body
        pages.append([member["user_id"] for member in page["items"]])
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"

    assert [len(page) for page in pages] == [limit] * (4 // limit) + ([4 % limit] if 4 % limit else [])
    assert [user_id for page in pages for user_id in page] == expected


def test_another_tenant_is_out_of_reach(owner: SignedIn, grace: Person):
    stranger = registered("mallory").signs_in()

    answers = [
        stranger.patch(grace.path, {"role": "viewer"}),
        stranger.patch(grace.path, {"disabled": True}),
        stranger.delete(grace.path),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(404, "MemberNotFound")] * 3
    assert grace.user_id not in roles(stranger)


@pytest.mark.parametrize("user_id", ["x", "user_1", "a%23b", "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"])
def test_what_names_no_member_is_not_found(owner: SignedIn, user_id: str):
    assert owner.patch(f"{MEMBERS}/{user_id}", {"role": "viewer"}).code == "MemberNotFound"
    assert owner.delete(f"{MEMBERS}/{user_id}").code == "MemberNotFound"


def test_a_role_is_changed_and_announced(owner: SignedIn, grace: Person):
    answer = owner.patch(grace.path, {"role": "viewer"})

    assert (answer.status, answer.body["role"], answer.headers["ETag"]) == (200, "viewer", '"2"')
    assert announced(grace) == [
        (
            "identity.member.role_changed",
            {"user_id": grace.user_id, "by": owner.person.user_id, "role": "viewer", "earlier_role": "member"},
        )
    ]


def test_a_new_role_revokes_tokens_within_a_minute_and_the_session_refreshes_to_it(
    noon, owner: SignedIn, grace: Person
):
    somebody = grace.signs_in()
    entered = somebody.enters().status, appsync(somebody.access_token)["isAuthorized"]
    owner.patch(grace.path, {"role": "viewer"})
    noon.shift(60)

    caller = auth.from_token(refresh(somebody.refresh_token).body["access_token"])
    assert entered == (200, True)
    assert somebody.enters().code == "TokenRevoked"
    assert appsync(somebody.access_token) == {"isAuthorized": False}
    assert caller.roles == ("viewer",)
    assert "goals:write" not in caller.scopes


def test_the_same_role_changes_nothing(noon, owner: SignedIn, grace: Person):
    somebody = grace.signs_in()

    answer = owner.patch(grace.path, {"role": "member", "disabled": False})

    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')
    assert somebody.enters().status == 200
    assert announced(grace) == []


def test_who_is_disabled_is_out_within_a_minute_and_does_not_come_in_again(noon, owner: SignedIn, grace: Person):
    somebody = grace.signs_in()
    entered = somebody.enters().status
    owner.patch(grace.path, {"disabled": True})
    refreshed = refresh(somebody.refresh_token)
    noon.shift(60)

    login = rest("POST", "/api/v1/auth/login", {"email": grace.email, "password": PASSWORD})
    wrong = rest("POST", "/api/v1/auth/login", {"email": grace.email, "password": "not the password"})
    assert entered == 200
    assert refreshed.code == "InvalidRefreshToken"
    assert somebody.enters().code == "TokenRevoked"
    assert (login.status, login.code) == (403, "UserDisabled")
    assert wrong.code == "InvalidCredentials"


def test_who_is_enabled_again_signs_in_again(owner: SignedIn, grace: Person):
    somebody = grace.signs_in()
    owner.patch(grace.path, {"disabled": True})
    owner.patch(grace.path, {"disabled": False})

    assert refresh(somebody.refresh_token).code == "InvalidRefreshToken"
    assert grace.signs_in().enters().status == 200
    assert [name for name, _ in announced(grace)] == ["identity.member.disabled", "identity.member.enabled"]


def test_who_is_removed_is_gone_within_a_minute_and_their_address_is_free(noon, owner: SignedIn, grace: Person):
    somebody = grace.signs_in()
    entered = somebody.enters().status
    removed = owner.delete(grace.path)
    refreshed = refresh(somebody.refresh_token)
    noon.shift(60)

    login = rest("POST", "/api/v1/auth/login", {"email": grace.email, "password": PASSWORD})
    assert (entered, removed.status) == (200, 204)
    assert refreshed.code == "InvalidRefreshToken"
    assert somebody.enters().code == "TokenRevoked"
    assert login.code == "InvalidCredentials"
    assert grace.user_id not in roles(owner)
    assert registered("grace").tenant_id != grace.tenant_id


def test_a_change_of_what_has_changed_meanwhile_is_refused(owner: SignedIn, grace: Person):
    owner.patch(grace.path, {"role": "viewer"}, if_match='"1"')

    assert owner.patch(grace.path, {"role": "admin"}, if_match='"1"').status == 412
    assert owner.delete(grace.path, if_match='"1"').status == 412
    assert owner.delete(grace.path, if_match='"2"').status == 204


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_only_admins_and_owners_see_and_change_members(owner: SignedIn, grace: Person, role: str):
    somebody = owner.person.invites("joan", role).signs_in()

    answers = [somebody.get(MEMBERS), somebody.patch(grace.path, {"role": "viewer"}), somebody.delete(grace.path)]

    assert [(answer.status, answer.code) for answer in answers] == [(403, "InsufficientScope")] * 3


@pytest.mark.parametrize("change", [{"role": "member"}, {"disabled": True}])
def test_an_admin_does_not_change_an_owner(owner: SignedIn, change: dict):
    admin = owner.person.invites("joan", "admin").signs_in()

    assert admin.patch(owner.person.path, change).code == "BeyondYourRole"
    assert admin.delete(owner.person.path).code == "BeyondYourRole"


def test_an_admin_makes_nobody_an_owner(owner: SignedIn, grace: Person):
    admin = owner.person.invites("joan", "admin").signs_in()

    assert admin.patch(grace.path, {"role": "owner"}).code == "BeyondYourRole"
    assert admin.patch(admin.person.path, {"role": "owner"}).code == "BeyondYourRole"
    assert admin.patch(grace.path, {"role": "admin"}).status == 200


def test_an_owner_makes_owners(owner: SignedIn, grace: Person):
    assert owner.patch(grace.path, {"role": "owner"}).status == 200
    assert grace.signs_in().patch(owner.person.path, {"role": "member"}).status == 200


def test_who_was_just_demoted_governs_nobody_with_the_token_they_still_hold(owner: SignedIn, grace: Person):
    joan = owner.person.invites("joan", "owner").signs_in()
    entered = joan.enters().status
    owner.patch(joan.person.path, {"role": "member"})

    answers = [
        joan.patch(joan.person.path, {"role": "owner"}),
        joan.patch(grace.path, {"role": "admin"}),
        joan.delete(grace.path),
    ]

    assert entered == 200
    assert [answer.code for answer in answers] == ["BeyondYourRole"] * 3


@pytest.mark.parametrize("field", ["tenant_id", "epoch", "user_id", "email", "password", "scopes", "version"])
def test_nothing_but_role_and_disabled_is_taken(owner: SignedIn, grace: Person, field: str):
    answer = owner.patch(grace.path, {"role": "viewer", field: "x"})

    assert (answer.status, answer.fields) == (422, [field])
    assert roles(owner)[grace.user_id] == "member"


@pytest.mark.parametrize(
    ("change", "field"), [({"role": "root"}, "role"), ({"disabled": "yes"}, "disabled"), ({"disabled": 1}, "disabled")]
)
def test_a_wrong_field_is_named(owner: SignedIn, grace: Person, change: dict, field: str):
    answer = owner.patch(grace.path, change)

    assert (answer.status, answer.fields) == (422, [field])


def test_a_user_without_a_membership_of_the_tenant_is_not_found(owner: SignedIn):
    assert owner.patch(f"{MEMBERS}/{ids.new('user')}", {"role": "viewer"}).code == "MemberNotFound"
