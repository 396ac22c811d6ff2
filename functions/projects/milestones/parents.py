"""Where a milestone lies: below a parent of the same project, three levels deep at most.

Only milestones without children are moved. So the depth of a parent never changes, and no circle can be closed, also
not by two halves at once.
"""

from typing import Final

from functions.projects.milestones import milestones, transition
from functions.projects.milestones.milestones import ProjectMilestone
from shared import ids
from shared.errors import Conflict, InvalidInput
from shared.storage import table
from shared.storage.writes import Check, unchanged

MOST_LEVELS: Final = 3
_CLOSED: Final = transition.FINAL | transition.SUBMITTED


class ParentNotPossible(Conflict):
    """409: a milestone with an amount, or one that is completed or cancelled, gets no children."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The parent {reason}, so it gets no children.")


def placed(milestone: ProjectMilestone) -> tuple[ProjectMilestone, list[Check]]:
    """Return a milestone with the depth that its parent gives it, and the check that the parent is as it was read.

    Raises InvalidInput, ParentNotPossible.
    """
    if milestone.parent_id is None:
        return milestone._replace(depth=1), []
    parent = _found(milestone)
    if parent.depth >= MOST_LEVELS:
        raise InvalidInput.of("parent_id", f"must not be a milestone of the {MOST_LEVELS}rd level")
    if parent.amount_minor_units is not None:
        raise ParentNotPossible("has an amount")
    if parent.status in _CLOSED:
        raise ParentNotPossible(f"is {parent.status}")
    place = milestones.key(parent.tenant_id, parent.project_milestone_id)
    return milestone._replace(depth=parent.depth + 1), [Check(place, unchanged(parent.version))]


def _found(milestone: ProjectMilestone) -> ProjectMilestone:
    parent_id = milestone.parent_id or ""
    if ids.is_valid(parent_id, milestones.ID) and parent_id != milestone.project_milestone_id:
        item = table.get(milestones.key(milestone.tenant_id, parent_id), consistent=True)
        if item is not None and item["project_id"] == milestone.project_id:
            return milestones.from_item(item)
    raise InvalidInput.of("parent_id", "must be another milestone of the same project")
