from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine

from functions.identity.scopes import SCOPES
from functions.identity.sign_in import sign_ins
from functions.identity.sign_in.sign_ins import InvalidCredentials, SignInLocked
from shared import clock, ids
from tests.identity.entries import bearer, rest
from tests.identity.people import PASSWORD, Person
from tests.identity.sign_in.claims import claims_of, login, work

__all__ = ["work"]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_signing_in_answers_a_token_of_15_minutes_and_one_to_refresh_it(ada: Person):
    answer = login(ada.email, ada.password)

    tokens = {name: answer.body[name] for name in ("access_token", "refresh_token")}
    assert answer.status == 200
    own = {"tenant_id": ada.tenant_id, "user_id": ada.user_id}
    shown = {"memberships": [{**own, "tenant_name": "Ada L.", "role": "owner"}], **own}
    assert answer.body == {**tokens, "token_type": "Bearer", "expires_in": 900, **shown}
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_token_says_who_signed_in_and_how(ada: Person):
    with time_machine.travel(NOON, tick=False):
        token = login(ada.email, ada.password).body["access_token"]

    claims = claims_of(token)
    issued_at = int(NOON.timestamp())
    assert jwt.get_unverified_header(token) == {
        "alg": "ES256",
        "kid": rest("GET", "/.well-known/jwks.json").body["keys"][0]["kid"],
        "typ": "at+jwt",
    }
    assert len(claims.pop("jti")) == 22
    assert ids.is_valid(claims.pop("sid"), "session")
    assert claims == {
        "iss": "https://milepost.example",
        "aud": "milepost-local",
        "sub": ada.user_id,
        "tid": ada.tenant_id,
        "roles": ["owner"],
        "scope": " ".join(sorted(SCOPES["owner"])),
        "iat": issued_at,
        "exp": issued_at + 900,
        "amr": ["pwd"],
        "auth_time": issued_at,
        "mfa": False,
        "epoch": 0,
    }


def test_an_independent_verifier_accepts_the_token_by_the_published_key(ada: Person):
    token = login(ada.email, ada.password).body["access_token"]
    published = jwt.PyJWKSet.from_dict(rest("GET", "/.well-known/jwks.json").body)

    claims = jwt.decode(
        token,
        published[jwt.get_unverified_header(token)["kid"]],
        algorithms=["ES256"],
        audience="milepost-local",
        issuer="https://milepost.example",
    )

    assert claims["sub"] == ada.user_id


def test_two_tokens_have_different_ids(ada: Person):
    tokens = [login(ada.email, ada.password).body["access_token"] for _ in range(2)]

    assert len({claims_of(token)["jti"] for token in tokens}) == 2


def test_me_is_who_signed_in(ada: Person):
    token = login(ada.email, ada.password).body["access_token"]

    answer = rest("GET", "/api/v1/auth/me", headers=bearer(token))

    assert answer.status == 200
    assert answer.body == {
        "user_id": ada.user_id,
        "tenant_id": ada.tenant_id,
        "email": "ada@example.com",
        "display_name": "Ada L.",
        "roles": ["owner"],
        "scopes": sorted(SCOPES["owner"]),
        "created_at": answer.body["created_at"],
        "version": 1,
        "phone_number": None,
        "otp_channel": "email",
    }
    assert abs(clock.from_rfc3339(answer.body["created_at"]) - clock.now()) < 60_000


def test_the_address_may_be_spelled_otherwise_when_signing_in(ada: Person):
    answer = login("  ADA@Example.com", ada.password)

    assert answer.status == 200


def test_a_password_is_the_same_however_the_keyboard_composes_it():
    registration = {"email": "ada@example.com", "password": "un mot tre\u0300s long", "display_name": "Ada"}
    rest("POST", "/api/v1/auth/register", registration)

    answer = login("ada@example.com", "un mot tr\u00e8s long")

    assert answer.status == 200


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(ada: Person):
    wrong = login(ada.email, "not the password at all")
    unknown = login("nobody@example.com", "not the password at all")

    assert (wrong.status, wrong.code) == (401, "InvalidCredentials")
    assert wrong.body == unknown.body
    assert wrong.headers == unknown.headers


@pytest.mark.usefixtures("in_earnest")
def test_an_unknown_address_costs_the_same_work_as_a_wrong_password(ada: Person, work: list[str]):
    login(ada.email, "not the password at all")
    of_a_wrong_password = work.copy()
    work.clear()
    login("nobody@example.com", "not the password at all")

    assert work == of_a_wrong_password
    assert work.count("argon2id m=19456 t=2 p=1") == 1


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_five_failures_lock_the_address_whether_it_is_known_or_not(ada: Person, email: str):
    with time_machine.travel(NOON, tick=False):
        failures = [login(email, f"guess number {number}") for number in range(5)]
        locked = login(email, ada.password)

    assert [answer.status for answer in failures] == [401] * 5
    assert (locked.status, locked.code, locked.headers["Retry-After"]) == (429, "SignInLocked", "900")


def test_the_lock_opens_after_15_minutes_and_not_before(ada: Person):
    with time_machine.travel(NOON, tick=False) as time:
        for number in range(5):
            login(ada.email, f"guess number {number}")
        time.shift(timedelta(minutes=15, seconds=-1))
        locked = login(ada.email, ada.password)
        time.shift(timedelta(seconds=1))
        opened = login(ada.email, ada.password)

    assert (locked.status, locked.headers["Retry-After"]) == (429, "1")
    assert opened.status == 200


def test_trying_a_locked_address_does_not_lock_it_longer(ada: Person):
    with time_machine.travel(NOON, tick=False) as time:
        for number in range(5):
            login(ada.email, f"guess number {number}")
        time.shift(timedelta(minutes=10))
        login(ada.email, "guess number 6")
        time.shift(timedelta(minutes=5))
        opened = login(ada.email, ada.password)

    assert opened.status == 200


def test_failures_older_than_15_minutes_do_not_count(ada: Person):
    with time_machine.travel(NOON, tick=False) as time:
        for number in range(12):
            time.shift(timedelta(minutes=4))
            login(ada.email, f"guess number {number}")
        answer = login(ada.email, ada.password)

    assert answer.status == 200


def test_signing_in_takes_the_failures_away(ada: Person):
    for number in range(4):
        login(ada.email, f"guess number {number}")
    login(ada.email, ada.password)

    answers = [login(ada.email, f"guess number {number}").status for number in range(4)]

    assert answers == [401] * 4
    assert login(ada.email, ada.password).status == 200


def test_the_lock_of_one_address_is_not_that_of_another(ada: Person):
    for number in range(6):
        login("grace@example.com", f"guess number {number}")

    assert login(ada.email, ada.password).status == 200


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_guesses_at_once_five_are_told_that_they_are_wrong(ada: Person):
    def guess(number: int) -> type[Exception]:
        with pytest.raises((InvalidCredentials, SignInLocked)) as refused:
            sign_ins.sign_in(email=ada.email, password=f"guess number {number}", now=clock.now())
        return refused.type

    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(guess, range(32)))

    assert outcomes.count(InvalidCredentials) == 5
    assert outcomes.count(SignInLocked) == 27


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"email": "ada@example.com"}, ["password"]),
        ({"password": PASSWORD}, ["email"]),
        ({"email": "ada@example.com", "password": "x" * 129}, ["password"]),
        ({"email": "a" * 255, "password": PASSWORD}, ["email"]),
        ({"email": ["ada@example.com"], "password": PASSWORD}, ["email"]),
        ({"email": "ada@example.com", "password": PASSWORD, "tenant_id": "tenant_1"}, ["tenant_id"]),
    ],
)
def test_a_wrong_field_is_named(body: dict, fields: list[str]):
    answer = rest("POST", "/api/v1/auth/login", body)

    assert (answer.status, answer.fields) == (422, fields)


def test_what_is_not_json_is_a_400():
    answer = rest("POST", "/api/v1/auth/login", "{email")

    assert (answer.status, answer.code) == (400, "Malformed")


@pytest.mark.parametrize("role", SCOPES)
def test_a_token_carries_the_scopes_of_the_role_in_the_tenant(ada: Person, role: str):
    grace = ada.invites("grace", role)

    claims = claims_of(grace.signs_in().access_token)

    assert (claims["tid"], claims["roles"]) == (ada.tenant_id, [role])
    assert set(claims["scope"].split()) == SCOPES[role]


def test_viewers_and_guests_do_not_write():
    writing = {role for role, scopes in SCOPES.items() if "goals:write" in scopes}

    assert writing == {"owner", "admin", "member"}


def test_a_body_that_is_not_json_by_its_own_account_is_a_415():
    answer = rest("POST", "/api/v1/auth/login", "email=ada", headers={"content-type": "text/plain"})

    assert (answer.status, answer.code) == (415, "UnsupportedMedia")


def test_a_body_of_more_than_a_megabyte_is_a_413():
    answer = rest("POST", "/api/v1/auth/login", {"email": "ada@example.com", "password": "x" * 1024 * 1024})

    assert (answer.status, answer.code) == (413, "TooLarge")
