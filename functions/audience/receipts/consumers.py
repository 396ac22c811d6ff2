"""Background work: receipts, what was seen of messages, inbound messages and notices, from one queue; twice is once.

Receipts are applied by campaign. Each message of a person and each notice is a subject of its own, so that one whose
provider takes nothing now comes again by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.audience.receipts import applying, inbound, parking, receipts
from functions.audience.receipts.reading import Inbound
from functions.audience.receipts.receipts import Receipt
from functions.audience.respect import asking
from functions.audience.tracking import counting
from shared.messaging import batches, bus
from shared.messaging.batches import Message, is_event, is_last_try


class About(NamedTuple):
    """Whose receipts they are, and of which campaign, as far as they say; or which notice or inbound message it is."""

    tenant_id: str
    campaign_id: str | None
    message_id: str | None = None


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Apply receipts, and do what people have asked for; answers the messages that are to come again."""
    return batches.per_subject(event, _about, _handle)


def _about(message: Message) -> About:
    """Return what a message is about. Raises KeyError, TypeError or ValueError when it is about nothing."""
    if is_event(message):
        happened = bus.read(message)
        return About(happened.tenant_id, None, str(happened.data["send_id"]))
    if "inbound" in message:
        came = Inbound(**message["inbound"])
        return About(came.tenant_id, None, f"{came.provider_id} {came.sender} {came.message_id}")
    if "seen" in message:
        seen = counting.of_message(message["seen"])
        return About(seen.tenant_id, seen.campaign_id)
    first = _receipts(message)[0]
    return About(first.tenant_id, first.campaign_id)


def _handle(about: About, messages: Sequence[Message]) -> None:
    by_campaign = defaultdict[str, list[Receipt]](list)
    for each in (receipt for message in messages for receipt in _receipts(message)):
        addressed = parking.addressed(each)
        if addressed is not None and addressed.campaign_id is not None:
            by_campaign[addressed.campaign_id].append(addressed)
    for campaign_id, told in by_campaign.items():
        applying.apply(about.tenant_id, campaign_id, told)
    for message in messages:
        if is_event(message):
            asking.send(about.tenant_id, str(bus.read(message).data["send_id"]), is_last_try=is_last_try(message))
        if "inbound" in message:
            inbound.take(Inbound(**message["inbound"]), is_last_try=is_last_try(message))
        if "seen" in message:
            counting.count(counting.of_message(message["seen"]))


def _receipts(message: Message) -> list[Receipt]:
    return [receipts.of_message(each) for each in message.get("receipts", ())]
