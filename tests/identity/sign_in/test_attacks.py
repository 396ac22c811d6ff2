"""Whoever guesses passwords, codes and tokens, or lets us work for nothing, and who is not kept out by that."""

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
import time_machine

from functions.identity.audit.failures import Failure
from functions.identity.sign_in import sign_ins
from shared import clock, ids
from shared.api import front, rate_limits
from shared.storage import table
from tests.aws import hooks
from tests.identity.people import PASSWORD, Person
from tests.identity.second_factor.authenticators import enrolled
from tests.identity.sign_in.addresses import ELSEWHERE, OFFICE, addresses, post, refresh, sign_in, sign_in_as

FRONT = "a-secret-that-the-front-and-the-stage-share"

pytestmark = pytest.mark.usefixtures("noon", "usual_limits")


def spray(times: int, source: str = OFFICE) -> None:
    """Let so many wrong credentials have come from an address; each account is tried once."""
    for _ in range(times):
        rate_limits.count_address(source, "credentials")


def random_token() -> str:
    return f"{ids.new('session')}.{secrets.token_urlsafe(32)}"


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_one_account_is_guessed_five_times_from_however_many_addresses(ada: Person, email: str):
    answers = [sign_in(email, f"guess number {n}", source=each) for n, each in enumerate(addresses(30))]

    assert [answer.code for answer in answers[:5]] == ["InvalidCredentials"] * 5
    assert {answer.code for answer in answers[5:20]} == {"SignInLocked"}
    assert {answer.code for answer in answers[20:]} == {"RateLimited"}


def test_known_and_unknown_accounts_are_told_the_same_by_the_limits(ada: Person):
    told = [
        [
            (answer.status, answer.code, answer.rate["RateLimit-Policy"], answer.headers.get("Retry-After"))
            for answer in (sign_in(email, "a wrong one", source=each) for each in addresses(25))
        ]
        for email in (ada.email, "nobody@example.com")
    ]

    assert told[0] == told[1]


def test_an_account_that_is_hammered_is_open_again_when_told(ada: Person, noon: time_machine.Traveller):
    for source in addresses(20):
        sign_in_as(ada, source=source)
    refused = sign_in_as(ada)
    noon.shift(timedelta(seconds=int(refused.headers["Retry-After"])))

    assert refused.code == "RateLimited"
    assert sign_in_as(ada).status == 200


def test_many_accounts_are_guessed_from_one_address_until_all_are_refused(ada: Person):
    spray(398)
    answers = [sign_in(f"{name}@example.com", "a common password") for name in ("bob", "cleo", "dan")]

    assert [answer.status for answer in answers] == [401, 401, 429]
    assert answers[2].rate["RateLimit-Policy"] == '"credentials";q=400;w=200'
    # Also for the right password, which is not looked at; and from elsewhere it is good.
    assert sign_in_as(ada).code == "RateLimited"
    assert sign_in_as(ada, source=ELSEWHERE).status == 200


def test_what_is_refused_for_its_address_counts_against_no_account(ada: Person):
    spray(400)
    for _ in range(30):
        sign_in(ada.email, "a wrong one")

    assert sign_in_as(ada, source=ELSEWHERE).status == 200


def test_one_who_guesses_at_an_address_ends_no_session_there(ada: Person):
    here = sign_in_as(ada).body
    spray(400)

    assert sign_in_as(ada).code == "RateLimited"
    assert refresh(here["refresh_token"]).status == 200


def test_random_refresh_tokens_are_refused_and_keep_nobody_out(ada: Person):
    here = sign_in_as(ada).body
    while int(rate_limits.count_address(OFFICE)["X-RateLimit-Remaining"]) > 20:
        pass
    answers = [refresh(random_token()) for _ in range(21)]

    assert {answer.code for answer in answers[:-1]} == {"InvalidRefreshToken"}
    assert (answers[-1].status, answers[-1].code) == (429, "RateLimited")
    kept = refresh(here["refresh_token"])
    assert (kept.status, kept.rate["RateLimit-Policy"]) == (200, '"session";q=20;w=20')


@pytest.mark.parametrize("body", [{}, {"refresh_token": ""}, {"refresh_token": "x"}, "no JSON", {"refresh_token": 1}])
def test_whatever_is_sent_as_a_refresh_token_is_counted(body: object):
    first, second = post("refresh", body), post("refresh", body)

    assert [first.rate["X-RateLimit-Remaining"], second.rate["X-RateLimit-Remaining"]] == ["999", "998"]


def test_a_session_is_refreshed_twenty_times_at_once_and_signs_no_more(ada: Person, noon: time_machine.Traveller):
    here, there = sign_in_as(ada).body, sign_in_as(ada).body
    token = here["refresh_token"]
    for source in addresses(20):
        token = refresh(token, source=source).body["refresh_token"]
    before = [*table.query_all(f"SESSION#{token.split('.')[0]}", "S")]
    refused = refresh(token)

    assert (refused.status, refused.rate["RateLimit-Policy"]) == (429, '"session";q=20;w=20')
    assert [*table.query_all(f"SESSION#{token.split('.')[0]}", "S")] == before
    assert refresh(there["refresh_token"]).status == 200
    noon.shift(timedelta(seconds=1))
    assert refresh(token).status == 200


def test_a_repeated_refresh_counts_against_the_session_too(ada: Person):
    here = sign_in_as(ada).body
    answers = [refresh(here["refresh_token"]) for _ in range(21)]

    assert [answer.status for answer in answers] == [200] * 20 + [429]


def test_a_stranger_who_knows_the_id_of_a_session_does_not_use_up_its_refreshes(ada: Person):
    here = sign_in_as(ada).body
    session_id = here["refresh_token"].split(".")[0]
    for _ in range(30):
        refresh(f"{session_id}.{secrets.token_urlsafe(32)}", source=ELSEWHERE)

    assert refresh(here["refresh_token"]).rate["X-RateLimit-Remaining"] == "19"


def test_a_wrong_code_counts_as_a_wrong_password_does():
    spray(399)
    answers = [post("login/otp", {"mfa_token": f"guess number {n}", "code": "123456"}) for n in range(2)]

    assert [answer.status for answer in answers] == [401, 429]


def locked_by_others_meanwhile(email: str) -> None:
    """Let five others fail with an address while the next one's credential is looked at."""
    wrong = Failure("sign_in", "wrong_password")

    def lock(**_: object) -> None:
        hooks.unregister(name, lock)
        for _ in range(sign_ins.MAX_FAILURES):
            sign_ins.fail(email, wrong, now=clock.now())

    name = "before-call.dynamodb.TransactWriteItems"
    hooks.register(name, lock)


@pytest.mark.parametrize("password", ["a wrong one", PASSWORD])
def test_what_was_hashed_while_others_locked_the_address_counts_as_a_wrong_password(ada: Person, password: str):
    locked_by_others_meanwhile(ada.email)
    hashed = sign_in(ada.email, password)
    unread = sign_in(ada.email, password)

    assert (hashed.code, unread.code) == ("SignInLocked", "SignInLocked")
    assert hashed.rate["RateLimit-Policy"] == '"credentials";q=400;w=200'
    assert hashed.rate["X-RateLimit-Remaining"] == "399"
    assert unread.rate["RateLimit-Policy"] == '"address";q=1000;w=5'


def test_a_code_that_was_tried_while_others_locked_the_address_counts_as_a_wrong_one(ada: Person):
    authenticator = enrolled(ada.signs_in())
    token = sign_in_as(ada).body["mfa_token"]
    locked_by_others_meanwhile(ada.email)
    answer = post("login/otp", {"mfa_token": token, "code": authenticator.wrong_code()})

    assert (answer.code, answer.rate["X-RateLimit-Remaining"]) == ("SignInLocked", "399")


@pytest.fixture
def fronted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put a front before the stage."""
    text = json.dumps({"current": FRONT, "previous": ""})
    arn = boto3.client("secretsmanager").create_secret(Name="front", SecretString=text)["ARN"]
    monkeypatch.setenv("FRONT_SECRET_ID", arn)
    monkeypatch.setenv("FRONT_ADDRESS_HEADER", "cloudfront-viewer-address")
    front.forget()
    yield
    front.forget()


@pytest.mark.usefixtures("fronted")
def test_behind_a_front_each_counts_for_themselves(ada: Person):
    spray(400, source="203.0.113.66")
    by_front = {"x-front-secret": FRONT}
    refused = sign_in(ada.email, ada.password, headers={**by_front, "cloudfront-viewer-address": "203.0.113.66:46532"})
    let_in = sign_in(ada.email, ada.password, headers={**by_front, "cloudfront-viewer-address": "203.0.113.67:46532"})

    assert (refused.status, let_in.status) == (429, 200)


@pytest.mark.usefixtures("fronted")
def test_the_audit_log_has_the_address_that_the_front_names(ada: Person):
    headers = {"x-front-secret": FRONT, "cloudfront-viewer-address": "2001:db8::1:46532"}
    sign_in(ada.email, ada.password, headers=headers)
    (started,) = table.query_all(f"USER#{ada.user_id}", "EVENT#session_")

    assert started["data"]["source_address"] == "2001:db8::1"


@pytest.mark.parametrize(
    "headers",
    [
        {"cloudfront-viewer-address": "198.51.100.9:1"},
        {"cloudfront-viewer-address": "198.51.100.9:1", "x-front-secret": "guessed"},
        {"cloudfront-viewer-address": "198.51.100.9:1", "x-front-secret": f"{FRONT},{FRONT}"},
        {"cloudfront-viewer-address": "198.51.100.9:1,198.51.100.10:2", "x-front-secret": FRONT},
        {"cloudfront-viewer-address": "nowhere", "x-front-secret": FRONT},
        {"x-forwarded-for": "198.51.100.9", "x-front-secret": FRONT},
    ],
)
@pytest.mark.usefixtures("fronted")
def test_whoever_writes_the_headers_of_the_front_is_counted_all_the_same(ada: Person, headers: dict[str, str]):
    spray(400)

    assert sign_in(ada.email, ada.password, headers=headers).code == "RateLimited"
