"""One-time codes by e-mail, and the token they are exchanged for."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from functions.identity.accounts import emails
from shared.callers import auth
from shared.sending import mail
from shared.storage import table
from shared.storage.attributes import Key
from tests.aws import hooks
from tests.identity.codes.challenged import GENERATE, VERIFY, as_read, challenged, mailed_code, sent, verify
from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn
from tests.identity.second_factor.authenticators import enrolled
from tests.identity.sign_in.claims import claims_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_a_code_is_sent_to_the_caller(here: SignedIn):
    answer = here.post(GENERATE, {"username": " ADA@example.com "})

    (message,) = sent()
    assert (answer.status, set(answer.body)) == (202, {"challenge_id", "expires_at"})
    assert answer.body["expires_at"] == "2026-11-20T12:05:00.000Z"
    assert set(message.destinations) == {"ada@example.com"}
    assert (as_read()["From"], as_read()["To"]) == ("no-reply@milepost.example", "ada@example.com")
    assert mailed_code() not in as_read()["Subject"]


def test_what_bounces_comes_back_with_the_name_of_the_challenge(here: SignedIn):
    challenge_id = challenged(here)

    assert sent()[-1].source == f"no-reply+identity.{challenge_id}@milepost.example"


def test_the_code_is_neither_in_the_answer_nor_in_the_table_nor_in_the_log(here: SignedIn, caplog, capsys):
    answer = here.post(GENERATE, {"username": here.person.email})

    stored = table.get(Key(f"USER#{here.person.user_id}", "CHALLENGE"))
    written = json.dumps([answer.body, dict(answer.headers), stored, caplog.text, *capsys.readouterr()])
    assert mailed_code() not in re.findall(r"\d{6}", written)


@pytest.mark.parametrize("purpose", ["challenge_id", "username"])
def test_the_code_is_exchanged_for_a_token_of_five_minutes(here: SignedIn, purpose: str):
    challenge_id = challenged(here)
    named = {"challenge_id": challenge_id, "username": here.person.email}
    answer = verify(here, mailed_code(), **{purpose: named[purpose]})

    claims, before = claims_of(answer.body["access_token"]), claims_of(here.access_token)
    assert (answer.status, answer.body["token_type"], answer.body["expires_in"]) == (200, "Bearer", 300)
    assert (claims["amr"], claims["auth_time"]) == (["pwd", "otp"], int(NOON.timestamp()))
    assert claims["exp"] - claims["iat"] == 300
    assert [claims[name] for name in ("sub", "tid", "sid", "roles")] == [
        before[name] for name in ("sub", "tid", "sid", "roles")
    ]
    assert "refresh_token" not in answer.body


def test_the_token_dies_with_its_session(here: SignedIn):
    challenged(here)
    token = verify(here, mailed_code()).body["access_token"]
    stepped_up = SignedIn(here.person, token, here.refresh_token)
    entered = stepped_up.enters().status
    here.post("/api/v1/auth/logout")
    auth.forget()

    assert entered == 200
    assert stepped_up.enters().code == "TokenRevoked"


def test_a_code_is_good_once(here: SignedIn):
    challenged(here)
    first, second = verify(here, mailed_code()), verify(here, mailed_code())

    assert (first.status, second.status, second.code) == (200, 422, "WrongCode")


def test_a_code_is_good_for_five_minutes(here: SignedIn, noon):
    challenged(here)
    noon.shift(300)

    assert verify(here, mailed_code()).code == "WrongCode"


def test_a_code_is_good_for_its_challenge_only(here: SignedIn):
    first = challenged(here)
    code = mailed_code()
    second = challenged(here)

    assert verify(here, code, challenge_id=first).code == "WrongCode"
    assert verify(here, mailed_code(), challenge_id="otp_01KAFX7P3R5T8V0W2Y4Z6A9BCD").code == "WrongCode"
    assert verify(here, mailed_code(), challenge_id=second).status == 200


def test_a_code_is_good_for_nobody_else(noon, ada: Person):
    here = ada.signs_in()
    there = ada.invites("bob", "member").signs_in()
    challenge_id = challenged(here)

    assert verify(there, mailed_code(), challenge_id=challenge_id).code == "WrongCode"
    assert verify(there, mailed_code(), username=ada.email).code == "WrongCode"
    assert verify(here, mailed_code()).status == 200


def test_five_codes_are_sent_in_fifteen_minutes(here: SignedIn, noon):
    answers = [here.post(GENERATE, {"username": here.person.email}) for _ in range(6)]
    noon.shift(899)
    here = here.person.signs_in()
    early = here.post(GENERATE, {"username": here.person.email})
    noon.shift(1)
    later = here.post(GENERATE, {"username": here.person.email})

    assert [answer.status for answer in answers] == [202] * 5 + [429]
    assert (answers[5].code, answers[5].headers["Retry-After"]) == ("TooManyChallenges", "900")
    assert (early.headers["Retry-After"], later.status) == ("1", 202)
    assert len(sent()) == 6


@pytest.mark.parametrize("username", ["bob@example.com", "nobody@example.com", "not an address"])
def test_other_names_are_answered_alike_and_nothing_is_sent_or_read(noon, ada: Person, username: str):
    ada.invites("bob", "member")
    here = ada.signs_in()
    mine = here.post(GENERATE, {"username": ada.email})
    sent_to_me, calls = len(sent()), noted_keys()
    other = here.post(GENERATE, {"username": username})

    assert (other.status, set(other.body), other.headers) == (202, set(mine.body), mine.headers)
    assert other.body["expires_at"] == mine.body["expires_at"]
    assert len(sent()) == sent_to_me
    hers = (ada.user_id, emails.digest(ada.email))
    assert [key for key in calls if not any(each in key for each in hers) and "EMAIL#" in key] == []


def noted_keys() -> list[str]:
    """Return what is going to hold the bodies of all calls to the table."""
    bodies: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        bodies.append(str(params["body"]))

    hooks.register("before-call.dynamodb", note)
    return bodies


def test_who_has_an_authenticator_is_sent_nothing_and_proves_it_with_that(here: SignedIn, noon):
    authenticator = enrolled(here)
    noon.shift(60)
    here = authenticator.signs_in(recovery_code=authenticator.recovery_codes[0])
    challenge_id = challenged(here)
    answer = verify(here, authenticator.code(), challenge_id=challenge_id)

    assert sent() == []
    assert answer.status == 200
    assert verify(here, authenticator.code()).code == "WrongCode"


def test_a_code_that_was_sent_before_enrolling_is_no_second_factor(here: SignedIn, noon):
    challenged(here)
    code = mailed_code()
    authenticator = enrolled(here)
    noon.shift(60)
    there = authenticator.signs_in()

    assert verify(there, code).code == "WrongCode"


def test_a_stage_without_a_sender_says_so_whoever_is_named(here: SignedIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAIL_SENDER", "")
    answers = [here.post(GENERATE, {"username": name}) for name in (here.person.email, "nobody@example.com")]

    assert [(answer.status, answer.code) for answer in answers] == [(422, "NoMailSent")] * 2


def test_a_code_that_cannot_be_sent_is_not_our_callers_fault(here: SignedIn):
    mail.client().delete_identity(Identity="milepost.example")
    answer = here.post(GENERATE, {"username": here.person.email})

    assert (answer.status, answer.code) == (503, "Unavailable")


def test_a_code_that_was_surely_not_taken_is_attempted_twice(here: SignedIn):
    tried: list[str] = []

    def fail(**_: Any) -> None:
        tried.append("sent")
        raise EndpointConnectionError(endpoint_url="https://email")

    mail.client().meta.events.register("before-send.ses.SendRawEmail", fail)
    answer = here.post(GENERATE, {"username": here.person.email})

    assert (answer.status, answer.code) == (503, "Unavailable")
    assert (tried, sent()) == (["sent"] * 2, [])


def test_a_code_that_was_taken_without_an_answer_is_good(here: SignedIn):
    def lose(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://email")

    mail.client().meta.events.register("after-call.ses.SendRawEmail", lose)
    answer = here.post(GENERATE, {"username": here.person.email})

    assert (answer.status, answer.code) == (503, "Unavailable")
    assert len(sent()) == 2
    assert verify(here, mailed_code()).status == 200


def test_an_address_that_is_not_taken_is_sent_no_code(here: SignedIn):
    with Stubber(mail.client()) as service:
        service.add_client_error("send_raw_email", "InvalidParameterValue", http_status_code=400)
        answer = here.post(GENERATE, {"username": here.person.email})

    assert (answer.status, answer.code) == (422, "NoMailSent")


@pytest.mark.parametrize(
    "body",
    [
        {"code": "123456"},
        {"code": "123456", "username": "ada@example.com", "challenge_id": "otp_1"},
        {"code": "12345", "username": "ada@example.com"},
        {"code": "1234567", "username": "ada@example.com"},
        {"code": "١٢٣٤٥٦", "username": "ada@example.com"},
        {"code": 123456, "username": "ada@example.com"},
        {"code": "123456", "username": "ada@example.com", "role": "owner"},
    ],
)
def test_what_is_not_a_verification_is_refused(here: SignedIn, body: dict):
    assert here.post(VERIFY, body).code == "InvalidInput"


@pytest.mark.parametrize("path", [GENERATE, VERIFY])
def test_nobody_is_sent_or_given_anything(path: str):
    answer = rest("POST", path, {"username": "ada@example.com", "code": "123456"})

    assert (answer.status, answer.code) == (401, "MissingCredential")
