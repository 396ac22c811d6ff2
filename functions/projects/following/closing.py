"""Milestones that are closed: approved or cancelled for good. They keep their owners, who have them in no list."""

from functions.projects.milestones import milestones, transition
from functions.projects.people import owners
from shared.storage import changes, table
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.writes import Put, unchanged


def unlist(tenant_id: str, milestone_id: str) -> None:
    """Take a closed milestone from the lists of its owners; nothing of one that is open, or gone."""
    place = milestones.partition(tenant_id, milestone_id)

    def plan() -> Plan[None]:
        found = milestones.find(tenant_id, milestone_id)
        if found is None or found.status not in transition.FINAL:
            return Plan(None)
        listed = [each for each in _owners(place) if owners.is_listed(each)]
        return Plan(None, [Put(owners.unlisted(each), unchanged(each["version"])) for each in listed])

    changes.make(plan)


def _owners(partition: str) -> list[Item]:
    return table.query(partition, owners.PREFIX, limit=owners.MOST, consistent=True).items
