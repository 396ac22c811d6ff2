"""An escalation: trouble with a milestone that somebody has to see to. Its record, its keys, and how it is found.

Milestones close the escalations of what is cancelled; everything else that becomes of one is in `escalation/`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared import ids
from shared.errors import NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

View = dict[str, Any]
Kind = Literal["delay", "quality", "resource", "budget", "stakeholder", "technical", "external", "custom"]
Severity = Literal["critical", "high", "medium", "low"]
Status = Literal["pending", "in_progress", "resolved", "closed", "rejected"]
ReasonCode = Literal[
    "resource_unavailable",
    "dependency_delay",
    "client_delay",
    "scope_change",
    "quality_rejection",
    "payment_issue",
    "supplier",
    "regulatory",
    "technical",
    "other",
]
Trigger = Literal[
    "overdue_milestone",
    "overdue_verification",
    "approver_unavailable",
    "dependency_delay",
    "silent_probe",
    "failed_payment",
]

ID: Final = "esc"
SYSTEM: Final = "system"
"""Who has raised what was raised by itself."""
ACTION_ID: Final = "act"
PREFIX: Final = "ESCALATION#"
LISTED: Final = "ENTITY#Escalation#"
MOST_ACTIONS: Final = 20
"""How many actions an escalation may have: they lie in its item."""


class EscalationNotFound(NotFound):
    """404: there is no escalation with this id in a project that you are a member of."""

    def __init__(self) -> None:
        super().__init__("There is no escalation with this id in a project that you are a member of.")


class Action(NamedTuple):
    """Something that is to be done about an escalation. `done_by` and `done_at` are there once it is."""

    action_id: str
    title: str
    created_by: str
    created_at: str
    user_id: str | None = None
    due_on: str | None = None
    done_by: str | None = None
    done_at: str | None = None


class Escalation(NamedTuple):
    """An escalation as it is stored.

    `respond_by` is until when somebody is to see to it, `due_at` until when it is to be resolved, both at its level.
    `level` is how far up it has gone, from 1. `actions` are as `Action`
    has them, without what is unknown. `blocks_work` ones stop the milestone while they are open.
    `trigger` is what has raised one that nobody has raised, `trigger_id` of what: a day, layer, milestone, probe,
    or payment. `stands_for` are causes that have come since, of its kind, for which none was raised of their own.
    `policy` is what it has copied of the escalation policy that applied, None for the default one. `notified` are whom
    its level has told, as long as nobody has acknowledged, and `remind_at` the moments at which they are told again.
    `counted_in` is the month whose report counts it.
    """

    tenant_id: str
    escalation_id: str
    project_milestone_id: str
    project_id: str
    kind: Kind
    severity: Severity
    reason_code: ReasonCode
    status: Status
    blocks_work: bool
    raised_by: str
    created_at: str
    updated_at: str
    due_at: str
    version: int
    level: int = 1
    details: str = ""
    delay_days: int | None = None
    financial_impact_minor_units: int | None = None
    actions: Sequence[Mapping[str, Any]] = ()
    acknowledged_by: str | None = None
    acknowledged_at: str | None = None
    resolved_at: str | None = None
    ended_at: str | None = None
    resolution: str | None = None
    respond_by: str | None = None
    trigger: Trigger | None = None
    trigger_id: str | None = None
    policy: Mapping[str, Any] | None = None
    notified: Sequence[str] = ()
    remind_at: Sequence[str] = ()
    counted_in: str | None = None
    stands_for: Sequence[str] = ()

    @property
    def cause(self) -> str | None:
        """What has raised it by itself, as `open_escalations` knows it; None for one of people."""
        return None if self.trigger is None else cause(self.trigger, self.trigger_id or "")

    @property
    def steps(self) -> list[Action]:
        """What is to be done about it, in the order in which that was added."""
        return [Action(**each) for each in self.actions]

    @property
    def is_open(self) -> bool:
        """Whether it waits to be resolved."""
        return self.status in OPEN


OPEN: Final = frozenset[Status]({"pending", "in_progress"})
"""Nobody has resolved these yet."""


def cause(trigger: Trigger, trigger_id: str) -> str:
    """Return what an escalation that is raised by itself is known by."""
    return f"{trigger}:{trigger_id}"


def key(partition: str, escalation_id: str) -> Key:
    """Return the key of an escalation of the milestone with this partition."""
    return Key(partition, f"{PREFIX}{escalation_id}")


def pointer_key(tenant_id: str, escalation_id: str) -> Key:
    """Return the key of what says where an escalation lies. Raises EscalationNotFound for an id that none can have."""
    if not ids.is_valid(escalation_id, ID):
        raise EscalationNotFound
    return Key(f"TENANT#{tenant_id}#ID#{escalation_id}", "POINTER")


def by_status(tenant_id: str, status: Status) -> str:
    """Return the partition of the index that lists the escalations of a tenant in a status by when they are due."""
    return f"TENANT#{tenant_id}#ESC#{status}"


def to_item(partition: str, escalation: Escalation) -> Item:
    """Return the item of an escalation."""
    listed = {
        "GSI1PK": by_status(escalation.tenant_id, escalation.status),
        "GSI1SK": f"{LISTED}{escalation.due_at}#{escalation.escalation_id}",
    }
    return records.to_item(key(partition, escalation.escalation_id), "Escalation", escalation) | listed


def from_item(item: Item) -> Escalation:
    """Return the escalation of an item."""
    return records.from_item(Escalation, item)


def born(partition: str, escalation: Escalation) -> list[Put]:
    """Return the writes of a new escalation, and of the pointer by which it is found at once."""
    pk, sk = pointer_key(escalation.tenant_id, escalation.escalation_id)
    pointer = {
        "PK": pk,
        "SK": sk,
        "entity": "EscalationPointer",
        "project_milestone_id": escalation.project_milestone_id,
    }
    return [Put(to_item(partition, escalation), ABSENT), Put(pointer, ABSENT)]


def changed(partition: str, before: Escalation, after: Escalation) -> Put:
    """Return the write that changes an escalation, which is still at the version that was read."""
    return Put(to_item(partition, after), unchanged(before.version))


def find(partition: str, escalation_ids: Sequence[str]) -> list[Escalation]:
    """Return escalations of the milestone with this partition as they are now; one call for all."""
    if not escalation_ids:
        return []
    found = table.get_many([key(partition, each) for each in escalation_ids], consistent=True)
    return [from_item(item) for item in found if item is not None]


def stored(action: Action) -> dict[str, Any]:
    """Return an action as its escalation holds it."""
    return {name: value for name, value in action._asdict().items() if value is not None}
