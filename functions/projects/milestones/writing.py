"""The writes by which a milestone changes: itself, its entry, its gate, and the totals of its project, together."""

from functions.projects import totals
from functions.projects.milestones import children, counting, entries, gates, milestones
from functions.projects.milestones.milestones import ProjectMilestone
from shared.storage.writes import ABSENT, Put, Write, unchanged


def born(milestone: ProjectMilestone) -> list[Write]:
    """Return the writes of a new milestone."""
    return [Put(milestones.to_item(milestone), ABSENT), *_beside(None, milestone)]


def changed(before: ProjectMilestone, after: ProjectMilestone) -> list[Write]:
    """Return the writes that change a milestone, which is still at the version that was read."""
    return [Put(milestones.to_item(after), unchanged(before.version)), *_beside(before, after)]


def _beside(before: ProjectMilestone | None, after: ProjectMilestone) -> list[Write]:
    counted = totals.added(after.tenant_id, after.project_id, counting.change(before, after))
    return [Put(entries.to_item(after)), gates.written(after), *counted, *children.added(before, after)]
