"""Shape 2: goals stand in lists by category and tag and in the order of their ends, and are counted by status.

An entry that was written before is found by its key, for only its place in the index has changed.
"""

from functions.goals import goals, listings
from functions.goals.goals import Goal
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Check, Condition, Put, Write, unchanged

UNITS_OF_AN_ENTRY = 4
"""Two in the table, and two in the index for one that moves there."""
_UNITS_OF_A_CHECK = 2
_COUNTED = "GOALSTATUS#"


class Mender:
    """Writes the entries that a goal lacks, and the counts of its owner where they are not what there is."""

    def __init__(self) -> None:
        self._counted = ""

    def __call__(self, item: Item) -> int:
        """Mend a goal and return the write units it took."""
        goal = goals.from_item(item)
        units = _list(goal)
        # What lies in one partition is read one after the other.
        if goal.owner_id != self._counted:
            units += _count(goal.owner_id)
            self._counted = goal.owner_id
        return units


def _list(goal: Goal) -> int:
    while True:
        wanted = listings.entries(goal)
        found = table.get_many(list(wanted), consistent=True)
        missing = [new for new, old in zip(wanted.values(), found, strict=True) if new != old]
        if not missing:
            return 0
        place = goals.key(goal.owner_id, goal.goal_id)
        if _written([Check(place, unchanged(goal.version)), *(Put(entry) for entry in missing)]):
            return _UNITS_OF_A_CHECK + UNITS_OF_AN_ENTRY * len(missing)
        # Somebody was faster: what they wrote is right, but they only wrote what they changed.
        now = table.get(place, consistent=True)
        if now is None:
            return 0
        goal = goals.from_item(now)


def _count(user_id: str) -> int:
    """Write the counts of a user anew, unless they are right; not while a goal comes, goes or changes its status."""
    key = goals.counts_key(user_id)
    while True:
        stored = table.get(key, consistent=True) or {}
        counts = {f"{status}_goals": 0 for status in goals.STATUSES}
        for entry in table.query_all(key.pk, _COUNTED):
            counts[f"{entry['SK'].split('#')[1]}_goals"] += 1
        if {**stored, **counts} == stored:
            return 0
        item = {"PK": key.pk, "SK": key.sk, "changes": 0, **stored, **counts}
        if _written([Put(item, _as_read(stored))]):
            return _UNITS_OF_A_CHECK


def _as_read(stored: Item) -> Condition:
    """Return the condition that nobody has changed the counts since they were read."""
    if not stored:
        return ABSENT
    if "changes" in stored:
        return Condition("#changes = :changes", {"#changes": "changes"}, {":changes": stored["changes"]})
    names = {"#changes": "changes", "#active": "active_goals"}
    return Condition("attribute_not_exists(#changes) AND #active = :active", names, {":active": stored["active_goals"]})


def _written(writes: list[Write]) -> bool:
    try:
        table.transact(writes)
    except (ConditionFailed, Contended):
        return False
    return True
