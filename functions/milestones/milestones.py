"""A tracked milestone: its record, its keys, and how it is listed. `milestone_writes.py` writes it.

The record stands in a partition of its own. Lists and the view of a project are made of a small `TrackedEntry` beside
it; the record is in the index only by when it must next be looked after (`reconciliation.py`).
"""

import json
from decimal import Decimal
from typing import Any, Final, NamedTuple

from functions.milestones import due, report, syncs
from functions.milestones.report import Report
from functions.milestones.sync import Sync
from shared import clock
from shared.callers import sources
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import table
from shared.storage.attributes import Item, Key

LISTED: Final = "ENTITY#TrackedEntry#"
DUE: Final = "ENTITY#TrackedMilestone#"
_ENTRY: Final = "TRACKED#"


class MilestoneNotFound(NotFound):
    """404: there is no tracked milestone with this id in your tenant."""

    def __init__(self) -> None:
        super().__init__("There is no tracked milestone with this id in your tenant.")


class Milestone(NamedTuple):
    """A tracked milestone as it is stored; `metadata` is JSON text. A deleted one stays until the evaluator knows."""

    milestone_uid: str
    tenant_id: str
    project_id: str
    kpi_id: str
    target: Decimal
    current_value: Decimal
    status: str
    sync: Sync
    created_at: Instant
    updated_at: Instant
    version: int
    milestone_index: int = 1
    weight: int = 1
    timeframe_from: str | None = None
    timeframe_to: str | None = None
    scopes: tuple[str, ...] = ()
    metadata: str = "{}"
    depends_on: tuple[str, ...] = ()
    completed_at: Instant | None = None
    deleted_at: Instant | None = None

    @property
    def partition(self) -> str:
        """Return the partition of the milestone and its events."""
        return key(self.tenant_id, self.milestone_uid).pk

    @property
    def is_synced(self) -> bool:
        """Tell whether the evaluator has the milestone as it is."""
        return self.sync.evaluator_id is not None and self.sync.state == "in_step"


def key(tenant_id: str, milestone_uid: str) -> Key:
    """Return the key of a milestone. Raises MilestoneNotFound for an id that none can have."""
    if not sources.is_tracked_id(milestone_uid):
        raise MilestoneNotFound
    return sources.tracked_key(tenant_id, milestone_uid)


def entry_key(milestone: Milestone) -> Key:
    """Return the key of a milestone's entry in the list of its tenant; it is there until the milestone is deleted."""
    place = f"{clock.to_rfc3339(milestone.created_at)}#{milestone.milestone_uid}"
    return Key(tenant_list(milestone.tenant_id), f"{_ENTRY}{place}")


def tenant_list(tenant_id: str) -> str:
    """Return the partition that lists the milestones of a tenant."""
    return f"TENANT#{tenant_id}#TRACKED"


def project_list(tenant_id: str, project_id: str) -> str:
    """Return the partition of the index that lists the milestones of a project."""
    return f"TENANT#{tenant_id}#PROJECT#{project_id}"


def due_list(shard: int) -> str:
    """Return the partition of the index that lists, by the instant, when milestones are to be looked after."""
    return f"DUE#{shard:02d}"


def read(tenant_id: str, milestone_uid: str, *, consistent: bool = True) -> Milestone:
    """Return a milestone, one read. Raises MilestoneNotFound also for one that is deleted."""
    found = find(tenant_id, milestone_uid, consistent=consistent)
    if found is None or found.deleted_at is not None:
        raise MilestoneNotFound
    return found


def find(tenant_id: str, milestone_uid: str, *, consistent: bool = True) -> Milestone | None:
    """Return a milestone, even if it is deleted and only the evaluator does not know yet; None if there is none."""
    item = table.get(key(tenant_id, milestone_uid), consistent=consistent)
    return None if item is None else from_item(item)


def entries(tenant_id: str, project_id: str | None, *, limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
    """Return a page of the entries of a project, or of the tenant, newest first; one query."""
    if project_id is None:
        found = table.query(tenant_list(tenant_id), _ENTRY, newest_first=True, limit=limit, cursor=cursor)
    else:
        partition = project_list(tenant_id, project_id)
        found = table.query(partition, LISTED, index=True, newest_first=True, limit=limit, cursor=cursor)
    return found.items, found.next_cursor


def of_entries(tenant_id: str, found: list[Item]) -> list[Milestone]:
    """Return the milestones of up to 100 entries, one call; those deleted in between are left out."""
    items = table.get_many([key(tenant_id, entry["milestone_uid"]) for entry in found])
    milestones = [from_item(item) for item in items if item is not None]
    return [each for each in milestones if each.deleted_at is None]


def to_item(milestone: Milestone) -> Item:
    """Return the item of a milestone."""
    pk, sk = key(milestone.tenant_id, milestone.milestone_uid)
    optional = {
        "timeframe_from": milestone.timeframe_from,
        "timeframe_to": milestone.timeframe_to,
        "scopes": list(milestone.scopes),
        "depends_on": list(milestone.depends_on),
        "completed_at": None if milestone.completed_at is None else clock.to_rfc3339(milestone.completed_at),
        "deleted_at": None if milestone.deleted_at is None else clock.to_rfc3339(milestone.deleted_at),
    }
    return {
        "PK": pk,
        "SK": sk,
        **_place_in_index(milestone),
        "entity": "TrackedMilestone",
        "milestone_uid": milestone.milestone_uid,
        "tenant_id": milestone.tenant_id,
        "project_id": milestone.project_id,
        "kpi_id": milestone.kpi_id,
        "target": str(milestone.target),
        "current_value": str(milestone.current_value),
        "status": milestone.status,
        "milestone_index": milestone.milestone_index,
        "weight": milestone.weight,
        "metadata": milestone.metadata,
        "sync": syncs.to_attributes(milestone.sync),
        "may_exist": milestone.sync.may_exist,
        "created_at": clock.to_rfc3339(milestone.created_at),
        "updated_at": clock.to_rfc3339(milestone.updated_at),
        "version": milestone.version,
        **{name: value for name, value in optional.items() if value},
    }


def to_entry(milestone: Milestone) -> Item:
    """Return the item of a milestone's entry: what lists filter by and the view of a project is worked out from."""
    pk, sk = entry_key(milestone)
    return {
        "PK": pk,
        "SK": sk,
        "GSI1PK": project_list(milestone.tenant_id, milestone.project_id),
        "GSI1SK": f"{LISTED}{sk.removeprefix(_ENTRY)}",
        "entity": "TrackedEntry",
        "milestone_uid": milestone.milestone_uid,
        "project_id": milestone.project_id,
        "kpi_id": milestone.kpi_id,
        "status": milestone.status,
        "target": str(milestone.target),
        "current_value": str(milestone.current_value),
        "weight": milestone.weight,
        "timeframe_to": milestone.timeframe_to,
        "depends_on": list(milestone.depends_on),
        "updated_at": clock.to_rfc3339(milestone.updated_at),
    }


def from_item(item: Item) -> Milestone:
    """Return the milestone of an item."""
    completed_at, deleted_at = item.get("completed_at"), item.get("deleted_at")
    return Milestone(
        milestone_uid=item["milestone_uid"],
        tenant_id=item["tenant_id"],
        project_id=item["project_id"],
        kpi_id=item["kpi_id"],
        target=Decimal(item["target"]),
        current_value=Decimal(item["current_value"]),
        status=item["status"],
        sync=syncs.from_attributes(item["sync"], may_exist=item.get("may_exist")),
        created_at=clock.from_stored(item["created_at"]),
        updated_at=clock.from_stored(item["updated_at"]),
        version=item["version"],
        milestone_index=item["milestone_index"],
        weight=item["weight"],
        timeframe_from=item.get("timeframe_from"),
        timeframe_to=item.get("timeframe_to"),
        scopes=tuple(item.get("scopes", ())),
        metadata=item["metadata"],
        depends_on=tuple(item.get("depends_on", ())),
        completed_at=None if completed_at is None else clock.from_stored(completed_at),
        deleted_at=None if deleted_at is None else clock.from_stored(deleted_at),
    )


def reported(milestone: Milestone, said: Report, at: Instant) -> Milestone:
    """Return the milestone once a report of the evaluator is known; its status only moves forward."""
    status = report.status_after(milestone.status, said, milestone.target)
    value = report.value_after(milestone.status, milestone.current_value, said)
    completed_at = milestone.completed_at
    if status == "completed" and milestone.status != "completed":
        # The evaluator's word, but for what cannot be: before there was anything to complete, or not yet.
        completed_at = min(max(said.completed_at or at, milestone.created_at), max(at, milestone.created_at))
    return milestone._replace(status=status, current_value=value, completed_at=completed_at)


def metadata_of(milestone: Milestone) -> dict[str, Any]:
    """Return the metadata as it was sent."""
    found: dict[str, Any] = json.loads(milestone.metadata)
    return found


def present(milestone: Milestone) -> Instant:
    """Return the present instant as this milestone has it: never before its last change, should clocks differ."""
    return max(clock.now(), milestone.updated_at)


def _place_in_index(milestone: Milestone) -> Item:
    is_deleted = milestone.deleted_at is not None
    is_open = milestone.status in report.OPEN and not is_deleted
    at = due.at(milestone.sync, is_open=is_open, is_deleted=is_deleted, last_day=milestone.timeframe_to)
    if at is None:
        return {}
    place = f"{clock.to_rfc3339(at)}#{milestone.milestone_uid}"
    return {"GSI1PK": due_list(due.shard_of(milestone.milestone_uid)), "GSI1SK": f"{DUE}{place}"}


def metadata_text(metadata: dict[str, Any]) -> str:
    """Return metadata as it is stored: JSON without white space. Raises ValueError for text that is not Unicode."""
    text = json.dumps(metadata, separators=(",", ":"), ensure_ascii=False)
    text.encode()
    return text
