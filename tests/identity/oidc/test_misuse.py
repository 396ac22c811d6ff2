"""What must not sign anybody in with Google: callbacks that are not what they should be."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from functions.identity import api
from tests.aws import hooks
from tests.aws.entries import Context, http_event
from tests.identity.oidc.browsers import CALLBACK, START, Browser
from tests.identity.oidc.oidc_provider import Provider, location_with

COOKIE = "__Host-milepost-google"


@pytest.fixture
def browser(provider: Provider) -> Browser:
    return Browser(provider)


@pytest.fixture
def stored() -> list[str]:
    """What DynamoDB is sent, in order."""
    sent: list[str] = []
    hooks.register("before-call.dynamodb", lambda params, **_: sent.append(str(params["body"])))
    return sent


@pytest.mark.parametrize("state", ["", "x", "A" * 43, "é" * 43, "A" * 128])
def test_a_state_that_nobody_was_given_is_refused(browser: Browser, state: str):
    back = browser.begins()
    answer = browser.comes_back(back | {"state": state})

    assert (answer.status, answer.code) == (400, "InvalidSignInState")
    assert "POST /token" not in browser.provider.asked


def test_a_callback_without_state_is_refused(browser: Browser):
    answer = browser.comes_back({"code": "any"})

    assert (answer.status, answer.fields) == (422, ["state"])


def test_a_state_is_good_once(browser: Browser):
    back, cookies = browser.begins(), dict(browser.cookies)
    first = browser.comes_back(back)
    browser.cookies = cookies
    again = browser.comes_back(back)

    assert (first.status, again.status, again.code) == (200, 400, "InvalidSignInState")


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 400)])
def test_a_state_is_over_after_ten_minutes(noon: time_machine.Traveller, browser: Browser, seconds: int, status: int):
    back = browser.begins()
    noon.shift(timedelta(seconds=seconds))

    assert browser.comes_back(back).status == status


@pytest.mark.parametrize("cookies", [{}, {COOKIE: ""}, {COOKIE: "A" * 43}, {"milepost-google": "A" * 43}])
def test_a_callback_in_another_browser_is_refused_and_the_right_one_goes_on(browser: Browser, cookies: dict[str, str]):
    back = browser.begins()
    stranger = Browser(browser.provider, cookies).comes_back(back)

    assert (stranger.status, stranger.code) == (400, "InvalidSignInState")
    assert browser.comes_back(back).status == 200


def test_a_victim_is_not_signed_in_to_the_account_of_whoever_sent_the_link(browser: Browser):
    victim = Browser(browser.provider)
    victim.begins()
    answer = victim.comes_back(browser.begins())

    assert (answer.status, answer.code) == (400, "InvalidSignInState")


def test_a_code_of_another_sign_in_is_refused_for_its_challenge(browser: Browser):
    stolen = Browser(browser.provider).begins()["code"]
    answer = browser.comes_back(browser.begins() | {"code": stolen})

    assert (answer.status, answer.code) == (401, "InvalidAuthorizationCode")


def test_a_code_that_was_redeemed_is_refused(browser: Browser):
    used = browser.begins()
    browser.comes_back(used)
    answer = browser.comes_back(browser.begins() | {"code": used["code"]})

    assert (answer.status, answer.code) == (401, "InvalidAuthorizationCode")


def test_a_challenge_that_was_exchanged_on_the_way_is_refused(browser: Browser):
    location = browser.opens(START).headers["Location"]
    back = browser.provider.agrees(location_with(location, code_challenge="A" * 43))
    answer = browser.comes_back(back)

    assert (answer.status, answer.code) == (401, "InvalidAuthorizationCode")


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>"])
def test_an_error_of_the_provider_is_a_refusal_that_repeats_nothing_of_it(browser: Browser, error: str):
    back = browser.begins()
    answer = browser.comes_back({"state": back["state"], "error": error, "error_description": "from outside"})

    assert (answer.status, answer.code) == (403, "GoogleSignInDenied")
    assert error not in json.dumps(answer.body)


@pytest.mark.parametrize(
    ("promised", "sent", "status"),
    [(False, "right", 200), (True, "right", 200), (True, None, 403), (False, "https://evil.example", 403)],
)
def test_the_answer_of_another_provider_is_refused(browser: Browser, promised: object, sent: str | None, status: int):
    browser.provider.discovery["authorization_response_iss_parameter_supported"] = promised
    back = browser.begins()
    issuer = browser.provider.issuer if sent == "right" else sent
    answer = browser.comes_back(back if issuer is None else back | {"iss": issuer})

    assert answer.status == status


@pytest.mark.parametrize("path", [START, CALLBACK])
def test_a_head_begins_and_ends_no_sign_in(browser: Browser, path: str, stored: list[str]):
    back = browser.begins()
    stored.clear()
    event = http_event("HEAD", path, query=urlencode(back))
    event["cookies"] = [f"{name}={value}" for name, value in browser.cookies.items()]
    answer = api.handler(event, Context())

    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET")
    assert [each for each in stored if "RATE#" not in each] == []
    assert browser.comes_back(back).status == 200


def test_a_sign_in_is_answered_whatever_the_browser_says_it_has(browser: Browser):
    answer = browser.opens(CALLBACK, headers={"if-none-match": "*"}, **browser.begins())

    assert answer.status == 200
    assert "ETag" not in answer.headers
