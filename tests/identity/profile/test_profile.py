"""One's own name and password."""

import pytest

from functions.identity.accounts import users
from shared.callers import auth
from shared.storage import table
from tests.aws.entries import Answer
from tests.identity.entries import appsync, rest
from tests.identity.people import PASSWORD, Person, SignedIn, refresh

ME = "/api/v1/auth/me"
NEW = "quite another sentence"


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def change_password(here: SignedIn, current: str = PASSWORD, password: str = NEW) -> Answer:
    return here.patch(ME, {"password": password, "current_password": current})


def test_a_name_can_be_changed(here: SignedIn):
    answer = here.patch(ME, {"display_name": "  Ada King "})

    assert (answer.status, answer.body["display_name"], answer.body["session"]) == (200, "Ada King", None)
    assert answer.headers["ETag"] == '"2"'
    assert here.enters().body["display_name"] == "Ada King"


def test_a_change_of_what_has_changed_meanwhile_is_refused(here: SignedIn):
    etag = here.enters().headers["ETag"]
    first = here.patch(ME, {"display_name": "Ada King"}, if_match=etag)
    second = here.patch(ME, {"display_name": "Ada Byron"}, if_match=etag)
    third = here.patch(ME, {"password": NEW, "current_password": PASSWORD}, if_match=etag)

    assert [answer.status for answer in (first, second, third)] == [200, 412, 412]


def test_the_same_name_changes_nothing(here: SignedIn):
    answer = here.patch(ME, {"display_name": "Ada L."})

    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')


def test_a_new_password_is_the_one_to_sign_in_with(here: SignedIn):
    answer = change_password(here)

    credentials = {"email": here.person.email}
    assert answer.status == 200
    assert rest("POST", "/api/v1/auth/login", {**credentials, "password": NEW}).status == 200
    assert rest("POST", "/api/v1/auth/login", {**credentials, "password": PASSWORD}).code == "InvalidCredentials"


def test_a_new_password_ends_every_session_but_the_one_it_begins(here: SignedIn, noon):
    there = here.person.signs_in()
    entered = there.enters().status
    session = change_password(here).body["session"]
    fresh = SignedIn(here.person, session["access_token"], session["refresh_token"])
    entered_afresh = fresh.enters().status
    noon.shift(60)

    assert (entered, entered_afresh) == (200, 200)
    assert [each.enters().code for each in (here, there)] == ["TokenRevoked"] * 2
    assert appsync(there.access_token) == {"isAuthorized": False}
    assert [refresh(each.refresh_token).status for each in (here, there)] == [401, 401]
    assert fresh.enters().status == 200
    assert refresh(fresh.refresh_token).status == 200


def test_name_and_password_change_together(here: SignedIn):
    answer = here.patch(ME, {"display_name": "Ada King", "password": NEW, "current_password": PASSWORD})

    assert (answer.body["display_name"], answer.body["version"]) == ("Ada King", 2)


def test_a_password_is_not_changed_without_the_one_there_is(here: SignedIn):
    wrong = change_password(here, current="not the password at all")
    missing = here.patch(ME, {"password": NEW})

    assert (wrong.status, wrong.code, wrong.fields) == (422, "WrongPassword", ["current_password"])
    assert missing.status == 422
    assert refresh(here.refresh_token).status == 200


def test_a_stolen_token_does_not_let_anybody_guess_the_password(here: SignedIn):
    guesses = [change_password(here, current=f"guess number {number}").status for number in range(5)]
    right = change_password(here)

    assert guesses == [422] * 5
    assert (right.status, right.code, right.headers["Retry-After"]) == (429, "SignInLocked", "900")
    assert rest("POST", "/api/v1/auth/login", {"email": here.person.email, "password": PASSWORD}).status == 429


@pytest.mark.parametrize("password", ["elevenchars", "password1234", "x y" * 43])
def test_a_new_password_is_held_to_the_rules(here: SignedIn, password: str):
    answer = change_password(here, password=password)

    assert (answer.status, answer.fields) == (422, ["password"])


@pytest.mark.parametrize("field", ["email", "role", "roles", "tenant_id", "user_id", "epoch", "scopes", "disabled"])
def test_nobody_gives_themselves_more_than_a_name(here: SignedIn, field: str):
    answer = here.patch(ME, {"display_name": "Ada King", field: "owner"})

    assert (answer.status, answer.fields) == (422, [field])
    assert here.enters().body["display_name"] == "Ada L."


def test_a_password_change_is_announced_without_the_password(here: SignedIn):
    change_password(here)

    found = list(table.query_all(f"USER#{here.person.user_id}", "EVENT#user_"))
    assert found[-1]["event_type"] == "identity.user.password_changed"
    assert found[-1]["data"] == {"user_id": here.person.user_id}


def test_who_was_removed_meanwhile_has_no_profile(here: SignedIn):
    table.delete_many([users.key(here.person.user_id)])
    auth.forget()

    assert here.enters().code == "UserNotFound"
    assert change_password(here).code == "UserNotFound"
