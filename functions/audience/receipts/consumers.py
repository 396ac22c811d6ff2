"""Receipts, what was seen of messages, and inbound messages, from their queue and by campaign; twice is once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.audience.receipts import applying, inbound, parking, receipts
from functions.audience.receipts.reading import Inbound
from functions.audience.receipts.receipts import Receipt
from functions.audience.tracking import counting
from shared.messaging import batches
from shared.messaging.batches import Message


class About(NamedTuple):
    """Whose receipts they are, and of which campaign, as far as they say."""

    tenant_id: str
    campaign_id: str | None


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Apply receipts, and do what people have asked for; answers the messages that are to come again."""
    return batches.per_subject(event, _about, _handle)


def _about(message: Message) -> About:
    """Return what a message is about. Raises KeyError, TypeError or ValueError when it is about nothing."""
    if "inbound" in message:
        return About(Inbound(**message["inbound"]).tenant_id, None)
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
        if "inbound" in message:
            inbound.take(Inbound(**message["inbound"]))
        if "seen" in message:
            counting.count(counting.of_message(message["seen"]))


def _receipts(message: Message) -> list[Receipt]:
    return [receipts.of_message(each) for each in message.get("receipts", ())]
