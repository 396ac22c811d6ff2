"""What an endpoint can be told of: the types of events that leave the platform, and how a filter names them.

They are those of work. Sessions, keys and members are for the audit log, and what webhooks tell themselves is for
their own consumers; only that an endpoint was disabled is for the tenant's other endpoints as well.
"""

from collections.abc import Sequence
from typing import Final

DISABLED: Final = "webhooks.endpoint.disabled"
TEST: Final = "webhooks.endpoint.test"
"""The type of a message that is sent when somebody asks for one. No event happens, and no filter names it."""

TYPES: Final = (
    "goals.goal.archived",
    "goals.goal.completed",
    "goals.goal.created",
    "goals.goal.deleted",
    "goals.goal.imported",
    "goals.goal.overdue",
    "goals.goal.paused",
    "goals.goal.reopened",
    "goals.goal.resumed",
    "goals.goal.shared",
    "goals.goal.unshared",
    "goals.goal.updated",
    "goals.milestone.achieved",
    "goals.milestone.lost",
    "goals.task.cancelled",
    "goals.task.clamped",
    "goals.task.completed",
    "goals.task.added",
    "goals.task.deleted",
    "goals.task.reopened",
    "goals.task.updated",
    "milestones.milestone.completed",
    "milestones.milestone.created",
    "milestones.milestone.deleted",
    "milestones.milestone.missed",
    "milestones.milestone.sync_failed",
    "milestones.milestone.updated",
    DISABLED,
)
"""Every type that is sent; a test holds it against what the contexts declare, which this one cannot import."""

FORMER_TYPES: Final = frozenset(
    {
        "notifications.delivery.requested",
        "notifications.endpoint.disabled",
        "notifications.replay.requested",
    }
)
"""What the types that webhooks consume were called; events written then may still be on their way, or be sent again."""

_PARTS = 3
_PREFIX = "webhooks."
_FORMER = "notifications."


def _wildcards() -> frozenset[str]:
    parts = [event_type.split(".") for event_type in TYPES]
    return frozenset(".".join([*part[:count], "*"]) for part in parts for count in range(1, _PARTS))


FILTERS: Final = tuple(sorted({*TYPES, *_wildcards()}))
"""Every filter that matches something: a type, or all that begin with a context or a noun: `goals.*`."""


def renamed(name: str) -> str:
    """Return what a type or a filter is called now that was stored when those of webhooks were `notifications.*`."""
    return f"{_PREFIX}{name.removeprefix(_FORMER)}" if name.startswith(_FORMER) else name


def is_published(event_type: str) -> bool:
    """Tell whether an event of this type may leave the platform."""
    return event_type in TYPES


def matches(filters: Sequence[str], event_type: str) -> bool:
    """Tell whether a type is among the filters; no filter at all lets every type pass."""
    beginning = tuple(each.removesuffix("*") for each in filters if each.endswith("*"))
    return not filters or event_type in filters or event_type.startswith(beginning)
