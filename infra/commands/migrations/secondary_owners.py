"""Shape 8: the gate of a milestone names its secondary owners, without which payments lets them release its money."""

from functions.projects.milestones import gates, milestones
from functions.projects.people import owners
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import Check, Put, Write, unchanged

_UNITS = 6
"""Two each for the milestone, its gate and the check of the owner."""


def mend(item: Item) -> int:
    """Name a secondary owner in the milestone and in its gate, and return the write units it took.

    The version stays: nothing that callers see has changed.
    """
    owner = owners.from_item(item)
    if owner.role != "secondary":
        return 0
    tenant_id = item["PK"].split("#")[1]
    places = [milestones.key(tenant_id, owner.project_milestone_id), owners.key(item["PK"], owner.user_id)]
    while True:
        found, now = table.get_many(places, consistent=True)
        if found is None or now is None or owner.user_id in found.get("secondary_owners", ()):
            return 0
        before = milestones.from_item(found)
        after = before._replace(secondary_owners=sorted({*before.secondary_owners, owner.user_id}))
        # What else the item has says that its plan is not published yet.
        named = {**found, "secondary_owners": after.secondary_owners}
        writes: list[Write] = [
            Put(named, milestones.still(before)),
            gates.written(after),
            Check(places[1], unchanged(now["version"])),
        ]
        try:
            table.transact(writes)
        except (ConditionFailed, Contended):
            continue
        return _UNITS
