"""Customers of the provider to run against, and how it is asked and told."""

import json
import urllib.request
from typing import Any, Final

from examples.provider.server import Provider
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider as Stored
from tests.audience.delivery.having import message, provider

SID: Final = "AC" + "0" * 32


def generic(fake: Provider) -> Stored:
    made, fake.account.secret = provider(settings={"url": f"{fake.url}/webhook"})
    return made


def as_twilio(fake: Provider) -> Stored:
    fake.account.auth_token = "t0ken"
    settings = {"account_sid": SID, "from": "+15005550006", "base_url": fake.url}
    return provider({"auth_token": "t0ken"}, kind="twilio", channel="sms", settings=settings)[0]


def as_whatsapp(fake: Provider) -> Stored:
    fake.account.access_token = "EAAx"
    settings = {"phone_number_id": "1066", "base_url": fake.url}
    return provider({"access_token": "EAAx"}, kind="whatsapp", channel="whatsapp", settings=settings)[0]


def ask(url: str, told: Any = None) -> Any:
    """Ask for what is at an address, or tell it something."""
    request = urllib.request.Request(url, None if told is None else json.dumps(told).encode())  # noqa: S310 - ours
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def numbered(number: int) -> Message:
    return message(send_id=f"send{number}", lead_id=f"lead_{number}")
