"""Milestones that are closed: approved or cancelled for good. They keep their owners, who have less to do."""

from functions.projects import projects
from functions.projects.milestones import milestones, transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people import owners, workloads
from shared import clock, days
from shared.storage import changes, table
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.writes import Put, Write, unchanged


def unlist(tenant_id: str, milestone_id: str) -> None:
    """Take a closed milestone from the lists and the work of its owners; nothing of one that is open, or gone."""
    place = milestones.partition(tenant_id, milestone_id)

    def plan() -> Plan[None]:
        found = milestones.find(tenant_id, milestone_id)
        if found is None or found.status not in transition.FINAL:
            return Plan(None)
        listed = [each for each in _owners(place) if owners.is_listed(each)]
        writes: list[Write] = [Put(owners.unlisted(each), unchanged(each["version"])) for each in listed]
        of_owners = map(owners.from_item, listed)
        return Plan(None, [*writes, *workloads.closed(tenant_id, of_owners, is_on_time=_is_on_time(found))])

    changes.make(plan)


def _is_on_time(milestone: ProjectMilestone) -> bool | None:
    """Return whether an approved milestone was completed on its last day or before; None without such a day.

    A day ends in the time zone of the project.
    """
    completed = milestone.moments.get("completed_at")
    if milestone.status != "approved" or milestone.due_on is None or completed is None:
        return None
    project = projects.find(milestone.tenant_id, milestone.project_id)
    zone = "UTC" if project is None else project.time_zone
    return str(days.day_of(clock.from_rfc3339(completed), zone)) <= milestone.due_on


def _owners(partition: str) -> list[Item]:
    return table.query(partition, owners.PREFIX, limit=owners.MOST, consistent=True).items
