"""What callers are answered about campaigns."""

from typing import Any

from pydantic import BaseModel, Field

from functions.audience.campaigns.variants.replies import (
    COUNTS,
    FUNNEL,
    VARIANT_STATS,
    CampaignFunnel,
    Variant,
    VariantStats,
    Winner,
)
from functions.audience.leads.replies import LEAD_ID, MOMENT, answered

CAMPAIGN_ID = "campaign_01KAEY5R7C2N8V4X6Z9B1D3F5H"
_CAMPAIGN: dict[str, Any] = {
    "campaign_id": CAMPAIGN_ID,
    "name": "Spring",
    "segment_id": "segment_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "channel": "email",
    "purpose": "marketing",
    "status": "draft",
    "topic": "newsletter",
    "message_template": "Hello {{ name }}! Unsubscribe: {{ unsubscribe_url }}",
    "html_template": None,
    "subject": "Spring is here",
    "template_name": None,
    "template_variables": None,
    "provider_id": None,
    "scheduled_at": None,
    "time_zone_mode": "instant",
    "chunk_size": None,
    "rate_per_minute": None,
    "max_audience": None,
    "track_opens": False,
    "track_clicks": False,
    "test_recipients": [],
    "variants": [],
    "winner": None,
    "winning_variant": None,
    "decides_at": None,
    "decided_at": None,
    "decided_by": None,
    "audience": None,
    "chunks": None,
    "reason": None,
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "started_at": None,
    "finished_at": None,
    "version": 1,
}
_ROW: dict[str, Any] = {
    "lead_id": LEAD_ID,
    "is_erased": False,
    "status": "failed",
    "variant": None,
    "reason": "400",
    "attempts": 1,
    "waits_until": None,
    "provider_id": "prv_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "vendor_message_id": None,
    "sent_at": None,
    "delivered_at": None,
    "opened_at": None,
    "clicked_at": None,
    "updated_at": MOMENT,
}
_MESSAGE: dict[str, Any] = {
    "lead_id": LEAD_ID,
    "variant": None,
    "to": "ada@example.org",
    "subject": "Spring is here",
    "text": "Hello Ada!",
    "html": None,
    "variables": {},
    "sms_parts": None,
}


class Campaign(BaseModel):
    """A campaign."""

    model_config = answered(_CAMPAIGN)

    campaign_id: str
    name: str
    segment_id: str
    channel: str
    purpose: str
    status: str = Field(
        description="`draft`, `scheduled`, `preparing`, `running`, `paused`, `completed`, `cancelled`, `failed`."
    )
    topic: str | None
    message_template: str
    html_template: str | None
    subject: str | None
    template_name: str | None
    template_variables: dict[str, str] | None
    provider_id: str | None
    scheduled_at: str | None
    time_zone_mode: str = Field(description="`local`: by the clocks where each lead is; else `instant`.")
    chunk_size: int | None
    rate_per_minute: int | None
    max_audience: int | None
    track_opens: bool
    track_clicks: bool
    test_recipients: list[str]
    variants: list[Variant]
    winner: Winner | None
    winning_variant: str | None = Field(description="The variant that the rest of the audience gets.")
    decides_at: str | None = Field(description="When it is decided which variant wins, once the test has been sent.")
    decided_at: str | None
    decided_by: str | None = Field(description="`clicks`, `opens` or `person`.")
    audience: int | None = Field(description="How many leads it is for, once that is frozen.")
    chunks: int | None
    reason: str | None = Field(description="Why it was paused by itself, or has failed.")
    created_by: str
    created_at: str
    updated_at: str
    started_at: str | None
    finished_at: str | None
    version: int = Field(description="How often it was changed, for `If-Match`.")


class CampaignCounts(BaseModel):
    """How many recipients are in each state; together they are the audience."""

    model_config = answered(COUNTS)

    pending: int
    sent: int
    delivered: int
    opened: int
    clicked: int
    failed: int
    bounced: int
    unknown: int
    skipped: int


class CampaignShown(Campaign):
    """A campaign, and how far it is."""

    model_config = answered({**_CAMPAIGN, "counts": COUNTS})

    counts: CampaignCounts


class Campaigns(BaseModel):
    """A page of campaigns, the newest first."""

    model_config = answered({"items": [_CAMPAIGN], "next_cursor": None})

    items: list[Campaign]
    next_cursor: str | None


class CampaignRecipient(BaseModel):
    """What became of the message to a lead."""

    model_config = answered(_ROW)

    lead_id: str
    is_erased: bool = Field(description="The lead was erased since, and `lead_id` stands for nobody.")
    status: str
    variant: str | None = Field(description="Which variant it gets.")
    reason: str | None
    attempts: int
    waits_until: str | None
    provider_id: str | None
    vendor_message_id: str | None
    sent_at: str | None
    delivered_at: str | None
    opened_at: str | None
    clicked_at: str | None
    updated_at: str


class CampaignLogs(BaseModel):
    """A page of recipients."""

    model_config = answered({"items": [_ROW], "next_cursor": None})

    items: list[CampaignRecipient]
    next_cursor: str | None


class CampaignStats(BaseModel):
    """The counters of a campaign."""

    model_config = answered(
        {
            "campaign_id": CAMPAIGN_ID,
            "status": "completed",
            "audience": 100,
            "counts": COUNTS,
            "funnel": FUNNEL,
            "complained": 0,
            "unsubscribed": 1,
            "machine_opened": 3,
            "machine_clicked": 0,
            "variants": [VARIANT_STATS],
            "winning_variant": "B",
        }
    )

    campaign_id: str
    status: str
    audience: int
    counts: CampaignCounts
    funnel: CampaignFunnel
    complained: int
    unsubscribed: int
    machine_opened: int = Field(description="Messages that a program has opened, counted beside the states.")
    machine_clicked: int = Field(description="Messages of which a program has followed a link.")
    variants: list[VariantStats]
    winning_variant: str | None


class RenderedMessage(BaseModel):
    """A message as a lead would get it."""

    model_config = answered(_MESSAGE)

    lead_id: str
    variant: str | None = Field(description="Which variant it is.")
    to: str | None
    subject: str | None
    text: str
    html: str | None
    variables: dict[str, str]
    sms_parts: int | None = Field(description="How many parts an SMS is sent and paid in.")


class CampaignPreview(BaseModel):
    """The messages to three leads of the segment."""

    model_config = answered({"items": [_MESSAGE]})

    items: list[RenderedMessage]


_TRIED = {"to": "ada@example.org", "variant": None, "outcome": "accepted", "reason": None}


class TestResult(BaseModel):
    """What a provider answered to a message that was sent to try it."""

    model_config = answered(_TRIED)

    to: str
    variant: str | None = Field(description="Which variant it was.")
    outcome: str
    reason: str | None


class CampaignTest(BaseModel):
    """What came of each message."""

    model_config = answered({"results": [_TRIED]})

    results: list[TestResult]


class CampaignDifference(BaseModel):
    """A state whose counter and rows differ."""

    model_config = answered({"status": "sent", "variant": None, "stored": 11, "counted": 12})

    status: str
    variant: str | None = Field(description="Of which variant it is the counter, null for that of all.")
    stored: int
    counted: int


class CampaignRecount(BaseModel):
    """Where the counters of a campaign differ from its rows."""

    model_config = answered({"campaign_id": CAMPAIGN_ID, "differences": [], "repaired": False})

    campaign_id: str
    differences: list[CampaignDifference]
    repaired: bool
