"""The three ways to speak to the provider: Standard Webhooks, as with Twilio, as with WhatsApp's Cloud API."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

from standardwebhooks import Webhook, WebhookVerificationError

Answer = Literal["accepted", "busy", "unavailable", "refused", "broken", "gateway", "suspended", "forbidden", "invalid"]


@dataclass
class Account:
    """Who the customer is: a secret of Standard Webhooks, a token of Twilio or WhatsApp.

    `receipt_url` is where receipts go. Without one, those of Twilio go to the address that each message names.
    """

    receipt_url: str = ""
    secret: str = ""
    auth_token: str = ""
    access_token: str = ""


class Call(NamedTuple):
    """A message as it was asked for. `message` is the same for each call with it; `callback` is for its receipts."""

    message: str
    campaign_id: str | None = None
    lead_id: str | None = None
    callback: str | None = None


class Refused(Exception):
    """What came is no call of this customer; the argument is the answer."""


class Wire(NamedTuple):
    """A way to speak: how a call is read, how each answer is written, and what its ids begin with."""

    prefix: str
    read: Callable[[str, Mapping[str, str], bytes, Account], Call]
    write: Callable[[Answer, str], tuple[int, dict[str, Any]]]


_STATUSES: Final[Mapping[Answer, int]] = {
    "accepted": 202,
    "busy": 429,
    "unavailable": 503,
    "refused": 422,
    "broken": 500,
    "gateway": 504,
    "suspended": 403,
    "forbidden": 401,
    "invalid": 400,
}
_TWILIO: Final[Mapping[Answer, tuple[int, int]]] = {
    "busy": (429, 20429),
    "refused": (400, 21211),
    "suspended": (401, 20005),
    "forbidden": (401, 20003),
    "invalid": (400, 21602),
}
_WHATSAPP: Final[Mapping[Answer, tuple[int, int]]] = {
    "busy": (400, 130429),
    "refused": (400, 131026),
    "suspended": (403, 131031),
    "forbidden": (401, 190),
    "invalid": (400, 100),
    "broken": (500, 131000),
}


def of(path: str) -> Wire | None:
    """Return the wire that a path belongs to."""
    if path.startswith("/webhook"):
        return Wire("msg_", _read_webhook, _write_webhook)
    if path.endswith("/Messages.json"):
        return Wire("SM", _read_twilio, _write_twilio)
    return Wire("wamid.", _read_whatsapp, _write_whatsapp) if path.endswith("/messages") else None


def _read_webhook(_: str, headers: Mapping[str, str], body: bytes, account: Account) -> Call:
    if account.secret:
        try:
            Webhook(account.secret).verify(body, dict(headers))
        except WebhookVerificationError as error:
            raise Refused("forbidden") from error
    said = _object(body)
    return Call(_text(headers, "webhook-id"), _of_none(said, "campaign_id"), _text(said, "lead_id"))


def _read_twilio(_: str, headers: Mapping[str, str], body: bytes, account: Account) -> Call:
    if account.auth_token and not _is_basic(headers.get("authorization", ""), account.auth_token):
        raise Refused("forbidden")
    form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    callback = form.get("StatusCallback", "")
    query = parse_qs(urlsplit(callback).query, keep_blank_values=True)
    named = {name: values[0] for name, values in query.items()}
    campaign_id, lead_id = _of_none(named, "campaign"), _text(named, "lead")
    _text(form, "To"), _text(form, "Body")
    return Call(f"{campaign_id} {lead_id}", campaign_id, lead_id, callback)


def _read_whatsapp(_: str, headers: Mapping[str, str], body: bytes, account: Account) -> Call:
    if account.access_token and headers.get("authorization") != f"Bearer {account.access_token}":
        raise Refused("forbidden")
    return Call(_text(_object(body), "biz_opaque_callback_data"))


def _write_webhook(answer: Answer, message_id: str) -> tuple[int, dict[str, Any]]:
    said = {"message_id": message_id} if answer == "accepted" else {"error": answer}
    return _STATUSES[answer], said


def _write_twilio(answer: Answer, message_id: str) -> tuple[int, dict[str, Any]]:
    if answer == "accepted":
        return 201, {"sid": message_id, "status": "queued", "error_code": None}
    status, code = _TWILIO.get(answer, (_STATUSES[answer], 20500))
    return status, {"code": code, "message": answer, "status": status}


def _write_whatsapp(answer: Answer, message_id: str) -> tuple[int, dict[str, Any]]:
    if answer == "accepted":
        return 200, {"messaging_product": "whatsapp", "messages": [{"id": message_id}]}
    status, code = _WHATSAPP.get(answer, (_STATUSES[answer], 2 if answer == "unavailable" else 131000))
    return status, {"error": {"message": answer, "type": "OAuthException", "code": code}}


def _is_basic(header: str, auth_token: str) -> bool:
    try:
        given = base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return False
    return hmac.compare_digest(given.partition(":")[2].encode(), auth_token.encode())


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise Refused("invalid") from error
    if not isinstance(said, dict):
        raise Refused("invalid")
    return said


def _of_none(said: Mapping[str, Any], name: str) -> str:
    """Return a text that may be empty: a question whether somebody wants to be written to is of no campaign."""
    return "" if said.get(name) == "" else _text(said, name)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("invalid")
    return value
