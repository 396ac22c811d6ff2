"""A one-time code as it is asked for, read in the mail and given back."""

import re
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

from tests.aws.entries import Answer
from tests.identity.people import SignedIn

GENERATE = "/api/v1/auth/generate"
VERIFY = "/api/v1/auth/verify"


def sent() -> list[Any]:
    return ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sent_messages


def mailed_code() -> str:
    found = re.search(r"\b\d{6}\b", sent()[-1].body)
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
