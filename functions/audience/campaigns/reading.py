"""How far a campaign is: its counters as states and as a funnel, and the rows that somebody may want to look at."""

from collections.abc import Mapping
from typing import Any, Final

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import Campaign, View
from functions.audience.recipients import counters, recipients
from functions.audience.recipients.state import Recipient, Status

STATES: Final = ("sent", "delivered", "opened", "clicked", "failed", "bounced", "unknown", "skipped")
LOGGED: Final[Mapping[str, Status]] = {
    "waiting": "pending",
    "failed": "failed",
    "bounced": "bounced",
    "skipped": "skipped",
    "unknown": "unknown",
}
_SHOWN: Final = (
    "lead_id",
    "is_erased",
    "status",
    "variant",
    "reason",
    "attempts",
    "waits_until",
    "provider_id",
    "vendor_message_id",
    "sent_at",
    "delivered_at",
    "opened_at",
    "clicked_at",
    "updated_at",
)


def show(tenant_id: str, campaign_id: str) -> View:
    """Return a campaign with its counters. Raises CampaignNotFound."""
    campaign = campaigns.get(tenant_id, campaign_id, consistent=False)
    return {**campaigns.view(campaign), "counts": states(campaign, counters.totals(tenant_id, campaign_id))}


def stats(tenant_id: str, campaign_id: str) -> View:
    """Return the counters of a campaign as states, which add up to its audience, and as a funnel.

    Raises CampaignNotFound.
    """
    campaign = campaigns.get(tenant_id, campaign_id, consistent=False)
    counted = counters.every(tenant_id, campaign_id)
    counts = states(campaign, counted)
    return {
        "campaign_id": campaign_id,
        "status": campaign.status,
        "audience": campaign.audience or 0,
        "counts": counts,
        "funnel": _funnel(counts),
        "complained": counted.get(counters.COMPLAINED, 0),
        "unsubscribed": counted.get(counters.UNSUBSCRIBED, 0),
        "machine_opened": counted.get(counters.MACHINE_OPENED, 0),
        "machine_clicked": counted.get(counters.MACHINE_CLICKED, 0),
        "variants": [
            _of_variant(each["name"], counters.of_variant(counted, number))
            for number, each in enumerate(campaign.variants)
        ],
        "winning_variant": campaigns.variant_name(campaign, campaign.won),
    }


def _of_variant(name: str, counted: Mapping[str, int]) -> View:
    counts = {each: counted.get(each, 0) for each in STATES}
    return {"name": name, "counts": counts, "funnel": _funnel(counts)}


def _funnel(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many came so far, or further."""
    opened = counts["opened"] + counts["clicked"]
    delivered = counts["delivered"] + opened
    return {
        "sent": counts["sent"] + delivered + counts["bounced"],
        "delivered": delivered,
        "opened": opened,
        "clicked": counts["clicked"],
    }


def states(campaign: Campaign, totals: Mapping[str, int]) -> dict[str, int]:
    """Return how many recipients are in each state; what is counted nowhere is pending."""
    counted = {name: totals.get(name, 0) for name in STATES}
    return {"pending": (campaign.audience or 0) - sum(counted.values()), **counted}


def logs(
    tenant_id: str, campaign_id: str, status: str, *, limit: int, cursor: str | None
) -> tuple[list[View], str | None]:
    """Return a page of the recipients in one of the states of `LOGGED`. Raises CampaignNotFound, Malformed."""
    campaign = campaigns.get(tenant_id, campaign_id, consistent=False)
    found, following = recipients.listed(tenant_id, campaign_id, LOGGED[status], limit=limit, cursor=cursor)
    return [_view(campaign, each) for each in found], following


def _view(campaign: Campaign, recipient: Recipient) -> dict[str, Any]:
    shown = {**recipient._asdict(), "variant": campaigns.variant_name(campaign, recipient.variant)}
    return {name: shown[name] for name in _SHOWN}
