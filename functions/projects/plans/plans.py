"""A plan that arrives in a project: its record, its content, and their keys.

staged → published, and it is gone once each milestone was told of; or staged → dropped, and it is gone with its rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.projects import arrivals
from functions.projects.arrivals import Arriving
from shared import clock
from shared.callers import project_members
from shared.clock import Instant
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Check, Condition, Delete, Put, Write, unchanged

Status = Literal["staged", "published", "dropped"]

ID: Final = "plan"
DUE: Final = "PLANSDUE"
LISTED: Final = "ENTITY#Plan#"


class Arrival(NamedTuple):
    """A plan that arrives; `told` is of how many of its milestones the events are written."""

    tenant_id: str
    project_id: str
    plan_id: str
    plan_template_id: str
    user_id: str
    actor: Mapping[str, str]
    currency: str
    status: Status
    milestones: int
    created_at: str
    version: int
    told: int = 0

    @property
    def arriving(self) -> Arriving:
        """Which plan its rows name."""
        return Arriving(self.tenant_id, self.project_id, self.plan_id)


class Made(NamedTuple):
    """What is to be written: the fields of milestones by their ids, and by these the owners of each."""

    milestones: Mapping[str, Mapping[str, Any]]
    owners: Mapping[str, Sequence[Mapping[str, Any]]]


def instantiated(plan: Arrival, at: Instant) -> Put:
    """Return the write of the event that all milestones of a plan are there."""
    return events.occurred(
        "projects.plan.instantiated",
        partition=project_members.partition(plan.tenant_id, plan.project_id),
        subject_id=plan.plan_id,
        tenant_id=plan.tenant_id,
        at=at,
        data={
            "project_id": plan.project_id,
            "plan_id": plan.plan_id,
            "plan_template_id": plan.plan_template_id,
            "milestones": plan.milestones,
        },
    )


def find(arriving: Arriving) -> Arrival | None:
    """Return a plan that arrives, as it is now; None once it is gone."""
    item = table.get(arrivals.key(arriving), consistent=True)
    return None if item is None else records.from_item(Arrival, item)


def made(plan: Arrival) -> Made:
    """Return what is to be written for a plan that is still there."""
    item = table.get(_content_key(plan), consistent=True)
    return Made({}, {}) if item is None else records.from_item(Made, item)


def begun(plan: Arrival, made: Made) -> list[Write]:
    """Return the writes of a plan of which no row is written yet."""
    return [Put(_to_item(plan), ABSENT), Put(records.to_item(_content_key(plan), "PlanMade", made), ABSENT)]


def moved(before: Arrival, **changes: Any) -> Put:
    """Return the write of a plan with other fields, that is as it was read."""
    return Put(_to_item(before._replace(version=before.version + 1, **changes)), unchanged(before.version))


def still_staged(plan: Arrival) -> Check:
    """Return the check that rows of a plan may still be written: nobody has published or dropped it."""
    return Check(
        arrivals.key(plan.arriving), Condition("#status = :staged", {"#status": "status"}, {":staged": "staged"})
    )


def ended(plan: Arrival) -> list[Write]:
    """Return the writes after which a plan is gone, and its rows are as any others."""
    return [Delete(arrivals.key(plan.arriving), unchanged(plan.version)), Delete(_content_key(plan))]


def removed(row: Item) -> Delete:
    """Return the write after which a row of a plan is gone."""
    return Delete(Key(row["PK"], row["SK"]))


def due(before: Instant, *, limit: int) -> list[Arrival]:
    """Return plans that have begun to arrive before an instant and are still there, the oldest first; one query."""
    until = f"{LISTED}{clock.to_rfc3339(before)}~"
    items, _ = table.between(DUE, LISTED, until, limit=limit, index=True)
    return [records.from_item(Arrival, item) for item in items]


def _content_key(plan: Arrival) -> Key:
    place = arrivals.key(plan.arriving)
    return Key(place.pk, f"PLANMADE#{plan.plan_id}")


def _to_item(plan: Arrival) -> Item:
    listed = {"GSI1PK": DUE, "GSI1SK": f"{LISTED}{plan.created_at}#{plan.plan_id}"}
    return records.to_item(arrivals.key(plan.arriving), "Plan", plan) | listed
