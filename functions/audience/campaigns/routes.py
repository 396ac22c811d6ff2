"""Campaigns over REST."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

from functions.audience import resolver
from functions.audience.campaigns import campaigns, commands, lifecycle, reading, recounts, starting
from functions.audience.campaigns.campaigns import CampaignNotFound
from functions.audience.campaigns.lifecycle import CampaignNotEditable
from functions.audience.campaigns.moving import StatusNotPossible
from functions.audience.campaigns.variants import deciding
from functions.audience.resolver import ADMIN, BODY, CAMPAIGN, CAMPAIGNS, KEYED, READ, SEND, api
from functions.audience.segments import matching, segments
from functions.audience.segments.rules.refusals import RuleRefused
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.audience.campaigns.shapes import (
        CampaignChange,
        CampaignDraft,
        CampaignRecountAsked,
        StatusAsked,
        WinnerAsked,
    )

replies = Replies("functions.audience.campaigns.replies")

SENT: Final = Body("functions.audience.campaigns.shapes")
STARTABLE: Final = (
    starting.EverybodyNotConfirmed,
    starting.ProviderMissing,
    starting.MarketingIncomplete,
    matching.RuleNotAnswered,
    segments.SegmentNotFound,
    RuleRefused,
)
"""What may stand against the start of a campaign."""
OfStatus = Annotated[
    Literal["draft", "scheduled", "preparing", "running", "paused", "completed", "cancelled", "failed"] | None,
    Query(description="Those in this state only."),
]
Logged = Annotated[
    Literal["waiting", "failed", "bounced", "skipped", "unknown"],
    Query(description="Which recipients, those that have failed by default; nobody has to look at the others."),
]


@api.operation(
    "POST",
    CAMPAIGNS,
    scope=SEND,
    summary="Create a campaign",
    answers={201: replies.Campaign},
    refusals=(*BODY, lifecycle.PurposeNotAllowed, segments.SegmentNotFound, *KEYED),
)
def create_campaign(draft: Annotated["CampaignDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Create a campaign as a draft. Its templates are checked; nothing is sent before it is started."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, draft.fields(), claim=claim))


@api.operation(
    "GET",
    CAMPAIGNS,
    scope=READ,
    summary="List the campaigns",
    answers={200: replies.Campaigns},
    refusals=(Malformed, InvalidInput),
)
def list_campaigns(limit: Limit = 20, cursor: Cursor = None, status: OfStatus = None) -> Response:
    """List the campaigns of your tenant, the newest first; those in one state by when they came into it."""
    found = campaigns.page(api.caller.tenant_id, limit=limit, cursor=cursor, status=status)
    return resolver.page(found)


@api.operation(
    "GET",
    CAMPAIGN,
    scope=READ,
    summary="Show a campaign",
    answers={200: replies.CampaignShown},
    refusals=(CampaignNotFound,),
)
def show_campaign(campaign_id: str) -> Response:
    """Show a campaign, and how many recipients are in each state now."""
    return answer(200, reading.show(api.caller.tenant_id, campaign_id))


@api.operation(
    "PATCH",
    CAMPAIGN,
    scope=SEND,
    summary="Change a campaign",
    answers={200: replies.Campaign},
    refusals=(
        *BODY,
        CampaignNotFound,
        CampaignNotEditable,
        lifecycle.PurposeNotAllowed,
        segments.SegmentNotFound,
        VersionChanged,
    ),
)
def change_campaign(campaign_id: str, change: Annotated["CampaignChange", SENT], if_match: IfMatch = None) -> Response:
    """Change a campaign that was not started. The rate can be changed until it is over, and holds within 2 seconds."""
    return answer(200, lifecycle.change(api.caller, campaign_id, change.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    CAMPAIGN,
    scope=SEND,
    summary="Delete a campaign",
    answers={204: None},
    refusals=(Malformed, CampaignNotFound, CampaignNotEditable, VersionChanged),
)
def delete_campaign(campaign_id: str, if_match: IfMatch = None) -> Response:
    """Delete a campaign that was never started. One that was is cancelled instead, and stays with its statistics."""
    lifecycle.delete(api.caller, campaign_id, if_match=if_match)
    return answer(204)


@api.operation(
    "PUT",
    f"{CAMPAIGN}/status",
    scope=SEND,
    summary="Start, pause, resume or cancel a campaign",
    answers={200: replies.Campaign},
    refusals=(*BODY, CampaignNotFound, StatusNotPossible, commands.TimeMissing, *STARTABLE),
)
def set_campaign_status(campaign_id: str, asked: Annotated["StatusAsked", SENT]) -> Response:
    """Bring a campaign into another state. The same state again changes nothing; an impossible one answers 409."""
    moved = commands.set_status(api.caller, campaign_id, asked.status, confirm_all=asked.confirm_all)
    return answer(200, moved)


@api.operation(
    "POST",
    f"{CAMPAIGN}/winner",
    scope=SEND,
    summary="Decide which variant has won",
    answers={200: replies.Campaign},
    refusals=(*BODY, CampaignNotFound, deciding.NothingToDecide, deciding.WinnerDecided),
)
def decide_campaign(campaign_id: str, asked: Annotated["WinnerAsked", SENT]) -> Response:
    """Have a variant win before it is time; the rest of the audience gets it. Twice is as good, another answers 409."""
    return answer(200, deciding.decide(api.caller.tenant_id, campaign_id, asked.variant))


@api.operation(
    "GET",
    f"{CAMPAIGN}/logs",
    scope=READ,
    summary="List the recipients that somebody may want to look at",
    answers={200: replies.CampaignLogs},
    refusals=(Malformed, InvalidInput, CampaignNotFound),
)
def list_campaign_logs(
    campaign_id: str, status: Logged = "failed", limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """List the recipients that wait, have failed, bounced, were skipped, or of whom nothing is known."""
    found = reading.logs(api.caller.tenant_id, campaign_id, status, limit=limit, cursor=cursor)
    return resolver.page(found)


@api.operation(
    "GET",
    f"{CAMPAIGN}/stats",
    scope=READ,
    summary="Show the statistics of a campaign",
    answers={200: replies.CampaignStats},
    refusals=(CampaignNotFound,),
)
def show_campaign_stats(campaign_id: str) -> Response:
    """Show the counters of a campaign: as states, which add up to its audience, and as a funnel."""
    return answer(200, reading.stats(api.caller.tenant_id, campaign_id))


@api.operation(
    "POST",
    f"{CAMPAIGN}/preview",
    scope=READ,
    summary="Preview a campaign",
    answers={200: replies.CampaignPreview},
    refusals=(CampaignNotFound, segments.SegmentNotFound, matching.RuleNotAnswered, RuleRefused, InvalidInput),
    is_writing=False,
)
def preview_campaign(campaign_id: str) -> Response:
    """Show the messages to three leads of the segment, of the first 5,000 leads looked at. Nothing is sent."""
    from functions.audience.campaigns import previews  # noqa: PLC0415 - for a cold start: no read renders

    return answer(200, previews.preview(api.caller.tenant_id, campaign_id))


@api.operation(
    "POST",
    f"{CAMPAIGN}/test",
    scope=SEND,
    summary="Send a campaign to those who try it",
    answers={200: replies.CampaignTest},
    refusals=(
        CampaignNotFound,
        segments.SegmentNotFound,
        matching.RuleNotAnswered,
        RuleRefused,
        InvalidInput,
        starting.ProviderMissing,
    ),
    is_writing=False,
)
def test_campaign(campaign_id: str) -> Response:
    """Send the message, as a lead of the segment would get it, to the `test_recipients` of the campaign, at once."""
    from functions.audience.campaigns import previews  # noqa: PLC0415 - for a cold start: no read renders

    return answer(200, previews.test(api.caller.tenant_id, campaign_id))


@api.operation(
    "POST",
    f"{CAMPAIGN}/recount",
    scope=ADMIN,
    summary="Count a campaign again",
    answers={200: replies.CampaignRecount},
    refusals=(*BODY, CampaignNotFound, recounts.CampaignStillRunning, recounts.CampaignCountersMoving),
)
def recount_campaign(campaign_id: str, asked: Annotated["CampaignRecountAsked", SENT]) -> Response:
    """Count the rows of a campaign, and show where its counters differ; mend them if asked."""
    found = recounts.recount(api.caller.tenant_id, campaign_id, is_repairing=asked.repair)
    return answer(200, found)
