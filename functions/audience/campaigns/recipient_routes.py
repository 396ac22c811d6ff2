"""What became of the message of a campaign to one lead, over REST."""

from typing import Final

from functions.audience.campaigns import campaigns
from functions.audience.receipts import evidence
from functions.audience.recipients import recipients
from functions.audience.resolver import CAMPAIGN, READ, api
from shared import ids
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer
from shared.errors import NotFound

replies = Replies("functions.audience.receipts.replies")

_SHOWN: Final = (
    "campaign_id",
    "lead_id",
    "is_erased",
    "status",
    "reason",
    "channel",
    "attempts",
    "send_id",
    "vendor_message_id",
    "sent_at",
    "delivered_at",
    "opened_at",
    "clicked_at",
    "complained_at",
    "unsubscribed_at",
    "updated_at",
    "version",
)


class RecipientNotFound(NotFound):
    """404: nothing was sent to this lead by a campaign with this id, and nothing is waiting."""

    def __init__(self) -> None:
        super().__init__("Nothing is known of a message of this campaign to this lead.")


@api.operation(
    "GET",
    f"{CAMPAIGN}/recipients/<lead_id>",
    scope=READ,
    summary="Show what became of the message to a lead",
    answers={200: replies.RecipientShown},
    refusals=(RecipientNotFound,),
)
def show_recipient(campaign_id: str, lead_id: str) -> Response:
    """Show what became of the message to a lead, which variant it was, and what its provider has said of it."""
    tenant_id = api.caller.tenant_id
    if not ids.is_valid(campaign_id, "campaign") or not ids.is_valid(lead_id, "lead"):
        raise RecipientNotFound
    found = recipients.get(tenant_id, campaign_id, lead_id)
    if found is None:
        raise RecipientNotFound
    variant = campaigns.name_of_variant(tenant_id, campaign_id, found.variant)
    shown = {name: getattr(found, name) for name in _SHOWN}
    return answer(200, {**shown, "variant": variant, "receipts": evidence.of(tenant_id, campaign_id, lead_id)})
