"""A one-time code as it is asked for, read in the mail and given back."""

import re
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

from tests.aws.entries import Answer
from tests.identity.people import SignedIn

GENERATE = "/api/v1/auth/generate"
VERIFY = "/api/v1/auth/verify"


def sent() -> list[Any]:
    return ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages


def as_read() -> EmailMessage:
    """The last e-mail as its recipient reads it."""
    return message_from_string(sent()[-1].raw_data, policy=policy.default)  # type: ignore[arg-type, return-value]


def mailed_code() -> str:
    found = re.search(r"\b\d{6}\b", as_read().get_content())
    assert found is not None
    return found[0]


def challenged(here: SignedIn) -> str:
    answer = here.post(GENERATE, {"username": here.person.email})
    assert answer.status == 202, answer.body
    return answer.body["challenge_id"]


def verify(here: SignedIn, code: str, **purpose: str) -> Answer:
    return here.post(VERIFY, {"code": code, **(purpose or {"username": here.person.email})})


def stepped_up(here: SignedIn) -> SignedIn:
    """Return somebody who has proved a code that was mailed to them."""
    challenged(here)
    answer = verify(here, mailed_code())
    assert answer.status == 200, answer.body
    return SignedIn(here.person, answer.body["access_token"], here.refresh_token)
