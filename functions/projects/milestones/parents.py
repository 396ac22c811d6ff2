"""Where a milestone lies: below a parent of the same project, three levels deep at most.

Only milestones without children are moved. So the depth of a parent never changes, and parents alone close no circle,
also not by two halves at once. With dependencies they could: a milestone waits for its parts.
"""

from typing import Final

from functions.projects.dependencies import cycle, graph
from functions.projects.dependencies.refusals import DependencyCycle
from functions.projects.milestones import milestones, transition
from functions.projects.milestones.milestones import ProjectMilestone
from shared import ids
from shared.errors import Conflict, InvalidInput
from shared.storage import table
from shared.storage.writes import Check, Write, unchanged

MOST_LEVELS: Final = 3
_CLOSED: Final = transition.FINAL | transition.SUBMITTED


class ParentNotPossible(Conflict):
    """409: a milestone with an amount, or one that is completed or cancelled, gets no children."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The parent {reason}, so it gets no children.")


def placed(milestone: ProjectMilestone) -> tuple[ProjectMilestone, list[Write]]:
    """Return a milestone with the depth that its parent gives it, and the writes that hold what this was judged by.

    Raises InvalidInput, ParentNotPossible, DependencyCycle.
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
    unmoved = Check(place, unchanged(parent.version))
    return milestone._replace(depth=parent.depth + 1), [unmoved, *_without_cycle(milestone, parent)]


def _without_cycle(milestone: ProjectMilestone, parent: ProjectMilestone) -> list[Write]:
    """Return the write that holds that a parent waits for nothing that waits for it; none where nothing could."""
    if not milestone.dependencies:
        return []
    read = graph.read(milestone.tenant_id, milestone.project_id)
    path = cycle.closed_by(read.waits(), milestone.project_milestone_id, parent.project_milestone_id)
    if path is not None:
        raise DependencyCycle(path)
    return [graph.changed(milestone.tenant_id, milestone.project_id, read.version)]


def _found(milestone: ProjectMilestone) -> ProjectMilestone:
    parent_id = milestone.parent_id or ""
    if ids.is_valid(parent_id, milestones.ID) and parent_id != milestone.project_milestone_id:
        item = table.get(milestones.key(milestone.tenant_id, parent_id), consistent=True)
        if item is not None and item["project_id"] == milestone.project_id:
            return milestones.from_item(item)
    raise InvalidInput.of("parent_id", "must be another milestone of the same project")
