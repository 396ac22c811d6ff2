"""A campaign: its record, its keys, and how it is read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.audience.campaigns.states import OVER, Status
from functions.audience.delivery.messages import Channel
from functions.audience.respect.permission import Purpose
from shared import clock, ids
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.events import Event
from shared.storage.writes import ABSENT, Put, unchanged

View = dict[str, Any]
TimeZoneMode = Literal["instant", "local"]
"""local  everybody is written to when clocks show the time where they are"""

ID: Final = "campaign"
PREFIX: Final = "CAMPAIGN#"
_LISTED: Final = "ENTITY#Campaign#"
_ENTITY: Final = "Campaign"
_HIDDEN: Final = (
    "tenant_id",
    "label",
    "run",
    "message",
    "confirmed_all",
    "accepted",
    "test_chunks",
    "won",
    "sends_through",
)


class CampaignNotFound(NotFound):
    """404: your tenant has no campaign with this id."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no campaign with this id.")


class Campaign(NamedTuple):
    """A campaign as it is stored.

    `label` begins its send ids. `message` has its templates, as `rendering.py` reads them. `run` grows when it is
    started and resumed: messages of an earlier run are void. `audience` and `chunks` are known once it is prepared.
    `accepted` has the counters as they were when it was last resumed. `scheduled_at` is an instant, or by local time
    what clocks show on the wall, without a zone. `variants` have a `name`, a `share` in percent, and the parts of the
    `message` that differ. `winner` says `by` what it is decided which of them the rest of the audience gets, after how
    many minutes, and of how many percent of the audience; `won` is the number of that variant.
    `sends_through` is the provider that it has used since it was last started or resumed, and that is not deleted
    until it is over.
    """

    tenant_id: str
    campaign_id: str
    label: str
    name: str
    segment_id: str
    channel: Channel
    purpose: Purpose
    message: Mapping[str, Any]
    status: Status
    created_by: str
    created_at: str
    updated_at: str
    version: int
    topic: str | None = None
    provider_id: str | None = None
    scheduled_at: str | None = None
    chunk_size: int | None = None
    rate_per_minute: int | None = None
    max_audience: int | None = None
    track_opens: bool = False
    track_clicks: bool = False
    test_recipients: Sequence[str] = ()
    confirmed_all: bool = False
    run: int = 0
    audience: int | None = None
    chunks: int | None = None
    reason: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    accepted: Mapping[str, int] = {}
    time_zone_mode: TimeZoneMode = "instant"
    variants: Sequence[Mapping[str, Any]] = ()
    winner: Mapping[str, Any] | None = None
    test_chunks: int | None = None
    decides_at: str | None = None
    won: int | None = None
    decided_at: str | None = None
    decided_by: str | None = None
    sends_through: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing is sent any more."""
        return self.status in OVER

    @property
    def is_parted(self) -> bool:
        """Whether parts of its audience are sent later than others."""
        return self.time_zone_mode == "local" or self.winner is not None

    def runs(self, run: int) -> bool:
        """Return whether messages of this run are still to be handled."""
        return self.status == "running" and self.run == run


def partition(tenant_id: str) -> str:
    """Return the partition of the campaigns of a tenant, of the table and of the index."""
    return f"TENANT#{tenant_id}#CAMPAIGNS"


def own_partition(tenant_id: str, campaign_id: str) -> str:
    """Return the partition of what belongs to a campaign: its chunks, its counters, what preparing froze."""
    return f"TENANT#{tenant_id}#CAMPAIGN#{campaign_id}"


def key(tenant_id: str, campaign_id: str) -> Key:
    """Return the key of a campaign. Raises CampaignNotFound for an id that none can have."""
    if not ids.is_valid(campaign_id, ID):
        raise CampaignNotFound
    return Key(partition(tenant_id), f"{PREFIX}{campaign_id}")


def get(tenant_id: str, campaign_id: str, *, consistent: bool = True) -> Campaign:
    """Return a campaign. Raises CampaignNotFound."""
    item = table.get(key(tenant_id, campaign_id), consistent=consistent)
    if item is None:
        raise CampaignNotFound
    return from_item(item)


def page(
    tenant_id: str, *, limit: int, cursor: str | None, status: Status | None = None
) -> tuple[list[View], str | None]:
    """Return a page of campaigns, the newest first, or of those in one state. Raises Malformed for a foreign cursor."""
    found, further = stored(tenant_id, limit=limit, cursor=cursor, status=status)
    return [view(each) for each in found], further


def stored(
    tenant_id: str, *, limit: int, cursor: str | None, status: Status | None = None
) -> tuple[list[Campaign], str | None]:
    """Return a page of campaigns as they are stored, as `page` does."""
    prefix, is_indexed = (PREFIX, False) if status is None else (f"{_LISTED}{status}#", True)
    found = table.query(partition(tenant_id), prefix, limit=limit, cursor=cursor, newest_first=True, index=is_indexed)
    return [from_item(item) for item in found.items], found.next_cursor


def to_item(campaign: Campaign) -> Item:
    """Return the item of a campaign."""
    item = records.to_item(key(campaign.tenant_id, campaign.campaign_id), _ENTITY, campaign)
    place = f"{_LISTED}{campaign.status}#{campaign.updated_at}#{campaign.campaign_id}"
    return item | {"GSI1PK": partition(campaign.tenant_id), "GSI1SK": place}


def from_item(item: Item) -> Campaign:
    """Return the campaign of an item."""
    return records.from_item(Campaign, item)


def written(before: Campaign | None, after: Campaign) -> Put:
    """Return the write of a campaign that nobody else has changed since `before`."""
    return Put(to_item(after), ABSENT if before is None else unchanged(before.version))


def happened(what: str, campaign: Campaign, at: Instant, **more: Any) -> Put:
    """Return the write of the event `audience.campaign.<what>`."""
    return events.occurred(
        f"audience.campaign.{what}",
        partition=own_partition(campaign.tenant_id, campaign.campaign_id),
        subject_id=campaign.campaign_id,
        tenant_id=campaign.tenant_id,
        at=at,
        data={**_told(campaign), **more},
        state=_stated(campaign),
    )


def restated(campaign: Campaign) -> Event:
    """Return the event that says how a campaign is stored now."""
    return events.stated(
        "audience.campaign",
        subject_id=campaign.campaign_id,
        tenant_id=campaign.tenant_id,
        data=_told(campaign),
        state=_stated(campaign),
    )


def _told(campaign: Campaign) -> View:
    names = ("campaign_id", "channel", "status", "run", "reason", "audience")
    return {name: getattr(campaign, name) for name in names}


def _stated(campaign: Campaign) -> View:
    return {name: getattr(campaign, name) for name in ("version", "created_at", "status")}


def next_version(campaign: Campaign, at: Instant, **fields: Any) -> Campaign:
    """Return a changed campaign at its next version."""
    return campaign._replace(**fields, updated_at=clock.to_rfc3339(at), version=campaign.version + 1)


def view(campaign: Campaign) -> View:
    """Return what callers see of a campaign."""
    shown = {name: value for name, value in campaign._asdict().items() if name not in _HIDDEN}
    return {
        **shown,
        **_NO_MESSAGE,
        **campaign.message,
        "test_recipients": list(campaign.test_recipients),
        "variants": [_variant_view(each) for each in campaign.variants],
        "winning_variant": variant_name(campaign, campaign.won),
    }


def variant_name(campaign: Campaign, number: int | None) -> str | None:
    """Return the name of the variant of a number, None for none."""
    return None if number is None else str(campaign.variants[number]["name"])


def name_of_variant(tenant_id: str, campaign_id: str, number: int | None) -> str | None:
    """Return the name of the variant of a number of a campaign, None for none, or where the campaign is gone."""
    if number is None:
        return None
    try:
        return variant_name(get(tenant_id, campaign_id, consistent=False), number)
    except CampaignNotFound:
        return None


def _variant_view(variant: Mapping[str, Any]) -> View:
    return {"name": variant["name"], "share": variant["share"], **_NO_MESSAGE, **variant["message"]}


_NO_MESSAGE: Final[Mapping[str, Any]] = {
    "message_template": None,
    "html_template": None,
    "subject": None,
    "template_name": None,
    "template_variables": None,
}
