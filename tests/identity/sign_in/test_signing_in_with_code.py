"""Signing in with a second factor: the code after the password."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.identity.second_factor.second_factors import Proof
from functions.identity.sign_in import code_sign_ins
from functions.identity.sign_in.code_sign_ins import InvalidCode
from functions.identity.sign_in.pending_sign_ins import InvalidMfaToken
from functions.identity.sign_in.sign_ins import SignInLocked
from shared import clock
from tests.identity.entries import rest
from tests.identity.people import Person, SignedIn, refresh
from tests.identity.second_factor.authenticators import OTP, Authenticator, enrolled, second_step
from tests.identity.sign_in.claims import claims_of

LOGIN = "/api/v1/auth/login"


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


@pytest.fixture
def authenticator(here: SignedIn, noon) -> Authenticator:
    """An authenticator whose code of this moment is still good."""
    made = enrolled(here)
    noon.shift(60)
    return made


def outcome(mfa_token: str, proof: Proof) -> str:
    try:
        code_sign_ins.finish(mfa_token=mfa_token, proof=proof, now=clock.now())
    except (InvalidCode, InvalidMfaToken, SignInLocked) as refusal:
        return refusal.code
    return "signed in"


def test_the_password_alone_signs_nobody_in_any_more(authenticator: Authenticator):
    person = authenticator.person
    answer = rest("POST", LOGIN, {"email": person.email, "password": person.password})

    assert (answer.status, set(answer.body)) == (200, {"mfa_required", "mfa_token"})
    assert answer.body["mfa_required"] is True


def test_password_and_code_sign_in(authenticator: Authenticator):
    there = authenticator.signs_in()

    claims = claims_of(there.access_token)
    assert (claims["amr"], claims["mfa"]) == (["pwd", "otp"], True)
    assert there.enters().status == 200
    assert refresh(there.refresh_token).status == 200


def test_a_recovery_code_signs_in_once_in_any_spelling(authenticator: Authenticator):
    code = authenticator.recovery_codes[3]
    there = authenticator.signs_in(recovery_code=code.lower().replace("-", ""))
    again = second_step(authenticator.first_step(), recovery_code=code)

    assert there.get(OTP).body["recovery_codes_left"] == 9
    assert (again.status, again.code) == (401, "InvalidCode")
    assert authenticator.signs_in(recovery_code=authenticator.recovery_codes[4]).enters().status == 200


@pytest.mark.parametrize("proof", [{}, {"code": "123456", "recovery_code": "A" * 16}, {"code": "12345"}, {"code": 1}])
def test_the_second_step_takes_one_proof(authenticator: Authenticator, proof: dict):
    assert second_step(authenticator.first_step(), **proof).status == 422


def test_the_code_that_enrolled_is_used_up(here: SignedIn):
    authenticator = enrolled(here)

    assert second_step(authenticator.first_step(), code=authenticator.code()).code == "InvalidCode"


def test_a_code_is_good_once(authenticator: Authenticator, noon):
    code = authenticator.code()
    authenticator.signs_in()
    noon.shift(30)

    assert second_step(authenticator.first_step(), code=code).code == "InvalidCode"
    assert second_step(authenticator.first_step(), code=authenticator.code()).status == 200


def test_a_token_of_the_first_step_is_good_once_and_for_five_minutes(authenticator: Authenticator, noon):
    first, second = authenticator.first_step(), authenticator.first_step()
    second_step(first, code=authenticator.code())
    noon.shift(300)

    assert second_step(first, code=authenticator.code()).code == "InvalidMfaToken"
    assert second_step(second, code=authenticator.code()).code == "InvalidMfaToken"
    assert second_step("made up", code=authenticator.code()).code == "InvalidMfaToken"


def test_five_wrong_codes_end_the_sign_in_and_lock(authenticator: Authenticator, noon):
    mfa_token, other = authenticator.first_step(), authenticator.first_step()
    wrong = [second_step(mfa_token, code=authenticator.wrong_code()).code for _ in range(5)]
    person = authenticator.person
    locked = rest("POST", LOGIN, {"email": person.email, "password": person.password})

    assert wrong == ["InvalidCode"] * 5
    assert second_step(mfa_token, code=authenticator.code()).code == "InvalidMfaToken"
    assert second_step(other, code=authenticator.code()).code == "SignInLocked"
    assert (locked.status, locked.headers["Retry-After"]) == (429, "900")
    noon.shift(900)
    assert authenticator.signs_in().enters().status == 200


def test_beginning_again_does_not_give_more_guesses(authenticator: Authenticator):
    wrong = [second_step(authenticator.first_step(), code=authenticator.wrong_code()).code for _ in range(5)]
    person = authenticator.person

    assert wrong == ["InvalidCode"] * 5
    assert rest("POST", LOGIN, {"email": person.email, "password": person.password}).code == "SignInLocked"


def test_a_new_password_ends_what_waits_for_a_code(authenticator: Authenticator):
    here = authenticator.signs_in(recovery_code=authenticator.recovery_codes[0])
    mfa_token = authenticator.first_step()
    change = {"password": "quite another sentence", "current_password": authenticator.person.password}
    changed = here.patch("/api/v1/auth/me", change)

    assert changed.status == 200
    assert second_step(mfa_token, code=authenticator.code()).code == "InvalidMfaToken"


@pytest.mark.usefixtures("one_call_at_a_time")
@pytest.mark.parametrize("kind", ["code", "recovery_code"])
def test_of_32_at_once_one_uses_a_code(authenticator: Authenticator, kind: str):
    proof = Proof("code", authenticator.code()) if kind == "code" else Proof(kind, authenticator.recovery_codes[0])
    tokens = [authenticator.first_step() for _ in range(32)]
    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(lambda token: outcome(token, proof), tokens))

    assert outcomes.count("signed in") == 1
    assert set(outcomes) <= {"signed in", "InvalidCode", "SignInLocked"}


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_at_once_five_guesses_are_told_that_they_are_wrong(authenticator: Authenticator):
    mfa_token, wrong = authenticator.first_step(), Proof("code", authenticator.wrong_code())
    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(lambda _: outcome(mfa_token, wrong), range(32)))

    assert outcomes.count("InvalidCode") == 5
    assert second_step(mfa_token, code=authenticator.code()).status in {401, 429}
