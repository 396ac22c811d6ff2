"""Whoever guesses one-time codes, one after the other or all at once, gets nowhere."""

import pytest

from functions.identity.sign_in import step_ups
from shared import clock
from shared.callers import auth
from shared.storage import table
from shared.storage.attributes import Key
from tests.identity.codes.challenged import challenged, mailed_code, verify
from tests.identity.codes.guesses import outcomes, wrong
from tests.identity.people import Person, SignedIn
from tests.identity.second_factor.authenticators import enrolled


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_five_wrong_codes_end_a_challenge_and_lock(here: SignedIn, noon):
    challenge_id = challenged(here)
    code = mailed_code()
    answers = [verify(here, wrong(code), challenge_id=challenge_id) for _ in range(5)]
    right = verify(here, code, challenge_id=challenge_id)

    assert [(answer.status, answer.code) for answer in answers] == [(422, "WrongCode")] * 5
    assert (right.status, right.code, right.headers["Retry-After"]) == (429, "SignInLocked", "900")
    stored = table.get(Key(f"USER#{here.person.user_id}", "CHALLENGE"))
    assert stored is not None
    assert stored["digest"] is None


def test_signing_in_does_not_give_a_challenge_more_guesses(here: SignedIn):
    challenged(here)
    code = mailed_code()
    for _ in range(4):
        verify(here, wrong(code))
    there = here.person.signs_in()
    fifth = verify(there, wrong(code))

    assert fifth.code == "WrongCode"
    assert verify(there, code).code == "WrongCode"


@pytest.mark.usefixtures("one_call_at_a_time")
@pytest.mark.parametrize("channel", ["e-mail", "authenticator"])
def test_of_32_at_once_one_uses_a_code(here: SignedIn, noon, channel: str):
    if channel == "authenticator":
        authenticator = enrolled(here)
        noon.shift(60)
        here = authenticator.signs_in(recovery_code=authenticator.recovery_codes[0])
        code = authenticator.code()
    else:
        challenged(here)
        code = mailed_code()
    caller, email, now = auth.from_token(here.access_token), here.person.email, clock.now()
    found = outcomes(32, lambda: step_ups.verify(caller, code=code, username=email, challenge_id=None, now=now))

    assert found.count("verified") == 1
    assert set(found) <= {"verified", "WrongCode", "SignInLocked"}


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_guesses_at_once_five_are_told_that_they_are_wrong(here: SignedIn):
    challenged(here)
    code = wrong(mailed_code())
    caller, email, now = auth.from_token(here.access_token), here.person.email, clock.now()
    found = outcomes(32, lambda: step_ups.verify(caller, code=code, username=email, challenge_id=None, now=now))

    assert found.count("WrongCode") == 5
    assert verify(here, mailed_code()).status == 429
