"""The writes by which a milestone changes: itself, its entry, its gate, and the totals of its project, together."""

from functions.projects import totals
from functions.projects.milestones import children, counting, entries, gates, milestones
from functions.projects.milestones.milestones import ProjectMilestone
from shared.storage.writes import ABSENT, Put, Write


def born(milestone: ProjectMilestone) -> list[Write]:
    """Return the writes of a new milestone."""
    return [Put(milestones.to_item(milestone), ABSENT), *_beside(None, milestone)]


def changed(before: ProjectMilestone, after: ProjectMilestone) -> list[Write]:
    """Return the writes that change a milestone, which is still at the version that was read."""
    return [Put(milestones.to_item(after), milestones.still(before)), *_beside(before, after)]


def owned(milestone: ProjectMilestone, user_id: str | None) -> list[Write]:
    """Return the writes by which lists show another primary owner of a milestone, None for nobody.

    What the lock says wins; this follows it in the same transaction, and is no new version of the milestone.
    """
    after = milestone._replace(primary_owner_id=user_id)
    return [Put(milestones.to_item(after), milestones.still(milestone)), Put(entries.to_item(after))]


def _beside(before: ProjectMilestone | None, after: ProjectMilestone) -> list[Write]:
    counted = totals.added(after.tenant_id, after.project_id, counting.change(before, after))
    return [Put(entries.to_item(after)), gates.written(after), *counted, *children.added(before, after)]
