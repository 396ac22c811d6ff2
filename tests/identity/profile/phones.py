"""A telephone, as a person has one: codes come to its number by SMS."""

import re
from typing import NamedTuple

from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns import sns_backends

from tests.aws.entries import Answer
from tests.identity.people import SignedIn

MASKED = "+**********678"
OTHER_NUMBER = "+12025550123"
PHONE = "/api/v1/auth/phone"
NUMBER = "+4915112345678"


class Text(NamedTuple):
    number: str
    message: str


def texted() -> list[Text]:
    """Every SMS that was sent, in order."""
    return [Text(*each) for each in sns_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"].sms_messages.values()]


def texted_code() -> str:
    found = re.search(r"\b\d{6}\b", texted()[-1].message)
    assert found is not None
    return found[0]


def wants(here: SignedIn, number: str = NUMBER) -> Answer:
    return here.put(PHONE, {"phone_number": number})


def confirms(here: SignedIn, code: str) -> Answer:
    return here.post(f"{PHONE}/confirm", {"code": code})


def confirmed(here: SignedIn, number: str = NUMBER) -> SignedIn:
    """Let a number be that of somebody; return them."""
    assert wants(here, number).status == 202
    answer = confirms(here, texted_code())
    assert answer.status == 200, answer.body
    return here


def channel(here: SignedIn) -> tuple[str | None, str]:
    body = here.enters().body
    return body["phone_number"], body["otp_channel"]
