"""Sessions: refresh tokens that are good once, and what ends a session."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.callers import auth
from shared.storage import table
from tests.aws import hooks
from tests.identity.entries import appsync, rest
from tests.identity.people import Person, SignedIn, refresh

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOGOUT = "/api/v1/auth/logout"


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def event_types(person: Person) -> list[str]:
    return [event["event_type"] for event in table.query_all(f"USER#{person.user_id}", "EVENT#session_")]


def test_a_refresh_token_is_exchanged_for_new_tokens_of_the_same_session(here: SignedIn, noon):
    noon.shift(timedelta(minutes=14))
    answer = refresh(here.refresh_token)

    before, after = auth.from_token(here.access_token), auth.from_token(answer.body["access_token"])
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.body["refresh_token"] != here.refresh_token
    assert after == before
    assert after.auth_time == int(NOON.timestamp())


def test_the_next_refresh_token_is_good_in_its_turn(here: SignedIn):
    token = here.refresh_token
    for _ in range(5):
        token = refresh(token).body["refresh_token"]

    assert refresh(token).status == 200


def test_a_refresh_token_is_nowhere_in_the_table(here: SignedIn):
    session_id, secret = here.refresh_token.split(".")
    refresh(here.refresh_token)

    stored = str(
        [
            *table.query_all(f"SESSION#{session_id}", "S"),
            *table.query_all(f"USER#{here.person.user_id}", "EVENT#"),
        ]
    )
    assert len(secret) == 43
    assert secret not in stored


def test_what_begins_or_ends_a_session_is_announced(here: SignedIn, noon):
    refresh(here.refresh_token)
    noon.shift(60)
    refresh(here.refresh_token)

    assert sorted(event_types(here.person)) == [
        "identity.session.reuse_detected",
        "identity.session.started",
    ]


def test_a_refresh_writes_two_items_and_no_event_that_would_travel_to_be_dropped(here: SignedIn):
    written: list[list[str]] = []

    def note(params: dict[str, Any], **_: object) -> None:
        written.append([action["Put"]["Item"]["entity"]["S"] for action in params["TransactItems"]])

    hooks.register("provide-client-params.dynamodb.TransactWriteItems", note)
    answer = refresh(here.refresh_token)

    assert answer.status == 200
    assert written == [["Session", "SpentRefreshToken"]]


def test_a_spent_refresh_token_ends_the_session_for_everybody(here: SignedIn, noon):
    newest = refresh(here.refresh_token).body
    noon.shift(60)

    again = refresh(here.refresh_token)

    noon.shift(60)
    assert (again.status, again.code) == (401, "InvalidRefreshToken")
    assert refresh(newest["refresh_token"]).code == "InvalidRefreshToken"
    assert SignedIn(here.person, newest["access_token"], "").enters().code == "TokenRevoked"
    assert here.enters().code == "TokenRevoked"


def test_an_older_spent_refresh_token_ends_the_session_too(here: SignedIn):
    second = refresh(here.refresh_token).body["refresh_token"]
    third = refresh(second).body["refresh_token"]

    refresh(here.refresh_token)

    assert refresh(third).status == 401


def test_a_session_that_ends_leaves_other_sessions_alone(here: SignedIn, noon):
    there = here.person.signs_in()
    refresh(here.refresh_token)
    noon.shift(60)
    refresh(here.refresh_token)

    assert refresh(there.refresh_token).status == 200


def test_a_guessed_secret_does_not_end_a_session(here: SignedIn):
    session_id, _ = here.refresh_token.split(".")

    guessed = refresh(f"{session_id}.{'A' * 43}")

    assert guessed.code == "InvalidRefreshToken"
    assert refresh(here.refresh_token).status == 200


@pytest.mark.parametrize(
    "token", ["", "x", "session_1.AAAA", f"session_01KAFX3V5N8T2J6Q4W9Y7ZC0DE#.{'A' * 43}", "é" * 70, "\ud800"]
)
def test_what_is_no_refresh_token_costs_no_read(here: SignedIn, token: str):
    calls: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))

    answer = refresh(token)

    assert answer.status in {401, 422}
    assert calls == []


def test_an_access_token_does_not_refresh(here: SignedIn):
    assert refresh(here.access_token).status == 422
    assert refresh(here.access_token[:128]).code == "InvalidRefreshToken"


def test_a_refresh_token_is_no_access_token(here: SignedIn):
    assert SignedIn(here.person, here.refresh_token, "").enters().code == "InvalidToken"


@pytest.mark.parametrize("field", ["role", "tenant_id", "epoch", "scope", "grant_type"])
def test_nothing_but_the_token_is_taken(here: SignedIn, field: str):
    answer = rest("POST", "/api/v1/auth/refresh", {"refresh_token": here.refresh_token, field: "owner"})

    assert (answer.status, answer.fields) == (422, [field])


def test_a_session_ends_after_30_days_without_a_refresh(here: SignedIn, noon):
    noon.shift(timedelta(days=30, seconds=-1))
    within = refresh(here.refresh_token)
    noon.shift(timedelta(days=30))
    beyond = refresh(within.body["refresh_token"])

    assert (within.status, beyond.code) == (200, "InvalidRefreshToken")


def test_a_session_ends_90_days_after_the_sign_in_however_often_it_is_refreshed(here: SignedIn, noon):
    token = here.refresh_token
    for _ in range(4):
        noon.shift(timedelta(days=22))
        token = refresh(token).body["refresh_token"]
    noon.shift(timedelta(days=2))

    assert refresh(token).code == "InvalidRefreshToken"


def test_signing_out_ends_the_session_at_both_doors_within_a_minute(here: SignedIn, noon):
    earlier = here.enters().status, appsync(here.access_token)["isAuthorized"]
    answer = here.post(LOGOUT)
    noon.shift(60)

    assert earlier == (200, True)
    assert answer.status == 204
    assert refresh(here.refresh_token).code == "InvalidRefreshToken"
    assert here.enters().code == "TokenRevoked"
    assert appsync(here.access_token) == {"isAuthorized": False}


def test_signing_out_ends_the_tokens_that_were_refreshed_before(here: SignedIn):
    later = SignedIn(here.person, refresh(here.refresh_token).body["access_token"], "")

    later.post(LOGOUT)
    auth.forget()

    assert here.enters().code == "TokenRevoked"


def test_signing_out_leaves_other_sessions_alone(here: SignedIn, noon):
    there = here.person.signs_in()
    here.post(LOGOUT)
    noon.shift(60)

    assert there.enters().status == 200
    assert refresh(there.refresh_token).status == 200


def test_signing_out_twice_is_signing_out(here: SignedIn):
    answers = [here.post(LOGOUT).status for _ in range(2)]

    assert answers == [204, 204]
    assert event_types(here.person).count("identity.session.revoked") == 1


def test_signing_out_everywhere_ends_every_session_within_a_minute(here: SignedIn, noon):
    there = here.person.signs_in()
    entered = there.enters().status
    here.post("/api/v1/auth/logout-all")
    noon.shift(60)

    assert entered == 200
    assert [each.enters().code for each in (here, there)] == ["TokenRevoked"] * 2
    assert [refresh(each.refresh_token).code for each in (here, there)] == ["InvalidRefreshToken"] * 2


def test_after_signing_out_everywhere_one_can_sign_in_again(here: SignedIn):
    here.post("/api/v1/auth/logout-all")

    again = here.person.signs_in()

    assert again.enters().status == 200
    assert refresh(again.refresh_token).status == 200


@pytest.mark.parametrize("path", [LOGOUT, "/api/v1/auth/logout-all"])
def test_nobody_signs_out_without_a_token(path: str):
    assert rest("POST", path).code == "MissingCredential"
