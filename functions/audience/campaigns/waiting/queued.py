"""Which chunks of a campaign were put on the queue: in which run, and until which instant they were due.

A chunk that starts later is put there when it is due, and those before it are not put there again. Every change has a
version: so what a worker says, that a chunk was put there too early, is not undone by whoever had put it there.
"""

from typing import Final, NamedTuple

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.chunks import Chunk
from functions.audience.campaigns.waiting import waits
from shared.clock import Instant
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Put, unchanged

_ENTITY: Final = "CampaignQueued"
_NO_RUN: Final = 0


class Queued(NamedTuple):
    """What was put on the queue in a run: chunks that were due until an instant, and the rest if a variant had won."""

    run: int
    until: Instant
    version: int
    has_rest: bool = False

    def has(self, campaign: Campaign, chunk: Chunk) -> bool:
        """Return whether a chunk was put on the queue in the present run of its campaign."""
        if self.run != campaign.run:
            return False
        return self.has_rest if chunk.role == "rest" else waits.is_due(campaign, chunk, self.until)


def read(campaign: Campaign) -> Queued:
    """Return what was put on the queue, at version 0 before anything was."""
    item = table.get(_key(campaign), consistent=True)
    return Queued(_NO_RUN, 0, 0) if item is None else records.from_item(Queued, item)


def keep(campaign: Campaign, before: Queued, *, until: Instant) -> bool:
    """Record that everything was put on the queue that was due then; return whether nobody else has said something.

    Raises Unavailable.
    """
    try:
        table.transact([_written(campaign, before, Queued(campaign.run, until, 0, has_rest=campaign.won is not None))])
    except (ConditionFailed, Contended):
        return False
    return True


def forget(campaign: Campaign) -> None:
    """Record that what was put on the queue is to be put there again when it is due. Raises Unavailable."""

    def plan() -> Plan[None]:
        return Plan(None, [_written(campaign, read(campaign), Queued(_NO_RUN, 0, 0))])

    changes.make(plan)


def _written(campaign: Campaign, before: Queued, after: Queued) -> Put:
    item = records.to_item(_key(campaign), _ENTITY, after._replace(version=before.version + 1))
    return Put(item, unchanged(before.version) if before.version else ABSENT)


def _key(campaign: Campaign) -> Key:
    return Key(campaigns.own_partition(campaign.tenant_id, campaign.campaign_id), "QUEUED")
