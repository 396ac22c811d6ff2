"""What the children of a milestone add up to: one item beside it, which every change of a child adds to.

A change of a child writes it in its own transaction, so it is exact; the progress of the milestone follows by events.
"""

from typing import NamedTuple

from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from shared.errors import Conflict
from shared.storage.attributes import Item, Key
from shared.storage.writes import Add, Check, Condition

_NONE = Condition("attribute_not_exists(#children) OR #children = :none", {"#children": "children"}, {":none": 0})


class HasChildren(Conflict):
    """409: a milestone with children is not deleted, has no amount, and keeps its parent."""

    def __init__(self) -> None:
        super().__init__("The milestone has children. Delete them first, or give them another parent.")


class Children(NamedTuple):
    """The children of a milestone: all, those not cancelled, and of these: with an amount, and their sums.

    `progress` is the sum of their percentages, `earned` that of amount times percentage.
    """

    children: int = 0
    counted: int = 0
    priced: int = 0
    progress: int = 0
    amount: int = 0
    earned: int = 0

    @property
    def percent(self) -> int | None:
        """How far they are, rounded down: by amount if each has one, or else equally; None without any."""
        if not self.counted:
            return None
        if self.priced == self.counted:
            return self.earned // self.amount
        return self.progress // self.counted


def key(tenant_id: str, milestone_id: str) -> Key:
    """Return the key of what the children of a milestone add up to."""
    return Key(milestones.partition(tenant_id, milestone_id), "0CHILDREN")


def of(item: Item | None) -> Children:
    """Return what an item says of the children."""
    return Children(**{name: (item or {}).get(name, 0) for name in Children._fields})


def added(before: ProjectMilestone | None, after: ProjectMilestone | None) -> list[Add]:
    """Return the writes that add a change of a milestone to its parent, and to the one before if it had another."""
    parents: dict[Key, dict[str, int]] = {}
    for milestone, by in ((before, -1), (after, 1)):
        if milestone is not None and milestone.parent_id is not None:
            change = parents.setdefault(key(milestone.tenant_id, milestone.parent_id), {})
            for name, count in _counted(milestone)._asdict().items():
                change[name] = change.get(name, 0) + by * count
    changes = {place: {name: by for name, by in change.items() if by} for place, change in parents.items()}
    return [Add(place, amounts) for place, amounts in changes.items() if amounts]


def require_none(milestone: ProjectMilestone, found: Children) -> Check:
    """Return the check that a milestone has no children. Raises HasChildren if it has."""
    if found.children:
        raise HasChildren
    return Check(key(milestone.tenant_id, milestone.project_milestone_id), _NONE)


def _counted(milestone: ProjectMilestone) -> Children:
    if milestone.status == "cancelled":
        return Children(children=1)
    amount, percent = milestone.amount_minor_units, milestone.progress
    return Children(1, 1, int(amount is not None), percent, amount or 0, (amount or 0) * percent)
