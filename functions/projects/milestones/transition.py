"""Which event brings a project milestone from which status to which: the one table, as data. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

Status = Literal[
    "draft",
    "pending",
    "active",
    "in_progress",
    "completed",
    "escalated",
    "verified",
    "rejected",
    "approved",
    "cancelled",
]
Event = Literal[
    "activate",
    "dependencies_satisfied",
    "dependencies_reopened",
    "start",
    "progress",
    "complete",
    "recall",
    "layers_approved",
    "layer_rejected",
    "accept",
    "reject",
    "rework",
    "evidence_expired",
    "source_lost",
    "escalate",
    "cleared",
    "cancel",
]
By = Literal["people", "system"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
FINAL: Final = frozenset[Status]({"approved", "cancelled"})
"""Nothing follows these."""
ESCALATED: Final[tuple[Status, ...]] = ("pending", "active", "in_progress", "completed")
"""The statuses in which an escalation that blocks work stops a milestone."""
SUBMITTED: Final = frozenset[Status]({"completed", "verified", "approved"})
"""From completion on, what was agreed stays as it is: amount and criteria."""


class Transition(NamedTuple):
    """What an event does: from any of the statuses `before` to one of `after`. `guard` says what must hold."""

    before: frozenset[Status]
    after: tuple[Status, ...]
    by: By
    guard: str


TRANSITIONS: Final[Mapping[Event, Transition]] = {
    "activate": Transition(
        frozenset({"draft"}),
        ("active", "pending"),
        "people",
        "one active primary owner; enough people who may approve each required layer; pending while it is blocked",
    ),
    "dependencies_satisfied": Transition(
        frozenset({"pending"}), ("active",), "system", "no dependency that guards the start is open"
    ),
    "dependencies_reopened": Transition(
        frozenset({"active"}), ("pending",), "system", "a dependency that guards the start is open again"
    ),
    "start": Transition(
        frozenset({"pending", "active"}),
        ("in_progress",),
        "people",
        "no dependency that guards the start is open at this instant; progress is kept",
    ),
    "progress": Transition(
        frozenset({"in_progress"}),
        ("in_progress", "completed"),
        "people",
        "0 to 100, down only with `allow_decrease`; at 100 it is completed, once nothing is open that guards this",
    ),
    "complete": Transition(
        frozenset({"in_progress"}),
        ("completed",),
        "people",
        "all criteria are met, no dependency that guards this is open; the layers of the policy begin",
    ),
    "recall": Transition(
        frozenset({"completed"}),
        ("in_progress",),
        "people",
        "by the submitter or a manager; nothing is committed to payments; the next attempt begins",
    ),
    "layers_approved": Transition(
        frozenset({"completed"}),
        ("verified",),
        "system",
        "all required layers are approved; at once without a policy",
    ),
    "layer_rejected": Transition(
        frozenset({"completed"}),
        ("rejected",),
        "system",
        "a required layer is rejected; nothing is committed to payments",
    ),
    "accept": Transition(
        frozenset({"verified"}),
        ("approved",),
        "people",
        "by `acceptance`, never the primary owner; at once if that is `none`",
    ),
    "reject": Transition(
        frozenset({"verified"}),
        ("rejected",),
        "people",
        "by `acceptance`, never the primary owner; a reason; nothing is committed to payments",
    ),
    "rework": Transition(
        frozenset({"rejected"}),
        ("in_progress",),
        "people",
        "nothing is committed to payments; the next attempt begins at `rework_progress`",
    ),
    "evidence_expired": Transition(
        frozenset({"completed", "verified"}),
        ("completed",),
        "system",
        "a required layer saw it, and opens again; nothing is committed to payments",
    ),
    "source_lost": Transition(
        frozenset({"completed", "verified"}),
        ("in_progress",),
        "system",
        "what its progress follows was reached and is not any more; nothing is committed to payments; "
        "the next attempt begins",
    ),
    "escalate": Transition(
        frozenset(ESCALATED), ("escalated",), "system", "the first open escalation that blocks work"
    ),
    "cleared": Transition(
        frozenset({"escalated"}),
        ESCALATED,
        "system",
        "the last of these escalations is over; layers that were decided meanwhile count",
    ),
    "cancel": Transition(frozenset(STATUSES) - FINAL, ("cancelled",), "people", "a reason; no invoice is open"),
}


def allowed(status: Status) -> list[Event]:
    """Return the events of people that a milestone in this status takes."""
    return [event for event, each in TRANSITIONS.items() if status in each.before and each.by == "people"]


def is_allowed(status: Status, event: Event) -> bool:
    """Return whether an event may happen to a milestone in this status."""
    return status in TRANSITIONS[event].before
