"""Where an invitation leads, and what it tells whoever holds its token."""

import pytest

from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn, registered
from tests.identity.tenancy.invited import INVITATIONS, accept

GRACE = {"email": "grace@example.com", "role": "member"}


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


def test_an_invitation_is_sent_on_as_the_address_of_a_page_where_that_is_known(
    ada: Person, monkeypatch: pytest.MonkeyPatch
):
    owner = ada.signs_in()
    unknown = owner.post(INVITATIONS, GRACE).body["url"]
    monkeypatch.setenv("PAGE_URL", "https://api.milepost.example")
    given = owner.post(INVITATIONS, GRACE, key="a key").body
    repeated = owner.post(INVITATIONS, GRACE, key="a key").body

    assert unknown is None
    assert given["url"] == f"https://api.milepost.example/#/invitation/{given['token']}"
    assert repeated["url"] is None


def test_whoever_holds_the_token_sees_what_the_invitation_is_to(owner: SignedIn):
    given = owner.post(INVITATIONS, GRACE).body
    answer = rest("POST", "/api/v1/auth/invitation", {"invitation_token": given["token"]})

    assert answer.status == 200
    assert answer.body == {
        "tenant_name": "Ada L.",
        "email": GRACE["email"],
        "role": GRACE["role"],
        "expires_at": given["expires_at"],
    }


def test_what_is_no_invitation_any_more_shows_nothing(owner: SignedIn):
    given = owner.post(INVITATIONS, GRACE).body
    owner.delete(f"{INVITATIONS}/{given['invitation_id']}")
    answers = [
        rest("POST", "/api/v1/auth/invitation", {"invitation_token": token}) for token in (given["token"], "", "x")
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(422, "InvitationNotValid")] * 3


def test_who_has_an_account_is_told_what_to_do_about_it(owner: SignedIn):
    registered("grace")
    token = owner.post(INVITATIONS, GRACE).body["token"]
    answer = accept(token)

    assert (answer.status, answer.code) == (409, "AccountExists")
    assert "Sign in to it, then accept the invitation" in answer.body["detail"]
    assert rest("POST", "/api/v1/auth/invitation", {"invitation_token": token}).status == 200
