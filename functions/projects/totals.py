"""The totals of a project: one item that every change of a milestone adds to, in its own transaction."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from shared import wording
from shared.callers import project_members
from shared.storage.attributes import Item, Key
from shared.storage.writes import Add, Check, Condition

_LISTED: Final = ("milestones", "open", "weight", "weighted_progress")
"""What lists show of the totals, and so what is copied of them."""
STATUS: Final = "in_"
"""What the names of the counters by status begin with."""


class Totals(NamedTuple):
    """The counters of a project: all milestones, those still open, those with an amount, and its members.

    `weight` is that of all milestones that are not cancelled, `weighted_progress` the sum of weight times percent.
    """

    milestones: int = 0
    open: int = 0
    amounts: int = 0
    members: int = 0
    weight: int = 0
    weighted_progress: int = 0

    @property
    def progress(self) -> tuple[int, int]:
        """The progress of the project in percent, as a fraction; 0 without milestones."""
        return self.weighted_progress, self.weight or 1


def key(tenant_id: str, project_id: str) -> Key:
    """Return the key of the totals of a project."""
    return Key(project_members.partition(tenant_id, project_id), "TOTALS")


def of(item: Item | None) -> Totals:
    """Return the totals that an item holds."""
    return Totals(**{name: (item or {}).get(name, 0) for name in Totals._fields})


def added(tenant_id: str, project_id: str, change: Mapping[str, int]) -> list[Add]:
    """Return the write that adds a change of the counters; none for a change of nothing."""
    amounts = {name: by for name, by in change.items() if by}
    return [Add(key(tenant_id, project_id), amounts)] if amounts else []


def require_none(tenant_id: str, project_id: str, name: str) -> Check:
    """Return the check that a counter of a project is at zero."""
    condition = Condition("attribute_not_exists(#of) OR #of = :none", {"#of": name}, {":none": 0})
    return Check(key(tenant_id, project_id), condition)


def copied(item: Item | None) -> dict[str, int]:
    """Return what is copied of the totals, for lists."""
    return {name: (item or {}).get(name, 0) for name in _LISTED}


def summary(counted: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what lists show of the totals, or of a copy of them: how far the project is."""
    totals = of(dict(counted or {}))
    return {
        "progress_percent": round(totals.weighted_progress / (totals.weight or 1), 2),
        "progress_text": wording.percent(totals.progress),
        "milestones": totals.milestones,
        "open_milestones": totals.open,
    }


def view(item: Item | None) -> dict[str, Any]:
    """Return what members see of the totals: how far the project is, and how many milestones are in which status."""
    by_status = {name.removeprefix(STATUS): count for name, count in (item or {}).items() if name.startswith(STATUS)}
    return summary(item) | {
        "milestones_by_status": {status: count for status, count in sorted(by_status.items()) if count},
        "members": of(item).members,
    }


def listed(shown: dict[str, Any]) -> dict[str, Any]:
    """Return a view with its totals as GraphQL has them: how many milestones are in which status is a list."""
    counted = [{"status": status, "milestones": each} for status, each in shown["milestones_by_status"].items()]
    return {**shown, "milestones_by_status": counted}
