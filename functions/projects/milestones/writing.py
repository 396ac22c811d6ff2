"""The writes by which a milestone changes: itself, its entry, its gate, and the totals of its project, together."""

from collections.abc import Iterable

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
    return _reowned(milestone, milestone._replace(primary_owner_id=user_id))


def seconded(milestone: ProjectMilestone, owner_id: str) -> list[Write]:
    """Return the writes by which the gate shows a further secondary owner of a milestone; no new version of it."""
    return _with(milestone, {*milestone.secondary_owners, owner_id})


def unseconded(milestone: ProjectMilestone, owner_id: str) -> list[Write]:
    """Return the writes by which the gate shows a secondary owner of a milestone no more; no new version of it."""
    return _with(milestone, {*milestone.secondary_owners} - {owner_id})


def _with(milestone: ProjectMilestone, secondary_owners: Iterable[str]) -> list[Write]:
    after = milestone._replace(secondary_owners=tuple(sorted(secondary_owners)))
    return [*_reowned(milestone, after), gates.written(after)]


def _reowned(before: ProjectMilestone, after: ProjectMilestone) -> list[Write]:
    return [Put(milestones.to_item(after), milestones.still(before)), Put(entries.to_item(after))]


def _beside(before: ProjectMilestone | None, after: ProjectMilestone) -> list[Write]:
    counted = totals.added(after.tenant_id, after.project_id, counting.change(before, after))
    return [Put(entries.to_item(after)), gates.written(after), *counted, *children.added(before, after)]
