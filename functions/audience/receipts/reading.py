"""What a signed request says: receipts as the generic provider or Twilio writes them, and what people answer."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from functions.audience.receipts import receipts
from functions.audience.receipts.receipts import MOST, MOST_BYTES, MOST_REFERENCE, MOST_SENDER, MOST_TEXT, Receipt, Told
from functions.audience.receipts.signed import Signed
from shared import clock, ids
from shared.api import problems
from shared.errors import InvalidInput, Malformed, TooLarge

if TYPE_CHECKING:
    from functions.audience.receipts.shapes import ReceiptSent

# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values; the others are on the way.
TWILIO: Final[Mapping[str, Told]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "opened",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
_HAS_OPTED_OUT: Final = "21610"
_LONGEST: Final[Mapping[str, int]] = {"From": MOST_SENDER, "Body": MOST_TEXT, "MessageSid": MOST_REFERENCE}

Model = TypeVar("Model")


class Inbound(NamedTuple):
    """What somebody has sent to a number of a tenant, through one of its providers, which calls it by `message_id`."""

    tenant_id: str
    provider_id: str
    sender: str
    text: str
    message_id: str = ""


def receipts_of(signed: Signed, *, campaign_id: str | None, lead_id: str | None) -> list[Receipt]:
    """Return the receipts of a request, none where it only tells that a message is on its way.

    `campaign_id` and `lead_id` are those of the address, which Twilio is told with each message.
    Raises Malformed, TooLarge, InvalidInput.
    """
    _require_size(signed.body)
    now = clock.to_rfc3339(clock.now())
    if signed.provider.kind == "twilio":
        return _of_twilio(signed, now, campaign_id=campaign_id, lead_id=lead_id)
    return [_receipt(signed, each, now) for each in _sent(signed.body)]


def inbound_of(signed: Signed) -> Inbound:
    """Return what somebody has sent. Raises Malformed, TooLarge, InvalidInput."""
    _require_size(signed.body)
    tenant_id, provider_id = signed.provider.tenant_id, signed.provider.provider_id
    if signed.provider.kind == "twilio":
        form = dict(signed.form)
        if "From" not in form:
            raise InvalidInput.of("From", "is required")
        for name, longest in _LONGEST.items():
            if len(form.get(name, "")) > longest:
                raise InvalidInput.of(name, f"may have {longest} characters")
        return Inbound(tenant_id, provider_id, form["From"], form.get("Body", ""), signed.message_id)
    from functions.audience.receipts.shapes import InboundSent  # noqa: PLC0415 - for a cold start

    sent = _valid(InboundSent.model_validate, _object(signed.body))
    return Inbound(tenant_id, provider_id, sent.sender, sent.text, signed.message_id)


def _of_twilio(signed: Signed, now: str, *, campaign_id: str | None, lead_id: str | None) -> list[Receipt]:
    form = dict(signed.form)
    status = TWILIO.get(form.get("MessageStatus", ""))
    if status is None:
        return []
    code = form.get("ErrorCode") or None
    named = {name: form[name] for name in ("MessageSid", "MessageStatus", "ErrorCode") if form.get(name)}
    found = Receipt(
        signed.provider.tenant_id,
        signed.provider.provider_id,
        status,
        now,
        *_named(campaign_id, lead_id),
        vendor_message_id=form.get("MessageSid", "")[:MOST_REFERENCE] or None,
        reason=None if code is None else code[:MOST_REFERENCE],
        raw=receipts.cut(json.dumps(named)),
    )
    return [found, found._replace(status="unsubscribed")] if code == _HAS_OPTED_OUT else [found]


def _named(campaign_id: str | None, lead_id: str | None) -> tuple[str | None, str | None]:
    """Return the ids of an address, neither if one is none."""
    is_named = ids.is_valid(campaign_id or "", "campaign") and ids.is_valid(lead_id or "", "lead")
    return (campaign_id, lead_id) if is_named else (None, None)


def _sent(body: bytes) -> Sequence["ReceiptSent"]:
    from functions.audience.receipts.shapes import ReceiptSent, ReceiptsSent  # noqa: PLC0415 - for a cold start

    said = _object(body)
    if "receipts" not in said:
        return [_valid(ReceiptSent.model_validate, said)]
    if isinstance(said["receipts"], list) and len(said["receipts"]) > MOST:
        raise InvalidInput.of("receipts", f"may have {MOST} receipts")
    return _valid(ReceiptsSent.model_validate, said).receipts


def _receipt(signed: Signed, sent: "ReceiptSent", now: str) -> Receipt:
    if (sent.campaign_id is None) != (sent.lead_id is None) or (sent.campaign_id or sent.vendor_message_id) is None:
        raise InvalidInput.of("vendor_message_id", "is required, or campaign_id and lead_id, both of them")
    for kind, named in (("campaign", sent.campaign_id), ("lead", sent.lead_id)):
        if named is not None and not ids.is_valid(named, kind):
            raise InvalidInput.of(f"{kind}_id", f"is no id of a {kind}")
    raw = None if sent.raw_payload is None else _raw(sent.raw_payload)
    return Receipt(
        signed.provider.tenant_id,
        signed.provider.provider_id,
        sent.status,
        min(sent.occurred_at or now, now),
        sent.campaign_id,
        sent.lead_id,
        vendor_message_id=sent.vendor_message_id,
        reason=sent.reason,
        raw=raw,
    )


def _raw(said: Any) -> str:
    """Return what a provider says besides, as it is kept. Raises Malformed for what is nested too deeply."""
    try:
        return receipts.cut(json.dumps(said, ensure_ascii=False))
    except RecursionError as error:
        raise Malformed("What the receipt says besides is nested too deeply.") from error


def _require_size(body: bytes) -> None:
    if len(body) > MOST_BYTES:
        raise TooLarge(f"A request may have {MOST_BYTES} bytes.")


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON in UTF-8.") from error
    if not isinstance(said, dict):
        raise Malformed("The body is not a JSON object.")
    return said


def _valid(read: Callable[[Any], Model], said: Mapping[str, Any]) -> Model:
    """Return what was sent. Raises InvalidInput that names the fields."""
    from pydantic import ValidationError  # noqa: PLC0415 - for a cold start

    try:
        return read(said)
    except ValidationError as error:
        raise problems.invalid_input([dict(each) for each in error.errors()]) from error
