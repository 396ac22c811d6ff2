"""What concerns an account concerns it in every tenant; what concerns a membership leaves the others alone."""

from collections.abc import Callable

import pytest

from functions.identity.accounts import accounts, users
from functions.identity.accounts.users import Membership
from shared.callers import auth
from shared.storage import table
from tests.identity.accounts.joiners import invitation, joins, logs_in, switched, switches
from tests.identity.audit.logs import audited, written
from tests.identity.codes.challenged import GENERATE, mailed_code, verify
from tests.identity.entries import rest
from tests.identity.people import PASSWORD, Person, SignedIn, refresh, registered
from tests.identity.profile.phones import PHONE, confirmed
from tests.identity.second_factor.authenticators import OTP, enrolled

__all__ = ["written"]

ME = "/api/v1/auth/me"
NEW = "a new sentence to keep"


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def bob(noon) -> SignedIn:
    return registered("bob").signs_in()


@pytest.fixture
def there(here: SignedIn, bob: SignedIn) -> SignedIn:
    """The same person, in Bob's tenant."""
    return switched(here, joins(here, bob))


def invited(by: SignedIn, name: str) -> SignedIn:
    """Return another owner of somebody's tenant."""
    return registered(name, invitation_token=invitation(by, f"{name}@example.com", "owner")).signs_in()


def is_over(session: SignedIn) -> bool:
    auth.forget_callers()
    return (session.enters().status, refresh(session.refresh_token).status) == (401, 401)


def change_password(session: SignedIn) -> None:
    answer = session.patch(ME, {"password": NEW, "current_password": PASSWORD})
    assert answer.status == 200, answer.body


def sign_out_everywhere(session: SignedIn) -> None:
    assert session.post("/api/v1/auth/logout-all").status == 204


@pytest.mark.parametrize("end", [change_password, sign_out_everywhere])
@pytest.mark.parametrize("from_there", [True, False])
def test_what_ends_all_sessions_ends_them_in_every_tenant(
    here: SignedIn, there: SignedIn, end: Callable[[SignedIn], None], *, from_there: bool
):
    end(there if from_there else here)

    assert (is_over(here), is_over(there)) == (True, True)


def test_the_password_is_that_of_the_account_wherever_it_is_changed(ada: Person, there: SignedIn):
    session = there.patch(ME, {"password": NEW, "current_password": PASSWORD, "display_name": "A."}).body

    assert (session["user_id"], session["display_name"]) == (there.person.user_id, "A.")
    assert (logs_in(ada).status, logs_in(ada, NEW).status) == (401, 200)
    assert rest("GET", ME, headers={"authorization": f"Bearer {session['session']['access_token']}"}).status == 200


def test_a_second_factor_is_one_in_every_tenant(noon, ada: Person, here: SignedIn, there: SignedIn):
    authenticator = enrolled(there)
    auth.forget_callers()

    assert (here.enters().status, there.enters().status) == (401, 401)
    again = SignedIn(ada, refresh(here.refresh_token).body["access_token"], "")
    assert again.get(OTP).body["enrolled"] is True
    noon.shift(30)
    proved = authenticator.signs_in()
    assert proved.enters().body["user_id"] == there.person.user_id
    assert proved.delete(OTP).status == 204
    assert "access_token" in logs_in(ada).body


def test_a_number_is_that_of_the_account(here: SignedIn, there: SignedIn):
    confirmed(there)

    assert here.enters().body["phone_number"] == there.enters().body["phone_number"] is not None
    assert here.delete(PHONE).status == 204
    assert there.enters().body["phone_number"] is None


def test_codes_are_counted_for_the_account_and_the_newest_is_good_in_every_tenant(here: SignedIn, there: SignedIn):
    asked = {"username": here.person.email}
    answers = [session.post(GENERATE, asked) for session in (here, there) * 3]

    assert [answer.status for answer in answers] == [202] * 5 + [429]
    assert verify(there, mailed_code()).status == 200


def test_failed_sign_ins_are_counted_for_the_account(ada: Person, here: SignedIn, there: SignedIn):
    for _ in range(5):
        logs_in(ada, "not the password")

    answer = there.patch(ME, {"password": NEW, "current_password": PASSWORD})
    assert (logs_in(ada).status, answer.code) == (429, "SignInLocked")


def test_each_tenant_hears_of_its_own_user(written: list, ada: Person, here: SignedIn, there: SignedIn):
    change_password(there)

    heard = {
        person.tenant_id: [
            each["data"]["user_id"]
            for each in audited(written, person)
            if each["event_type"] == "identity.user.password_changed"
        ]
        for person in (ada, there.person)
    }
    assert heard == {ada.tenant_id: [ada.user_id], there.person.tenant_id: [there.person.user_id]}


def test_the_tenant_that_was_used_last_hears_of_a_failed_sign_in(written: list, ada: Person, there: SignedIn):
    logs_in(ada, "not the password")

    def failures(person: Person) -> list[str]:
        return [e["data"]["user_id"] for e in audited(written, person) if e["event_type"] == "identity.sign_in.failed"]

    assert (failures(ada), failures(there.person)) == ([], [there.person.user_id])


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"disabled": True}])
def test_what_a_tenant_changes_of_a_member_is_changed_in_that_tenant(
    here: SignedIn, there: SignedIn, bob: SignedIn, change: dict[str, object]
):
    assert bob.patch(there.person.path, change).status == 200
    auth.forget_callers()

    assert (here.enters().status, there.enters().status) == (200, 401)
    assert refresh(here.refresh_token).status == 200


def test_the_account_outlives_the_membership_that_it_was_made_with(ada: Person, here: SignedIn, there: SignedIn):
    carol = invited(here, "carol")
    authenticator = enrolled(there)
    assert carol.delete(ada.path).status == 204

    assert is_over(here)
    assert [each["user_id"] for each in carol.get("/api/v1/members").body["items"]] == [carol.person.user_id]
    proved = authenticator.signs_in(recovery_code=authenticator.recovery_codes[0])
    assert proved.enters().body["user_id"] == there.person.user_id
    assert proved.get(OTP).body["enrolled"] is True


def test_an_account_ends_with_its_last_membership_and_its_address_is_free(
    ada: Person, here: SignedIn, there: SignedIn, bob: SignedIn
):
    carol = invited(here, "carol")
    enrolled(there)
    carol.delete(ada.path)
    assert bob.delete(there.person.path).status == 204

    assert logs_in(ada).code == "InvalidCredentials"
    for user_id in (ada.user_id, there.person.user_id):
        assert table.get(users.key(user_id), consistent=True) is None
    fresh = registered("ada").signs_in()
    assert fresh.person.user_id not in {ada.user_id, there.person.user_id}
    assert fresh.get(OTP).body["enrolled"] is False


def test_the_other_order_ends_it_too(ada: Person, here: SignedIn, there: SignedIn, bob: SignedIn):
    carol = invited(here, "carol")
    bob.delete(there.person.path)
    assert "access_token" in logs_in(ada).body
    carol.delete(ada.path)

    assert logs_in(ada).code == "InvalidCredentials"
    assert table.get(users.key(ada.user_id), consistent=True) is None


def test_an_account_of_before_is_read_as_one_membership_and_stored_as_it_was(ada: Person):
    item = table.get(users.key(ada.user_id), consistent=True)
    assert item is not None
    user = users.from_item(item)

    assert not {"account_id", "memberships"} & item.keys()
    assert user.places == (Membership(ada.user_id, ada.tenant_id),)
    assert accounts.of(user) is user
    assert users.to_item(user) == item


def test_an_invitation_leads_no_account_into_the_tenant_of_a_guest(here: SignedIn, ada: Person, bob: SignedIn):
    guest = switched(here, joins(here, bob, "guest"))

    assert guest.get("/api/v1/members").status == 403
    assert guest.post("/api/v1/invitations", {"email": "x@example.com", "role": "guest"}).status == 403
    assert switches(guest, ada.tenant_id).status == 200
    assert invitation(here, "x@example.com", "guest")
