"""A second factor on the deployed stage, with its real secret, its real mail and its real texts."""

import re
import time
from collections.abc import Callable

from functions.identity.second_factor import totp
from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.e2e import mails

AUTH = "/api/v1/auth"
NUMBER = "+4915112345678"


def post(stack: Addresses, path: str, body: object, *, token: str | None = None) -> Answer:
    return call("POST", f"{stack.api_url}{AUTH}{path}", body=body, token=token)


def test_a_mailed_code_is_exchanged_for_a_token(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    ada = sign_up()
    challenge = post(stack, "/generate", {"username": ada.email}, token=ada.access_token)
    body = {"challenge_id": challenge.json()["challenge_id"], "code": mails.code(stack.endpoint_url, ada.email)}
    verified = post(stack, "/verify", body, token=ada.access_token)

    assert (challenge.status, verified.status) == (202, 200)
    assert body["code"] not in challenge.text


def texted_code(stack: Addresses) -> str:
    by_number = call("GET", f"{stack.endpoint_url}/_ministack/sns/sms-messages").json()["sms_messages"]
    found = re.match(r"(\d{6}) is your Milepost code", by_number[NUMBER][-1]["Message"])
    assert found is not None
    return found[1]


def test_a_number_that_is_confirmed_is_texted_the_codes(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    ada = sign_up()
    wanted = call("PUT", f"{stack.api_url}{AUTH}/phone", body={"phone_number": NUMBER}, token=ada.access_token)
    confirmed = post(stack, "/phone/confirm", {"code": texted_code(stack)}, token=ada.access_token)
    challenge = post(stack, "/generate", {"username": ada.email}, token=ada.access_token)
    body = {"challenge_id": challenge.json()["challenge_id"], "code": texted_code(stack)}
    verified = post(stack, "/verify", body, token=ada.access_token)

    assert [answer.status for answer in (wanted, confirmed, challenge, verified)] == [202, 200, 202, 200]
    assert confirmed.json()["otp_channel"] == "sms"


def test_an_authenticator_is_enrolled_and_signs_in(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    ada = sign_up()
    secret = post(stack, "/otp/enroll", None, token=ada.access_token).json()["secret"]
    first = {"code": totp.code(secret, at_seconds=int(time.time()))}
    confirmed = post(stack, "/otp/confirm", first, token=ada.access_token)
    credentials = {"email": ada.email, "password": ada.password}
    waiting = post(stack, "/login", credentials).json()
    step = {"mfa_token": waiting["mfa_token"], "recovery_code": confirmed.json()["recovery_codes"][0]}
    signed_in, again = post(stack, "/login/otp", step), post(stack, "/login/otp", step)

    assert (confirmed.status, waiting["mfa_required"]) == (200, True)
    assert (signed_in.status, again.status) == (200, 401)
    assert "access_token" in signed_in.json()
