"""The events of an audience. They name leads by their ids; who a lead is, only the table says."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType, SubjectState


class LeadChanged(EventData):
    """Which lead it is."""

    lead_id: str


class LeadErased(LeadChanged):
    """Which lead was erased, and of which others what was left went with it."""

    erased_ids: list[str]


class LeadMerged(LeadChanged):
    """Which lead stays, and which one was merged into it."""

    merged_id: str


class ConsentRecorded(LeadChanged):
    """To what a lead has agreed, or what it has refused."""

    subject: str = Field(description="A channel, or a topic of one: `email/newsletter`.")
    consent: str = Field(description="`granted`, `pending` or `denied`.")


class LeadAsked(LeadChanged):
    """For which consent a lead is asked, and the id of the message."""

    subject: str = Field(description="A channel, or a topic of one: `email/newsletter`.")
    send_id: str


class LeadNotAsked(LeadAsked):
    """What became of the message."""

    outcome: str = Field(description="`failed`, or `unknown` where it may have been sent.")
    reason: str | None = Field(description="The provider's code, or the name of what kept it from being sent.")


class OrderRecorded(LeadChanged):
    """Which order or refund it is; the amount of a refund is negative."""

    order_id: str
    amount_minor_units: int
    currency: str
    ordered_at: str


class LeadsImported(EventData):
    """Which leads a part of an import has made and changed."""

    inserted_ids: list[str]
    updated_ids: list[str]
    import_id: str | None = Field(description="The import of a file that the part is of, if it is of one.")


class LeadState(SubjectState):
    """The lead after the event."""

    status: str = Field(description="`present`, `merged` or `erased`.")
    total_spend_minor_units: int
    order_count: int
    visits: int


class SegmentChanged(EventData):
    """Which segment it is, and at which version."""

    segment_id: str
    segment_version: int


class SuppressionChanged(EventData):
    """Which address, by its digest, and why it was put on the list of suppressions or taken off it."""

    channel: str
    digest: str
    reason: str


class SuppressionsImported(EventData):
    """How many addresses a part of many rows has suppressed."""

    count: int


class RecipientChanged(EventData):
    """To whom of a campaign it happened, on which channel, and why."""

    campaign_id: str
    lead_id: str
    channel: str
    reason: str | None = Field(description="The provider's code or the name of the failure, if there is one.")


class ProviderChanged(EventData):
    """Which delivery provider it is, and at which version."""

    provider_id: str
    kind: str
    channel: str
    provider_version: int


class CampaignChanged(EventData):
    """Which campaign it is, and what has become of it."""

    campaign_id: str
    channel: str
    status: str
    run: int = Field(description="How often it was started and resumed.")
    reason: str | None = Field(description="Why it was paused by itself, or has failed.")
    audience: int | None = Field(description="How many leads it is for, once that is frozen.")


class CampaignState(SubjectState):
    """The campaign after the event."""


class CampaignProgressed(CampaignChanged):
    """How far a campaign is."""

    counts: dict[str, int] = Field(description="How many recipients are in each state; of the rest nothing is known.")


class CampaignDecided(CampaignChanged):
    """Which variant of a campaign has won, and by what that was decided."""

    variant: str
    by: str = Field(description="`clicks`, `opens` or `person`.")


_of_a_campaign = partial(EventType, CampaignChanged, state=CampaignState, is_published=True)


class SegmentMembersChanged(SegmentChanged):
    """Which leads have entered the segment, or left it: 200 at most, and more in other events."""

    lead_ids: list[str]


class FilesPublished(EventData):
    """Which generation of its files a tenant has now."""

    generation: int


_of_a_lead = partial(EventType, state=LeadState, is_published=True)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "audience.lead.created": _of_a_lead(LeadChanged, "A lead was created."),
    "audience.lead.updated": _of_a_lead(LeadChanged, "Fields of a lead were changed."),
    "audience.lead.imported": EventType(
        LeadsImported, "Leads were inserted or updated by a part of many rows.", is_published=True
    ),
    "audience.lead.merged": _of_a_lead(LeadMerged, "Another lead was merged into this one."),
    "audience.lead.visited": _of_a_lead(LeadChanged, "A visit of a lead was recorded."),
    "audience.lead.consent_recorded": _of_a_lead(ConsentRecorded, "A lead has agreed to something, or refused it."),
    "audience.lead.asked": EventType(
        LeadAsked, "A lead is asked for a consent; the message goes out once.", state=LeadState
    ),
    "audience.lead.not_asked": _of_a_lead(
        LeadNotAsked, "A lead could not be asked for a consent, or may not have been."
    ),
    "audience.lead.recounted": _of_a_lead(LeadChanged, "The totals of a lead were mended by a recount."),
    "audience.order.recorded": _of_a_lead(OrderRecorded, "An order of a lead was recorded."),
    "audience.order.refunded": _of_a_lead(OrderRecorded, "An order of a lead was refunded, in part or in whole."),
    "audience.lead.erased": _of_a_lead(LeadErased, "A lead was erased.", is_audited=True),
    "audience.campaign.cancelled": _of_a_campaign("A campaign was cancelled.", is_audited=True),
    "audience.campaign.completed": _of_a_campaign("Everybody in the audience of a campaign was seen to."),
    "audience.campaign.created": _of_a_campaign("A campaign was created."),
    "audience.campaign.decided": EventType(
        CampaignDecided,
        "A variant of a campaign has won; the rest of the audience gets it.",
        state=CampaignState,
        is_published=True,
    ),
    "audience.campaign.deleted": _of_a_campaign("A campaign that was never started was deleted."),
    "audience.campaign.failed": _of_a_campaign("A campaign could not be started; nothing was sent."),
    "audience.campaign.paused": _of_a_campaign("A campaign was paused, by somebody or by itself."),
    "audience.campaign.prepared": _of_a_campaign("The audience of a campaign was frozen, and its sending begins."),
    "audience.campaign.progressed": EventType(
        CampaignProgressed, "A campaign has gone on for ten seconds.", state=CampaignState, is_published=True
    ),
    "audience.campaign.resumed": _of_a_campaign("A campaign that was paused goes on."),
    "audience.campaign.scheduled": _of_a_campaign("A campaign has a time at which it starts."),
    "audience.campaign.started": _of_a_campaign("A campaign was started; it is being prepared.", is_audited=True),
    "audience.campaign.updated": _of_a_campaign("Fields of a campaign were changed."),
    "audience.recipient.bounced": EventType(RecipientChanged, "A message of a campaign came back.", is_published=True),
    "audience.recipient.complained": EventType(
        RecipientChanged, "Somebody has complained of a message of a campaign.", is_published=True
    ),
    "audience.recipient.failed": EventType(
        RecipientChanged, "A message of a campaign was not taken, or could not be delivered.", is_published=True
    ),
    "audience.recipient.unsubscribed": EventType(
        RecipientChanged, "Somebody has unsubscribed by a message of a campaign.", is_published=True
    ),
    "audience.provider.created": EventType(ProviderChanged, "A delivery provider was created.", is_audited=True),
    "audience.provider.deleted": EventType(ProviderChanged, "A delivery provider was deleted.", is_audited=True),
    "audience.provider.secret_rotated": EventType(
        ProviderChanged, "A delivery provider was given a new secret of receipts.", is_audited=True
    ),
    "audience.provider.updated": EventType(ProviderChanged, "A delivery provider was changed.", is_audited=True),
    "audience.files.published": EventType(FilesPublished, "The files of a tenant's leads were written anew."),
    "audience.segment.created": EventType(SegmentChanged, "A segment was created.", is_published=True),
    "audience.segment.deleted": EventType(SegmentChanged, "A segment was deleted.", is_published=True),
    "audience.segment.entered": EventType(
        SegmentMembersChanged,
        "Leads have entered a segment, by a change of theirs, of its rule, or by time.",
        is_published=True,
    ),
    "audience.segment.left": EventType(
        SegmentMembersChanged, "Leads have left a segment, likewise; erased ones too.", is_published=True
    ),
    "audience.segment.updated": EventType(SegmentChanged, "A segment was replaced.", is_published=True),
    "audience.suppression.added": EventType(SuppressionChanged, "An address was suppressed by hand.", is_audited=True),
    "audience.suppression.imported": EventType(
        SuppressionsImported, "Addresses were suppressed by a part of many rows.", is_audited=True
    ),
    "audience.suppression.removed": EventType(
        SuppressionChanged, "An address was taken off the list of suppressions.", is_audited=True
    ),
    "audience.campaign.stated": EventType(
        CampaignChanged, "Nothing happened: an operator had said how a campaign is.", state=CampaignState
    ),
    "audience.lead.stated": EventType(
        LeadChanged, "Nothing happened: an operator had said how a lead is.", state=LeadState
    ),
}
