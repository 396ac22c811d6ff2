"""A project milestone: its record, its keys, and how it is read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.projects.milestones.transition import Status
from shared import ids
from shared.errors import NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Condition, unchanged

Kind = Literal[
    "deliverable",
    "payment",
    "approval",
    "review",
    "documentation",
    "testing",
    "deployment",
    "training",
    "signoff",
    "custom",
]
Priority = Literal["low", "medium", "high", "critical"]
Acceptance = Literal["none", "manager", "client"]
Source = Literal["manual", "checklist", "hours", "children", "goal", "kpi"]

ID: Final = "pms"
MOST: Final = 2000
"""How many milestones a project may have."""


class ProjectMilestoneNotFound(NotFound):
    """404: there is no milestone with this id in a project that you are a member of."""

    def __init__(self) -> None:
        super().__init__("There is no milestone with this id in a project that you are a member of.")


class ProjectMilestone(NamedTuple):
    """A project milestone as it is stored.

    `progress` is a percentage; `depth` is its level, 1 without a parent; `currency` is there with an amount.
    Each of `completion_criteria` has a `key`, a `text`, and whether it `is_met`; each of `evidence_requirements` a
    `key`, a `title`, `at_least` how many, and how they are `wanted`. `layers/policy.py` reads the
    `verification_policy`; `submitted_by` completed it last.
    `approved_by` are the people whose approvals have verified the present attempt, and who accepted it.
    `held_by` are the open escalations that block work, and `escalated_from` the status that they stopped it in;
    `held_for` are the payments that some of them are about, by the ids of these.
    `dependencies/dependencies.py` reads the `dependencies`; while one is open that keeps it from going on, it
    `is_blocked`.
    `source_id` is the goal or the tracked milestone that its progress follows, `source_threshold` the percentage at
    which a goal counts as reached, if not at 100.
    `primary_owner_id` is who holds the lock of the primary owner, as lists show it, and `secondary_owners` are the
    people and teams that own it beside them, as the gate shows them; a change of either is no new version.
    `moments` tells when it was last activated, started, and so on; `reason` why it was rejected or cancelled.
    """

    tenant_id: str
    project_milestone_id: str
    project_id: str
    title: str
    kind: Kind
    status: Status
    progress: int
    attempt: int
    created_by: str
    created_at: str
    updated_at: str
    version: int
    description: str = ""
    priority: Priority = "medium"
    amount_minor_units: int | None = None
    currency: str | None = None
    start_on: str | None = None
    due_on: str | None = None
    parent_id: str | None = None
    depth: int = 1
    estimated_hours: int | None = None
    actual_hours: int | None = None
    weight: int = 1
    progress_source: Source = "manual"
    source_id: str | None = None
    source_threshold: int | None = None
    allow_decrease: bool = False
    rework_progress: int = 90
    completion_criteria: Sequence[Mapping[str, Any]] = ()
    evidence_requirements: Sequence[Mapping[str, Any]] = ()
    acceptance: Acceptance = "none"
    tags: Sequence[str] = ()
    metadata: Mapping[str, str] = {}
    custom_fields: Mapping[str, str] = {}
    notes: str = ""
    internal_notes: str = ""
    verification_policy: Mapping[str, Any] | None = None
    submitted_by: str | None = None
    dependencies: Sequence[Mapping[str, Any]] = ()
    is_blocked: bool = False
    moments: Mapping[str, str] = {}
    reason: str | None = None
    held_by: Sequence[str] = ()
    held_for: Mapping[str, str] = {}
    escalated_from: Status | None = None
    approved_by: Sequence[str] = ()
    primary_owner_id: str | None = None
    secondary_owners: Sequence[str] = ()

    @property
    def stage(self) -> Status:
        """Its status, and while it is escalated that of before: what it has reached."""
        return self.escalated_from or self.status

    @property
    def open_criteria(self) -> list[str]:
        """The keys of the criteria that are not met yet."""
        return [each["key"] for each in self.completion_criteria if not each["is_met"]]


def partition(tenant_id: str, milestone_id: str) -> str:
    """Return the partition of a milestone. Raises ProjectMilestoneNotFound for an id that none can have."""
    if not ids.is_valid(milestone_id, ID):
        raise ProjectMilestoneNotFound
    return f"TENANT#{tenant_id}#PMS#{milestone_id}"


def key(tenant_id: str, milestone_id: str) -> Key:
    """Return the key of a milestone. Raises ProjectMilestoneNotFound."""
    return Key(partition(tenant_id, milestone_id), "0MILESTONE")


def history(tenant_id: str, milestone_id: str) -> str:
    """Return the partition of what happened to a milestone, which is not read with it."""
    return f"{partition(tenant_id, milestone_id)}#HISTORY"


def find(tenant_id: str, milestone_id: str) -> ProjectMilestone | None:
    """Return a milestone as it is now, None if there is none. Raises ProjectMilestoneNotFound."""
    item = table.get(key(tenant_id, milestone_id), consistent=True)
    return None if item is None else from_item(item)


def still(milestone: ProjectMilestone) -> Condition:
    """Return the condition that a milestone is as it was read, with the same primary and secondary owners."""
    same = unchanged(milestone.version)
    names, values = {**same.names, "#owner": "primary_owner_id", "#others": "secondary_owners"}, {**same.values}
    parts = [same.expression]
    for name, owned in (("owner", milestone.primary_owner_id), ("others", [*milestone.secondary_owners])):
        if owned:
            parts.append(f"#{name} = :{name}")
            values[f":{name}"] = owned
        else:
            parts.append(f"attribute_not_exists(#{name})")
    return Condition(" AND ".join(parts), names, values)


def to_item(milestone: ProjectMilestone) -> Item:
    """Return the item of a milestone."""
    return records.to_item(key(milestone.tenant_id, milestone.project_milestone_id), "ProjectMilestone", milestone)


def from_item(item: Item) -> ProjectMilestone:
    """Return the milestone of an item."""
    return records.from_item(ProjectMilestone, item)
