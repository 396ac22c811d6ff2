"""A source: a goal, or a tracked milestone, that a milestone is bound to, and what is known of it.

It lies in a partition of its own source, so that one query finds what an event of that concerns. What is known of a
source comes from the states of its events alone; the newest version wins.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

Kind = Literal["goal", "kpi"]
State = Literal["asked", "open", "reached", "gone"]

BOUND: Final[tuple[Kind, ...]] = ("goal", "kpi")
"""The values of `progress_source` that bind a milestone to something of another context."""
REACHED: Final = 100
PREFIX: Final = "BOUND#"


class Heard(NamedTuple):
    """What a state says of a source: at which version, how far it is in whole percent, and whether it is gone.

    It is at 100 exactly if it is reached.
    """

    version: int
    progress: int
    is_gone: bool = False


class Source(NamedTuple):
    """What a milestone is bound to, as it is stored.

    `source_version` is the version that it is known by, 0 until its context has answered. `is_applied`: it is reached,
    and the milestone has been told. `is_lost`: it fell back when the milestone could not go back any more, and
    `escalation_id` was raised.
    """

    tenant_id: str
    project_milestone_id: str
    project_id: str
    kind: Kind
    source_id: str
    bound_by: str
    bound_at: str
    version: int
    threshold: int = 100
    source_version: int = 0
    progress: int = 0
    is_gone: bool = False
    is_applied: bool = False
    is_lost: bool = False
    escalation_id: str | None = None

    @property
    def is_reached(self) -> bool:
        """Whether it is there and reached."""
        return self.progress == REACHED and not self.is_gone

    @property
    def state(self) -> State:
        """What callers are told of it."""
        if self.is_gone:
            return "gone"
        if self.source_version == 0:
            return "asked"
        return "reached" if self.is_reached else "open"


def partition(tenant_id: str, source_id: str) -> str:
    """Return the partition of what is bound to a source."""
    return f"TENANT#{tenant_id}#SOURCE#{source_id}"


def key(tenant_id: str, source_id: str, milestone_id: str) -> Key:
    """Return the key of the source of a milestone."""
    return Key(partition(tenant_id, source_id), f"{PREFIX}{milestone_id}")


def key_of(source: Source) -> Key:
    """Return the key of a source."""
    return key(source.tenant_id, source.source_id, source.project_milestone_id)


def of(item: Item | None) -> Source | None:
    """Return the source that an item holds, None without one."""
    return None if item is None else records.from_item(Source, item)


def bound_to(tenant_id: str, source_id: str) -> list[Source]:
    """Return the sources of all milestones that are bound to one, as they are now; a query for each page."""
    found = table.query_all(partition(tenant_id, source_id), PREFIX)
    return [records.from_item(Source, item) for item in found]


def put(before: Source | None, after: Source) -> Put:
    """Return the write of a source that is still as it was read."""
    item = records.to_item(key_of(after), "Source", after)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def gone(source: Source) -> Delete:
    """Return the write that unbinds a milestone from a source that is still as it was read."""
    return Delete(key_of(source), unchanged(source.version))


def told(source: Source, heard: Heard) -> Source:
    """Return a source after something was heard of it; the same for what is older than what is known, or equal."""
    if source.is_gone or heard.version <= source.source_version:
        return source
    progress = source.progress if heard.is_gone else heard.progress
    after = source._replace(source_version=heard.version, progress=progress, is_gone=heard.is_gone)
    # What is reached again is to be applied again, also if its fall is heard in the same batch.
    return after._replace(is_applied=False) if after.is_reached and not source.is_reached else after


def heard(source: Source, state: Mapping[str, Any]) -> Heard | None:
    """Return what the state of an event says of a source, None for one of before states said how far a goal is."""
    if state["status"] == "deleted":
        return Heard(state["version"], 0, is_gone=True)
    if source.kind == "goal":
        return _of_goal(state, source.threshold)
    if state["status"] == "completed":
        return Heard(state["version"], REACHED)
    return Heard(state["version"], _short_of_it(Decimal(state["current_value"]), Decimal(state["target"])))


def _of_goal(state: Mapping[str, Any], threshold: int) -> Heard | None:
    """Return how far a goal is on the way to a threshold. It is reached exactly if its progress is not below that."""
    if "progress" not in state:
        return None
    return Heard(state["version"], min(100 * state["progress"] // threshold, REACHED))


def _short_of_it(current: Decimal, target: Decimal) -> int:
    """Return how much of a target is reached, 99 % at most: what is complete is for the evaluator to say."""
    if current <= 0 or target <= 0:
        return 0
    return REACHED - 1 if current >= target else min(int(100 * current / target), REACHED - 1)
