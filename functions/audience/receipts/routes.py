"""Receipts over REST: open to providers, believed by their signature, taken at once and applied from a queue."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Final

from functions.audience.receipts import reading, signed
from functions.audience.receipts.receipts import MOST, MOST_BYTES, Receipt, to_message
from functions.audience.receipts.signed import ReceiptNotVerified
from functions.audience.resolver import DELIVERY, api
from shared import config
from shared.api.admission import UNGUESSABLE
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia
from shared.messaging import queues
from shared.messaging.queues import Outgoing

replies = Replies("functions.audience.receipts.replies")
shapes = Replies("functions.audience.receipts.shapes")

_TOGETHER: Final = 30
"""One grows to 6.5 KB, of signs that JSON escapes twice, and a message stays below what a queue takes."""

ProviderId = Annotated[str, Query(alias="provider", max_length=64, description="Which of your providers tells it.")]
CampaignId = Annotated[str | None, Query(alias="campaign", max_length=64, description="As Twilio was told.")]
LeadId = Annotated[str | None, Query(alias="lead", max_length=64, description="As Twilio was told.")]


@api.operation(
    "POST",
    f"{DELIVERY}/receipt",
    scope=PUBLIC,
    admission=UNGUESSABLE,
    summary="Tell what became of messages",
    answers={202: replies.Taken},
    reads=shapes.ReceiptsSent,
    refusals=(Malformed, ReceiptNotVerified, TooLarge, UnsupportedMedia, InvalidInput),
)
def receive_receipts(provider: ProviderId, campaign: CampaignId = None, lead: LeadId = None) -> Response:
    """Take a receipt, or up to 500, signed by Standard Webhooks 1.0.0 with a receipt secret of the provider.

    Twilio's come as a form with its own signature, at the address that it was told with the message. A status counts
    once for a message and only moves it forward. One for a message that nobody knows yet waits for a day.
    """
    came = signed.verified(api.request, provider)
    told = reading.receipts_of(came, campaign_id=campaign, lead_id=lead)
    queues.send_all(config.receipts_queue_url(), [*_messages(told)])
    return answer(202, {"accepted": len(told)})


@api.operation(
    "POST",
    f"{DELIVERY}/inbound",
    scope=PUBLIC,
    admission=UNGUESSABLE,
    summary="Tell what somebody has answered",
    answers={202: replies.Taken},
    reads=shapes.InboundSent,
    refusals=(Malformed, ReceiptNotVerified, TooLarge, UnsupportedMedia, InvalidInput),
)
def receive_inbound(provider: ProviderId) -> Response:
    """Take a message that somebody has sent to a number of yours, signed as receipts are.

    STOP and words like it suppress the number on the channel of the provider, START ends that, and HELP explains both.
    """
    came = reading.inbound_of(signed.verified(api.request, provider))
    queues.send_all(config.receipts_queue_url(), [Outgoing({"inbound": came._asdict()}, group=came.tenant_id)])
    return answer(202, {"accepted": 1})


@api.operation(
    "GET",
    f"{DELIVERY}/status",
    scope=PUBLIC,
    summary="Ask whether receipts are taken",
    answers={200: replies.DeliveryStatus},
)
def show_delivery_status() -> Response:
    """Say that receipts are taken, and how many at once."""
    return answer(200, {"status": "ok", "most_receipts": MOST, "most_bytes": MOST_BYTES})


def _messages(told: Sequence[Receipt]) -> Iterator[Outgoing]:
    """Yield the messages of receipts, each about one campaign."""
    by_campaign = defaultdict[str | None, list[Receipt]](list)
    for each in told:
        by_campaign[each.campaign_id].append(each)
    for receipts in by_campaign.values():
        for first in range(0, len(receipts), _TOGETHER):
            together = receipts[first : first + _TOGETHER]
            yield Outgoing({"receipts": [to_message(each) for each in together]}, group=together[0].tenant_id)
