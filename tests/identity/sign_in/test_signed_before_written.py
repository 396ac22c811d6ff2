"""Tokens are signed before anything is written: a busy signing key uses up no code, no attempt and no sign-in."""

import boto3
import pytest
import time_machine

from functions.identity.access_tokens import consumers
from shared.errors import Unavailable
from tests.aws.entries import Answer, Context
from tests.aws.troubles import throttling
from tests.identity.codes.challenged import mailed_code
from tests.identity.entries import rest
from tests.identity.oidc.browsers import Browser
from tests.identity.oidc.oidc_provider import Provider
from tests.identity.people import PASSWORD, Person, refresh
from tests.identity.profile.phones import confirmed, texted_code
from tests.identity.second_factor.authenticators import Authenticator, enrolled, second_step

VERIFY = "/api/v1/auth/verify"


@pytest.fixture
def authenticator(noon: time_machine.Traveller, ada: Person) -> Authenticator:
    made = enrolled(ada.signs_in())
    noon.shift(60)
    return made


def hold(refused: Answer) -> None:
    assert (refused.status, refused.code) == (503, "Unavailable")


def test_a_sign_in_can_be_repeated(ada: Person):
    credentials = {"email": ada.email, "password": ada.password}
    with throttling("kms"):
        hold(rest("POST", "/api/v1/auth/login", credentials))

    assert rest("POST", "/api/v1/auth/login", credentials).status == 200


def test_the_code_of_a_sign_in_is_not_used_up(authenticator: Authenticator):
    token, code = authenticator.first_step(), authenticator.code()
    with throttling("kms"):
        hold(second_step(token, code=code))

    assert second_step(token, code=code).status == 200


def test_a_recovery_code_is_not_used_up(authenticator: Authenticator):
    token, code = authenticator.first_step(), authenticator.recovery_codes[0]
    with throttling("kms"):
        hold(second_step(token, recovery_code=code))

    assert second_step(token, recovery_code=code).status == 200


def test_the_code_of_a_step_up_is_not_used_up(authenticator: Authenticator, noon: time_machine.Traveller):
    here = authenticator.signs_in()
    noon.shift(60)
    proof = {"username": here.person.email, "code": authenticator.code()}
    with throttling("kms"):
        hold(here.post(VERIFY, proof))

    assert here.post(VERIFY, proof).status == 200


def test_a_new_password_can_be_sent_again(ada: Person):
    here, change = ada.signs_in(), {"current_password": PASSWORD, "password": "another sentence to remember"}
    with throttling("kms"):
        hold(here.patch("/api/v1/auth/me", change))
    repeated = here.patch("/api/v1/auth/me", change)

    assert repeated.status == 200
    assert refresh(repeated.body["session"]["refresh_token"]).status == 200


def test_a_callback_of_the_provider_can_be_repeated(provider: Provider):
    browser = Browser(provider)
    back = browser.begins()
    with throttling("kms"):
        hold(browser.comes_back(back))
    again = browser.comes_back(back)

    assert again.status == 200
    assert refresh(again.body["refresh_token"]).status == 200
    assert provider.asked.count("POST /token") == 1


def test_a_repeated_callback_is_good_in_the_same_browser_only_and_once(provider: Provider):
    browser, other = Browser(provider), Browser(provider)
    back = browser.begins()
    other.begins()
    with throttling("kms"):
        hold(browser.comes_back(back))
    cookies = dict(browser.cookies)
    elsewhere = other.comes_back(back)
    again = browser.comes_back(back)
    browser.cookies = cookies

    assert (elsewhere.status, elsewhere.code) == (400, "InvalidSignInState")
    assert again.status == 200
    assert browser.comes_back(back).code == "InvalidSignInState"


def test_a_code_that_could_not_be_mailed_can_be_asked_for_again(ada: Person):
    here = ada.signs_in()
    with throttling("ses"):
        hold(here.post("/api/v1/auth/generate", {"username": ada.email}))
    repeated = here.post("/api/v1/auth/generate", {"username": ada.email})

    assert repeated.status == 202
    assert here.post(VERIFY, {"username": ada.email, "code": mailed_code()}).status == 200


def test_a_code_that_could_not_be_texted_can_be_asked_for_again(ada: Person):
    here = confirmed(ada.signs_in())
    with throttling("sns"):
        hold(here.post("/api/v1/auth/generate", {"username": ada.email}))
    repeated = here.post("/api/v1/auth/generate", {"username": ada.email})

    assert repeated.status == 202
    assert here.post(VERIFY, {"username": ada.email, "code": texted_code()}).status == 200


def test_a_rotation_that_cannot_read_its_new_key_leaves_none_behind(ada: Person):
    ada.signs_in()
    kms = boto3.client("kms")
    before = {each["KeyId"] for each in kms.list_keys()["Keys"]}
    with throttling("kms:GetPublicKey"), pytest.raises(Unavailable):
        consumers.handler({"action": "rotate"}, Context())
    (made,) = {each["KeyId"] for each in kms.list_keys()["Keys"]} - before

    assert kms.describe_key(KeyId=made)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert [each["state"] for each in consumers.handler({"action": "rotate"}, Context())] == ["next", "active"]
