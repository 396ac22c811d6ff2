"""What preparing has frozen of a campaign beside its own fields: the rule with all that it names, `now`, the file."""

import json
from typing import Any, Final, NamedTuple

from functions.audience import money
from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.segments import graph, segments
from functions.audience.segments.rules import rule as rules
from functions.audience.segments.rules.form import Form
from functions.audience.segments.rules.rule import Rule
from shared import clock
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put

_ENTITY: Final = "CampaignFrozen"


class Frozen(NamedTuple):
    """What was frozen. `rules` is JSON: the rules of the segment and of all that it names, by their ids."""

    segment_id: str
    rules: str
    decimals: int
    now: Instant
    file: str

    @property
    def form(self) -> Form:
        """The rule as engines evaluate it, at the instant of the freezing."""
        known = {each: Rule(*there) for each, there in json.loads(self.rules).items()}
        return rules.read(
            known[self.segment_id],
            now=self.now,
            decimals=self.decimals,
            segments=known,
            segment_id=self.segment_id,
        )


def find(tenant_id: str, campaign_id: str) -> Frozen | None:
    """Return what was frozen of a campaign, None before it was prepared."""
    item = table.get(_key(tenant_id, campaign_id), consistent=True)
    return None if item is None else records.from_item(Frozen, item)


def freeze(campaign: Campaign, *, file: str) -> Put:
    """Return the write that freezes the rule of a campaign as it is now. Raises segments.SegmentNotFound."""
    tenant_id, segment_id = campaign.tenant_id, campaign.segment_id
    own = segments.get(tenant_id, segment_id)
    named = graph.read(tenant_id).below(sorted(rules.segments_named(own.rule.tree)))
    known: dict[str, Any] = {each: there.rule for each, there in segments.several(tenant_id, named).items()}
    currency = money.find(tenant_id)
    made = Frozen(
        segment_id=segment_id,
        rules=json.dumps({**known, segment_id: own.rule}, ensure_ascii=False, separators=(",", ":")),
        decimals=0 if currency is None else currency.decimals,
        now=clock.now(),
        file=file,
    )
    return Put(records.to_item(_key(tenant_id, campaign.campaign_id), _ENTITY, made), ABSENT)


def _key(tenant_id: str, campaign_id: str) -> Key:
    return Key(campaigns.own_partition(tenant_id, campaign_id), "FROZEN")
