"""Shape 4: an import that was begun is a timer, and what an import left that ended unheard is removed.

Stages of earlier versions expired by their `ttl`, which a second reader of the stream waited for. One that DynamoDB
removed after that reader was gone is known by what it left: a task or a point of a goal that is not there.
"""

from functions.goals.goals import key as goal_key
from functions.goals.transfer import stages
from shared import clock
from shared.clock import SECOND
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Condition, Put

UNITS_OF_A_STAGE = 3


def mend(item: Item) -> int:
    """Make a timer of a stage that has a `ttl`, and return the write units it took."""
    if "ttl" not in item:
        return 0
    owner_id = item["PK"].removeprefix("USER#")
    kept = {name: value for name, value in item.items() if name != "ttl"}
    timer = stages.to_item(owner_id, item["goal_id"], item["ttl"] * SECOND)
    return _written(Put({**kept, **timer}, _as_read(item)))


class Finder:
    """Requests the removal of tasks and points whose goal is neither there nor on its way."""

    def __init__(self) -> None:
        self._seen: Key | None = None

    def __call__(self, item: Item) -> int:
        """Look whether a task or a point has a goal, and return the write units it took."""
        owner_id, goal_id = item["PK"].removeprefix("USER#"), item["SK"].split("#")[1]
        place = goal_key(owner_id, goal_id)
        # What lies in one partition is read one after the other.
        if place == self._seen:
            return 0
        self._seen = place
        stage = stages.key(owner_id, goal_id)
        if any(found is not None for found in table.get_many([place, stage], consistent=True)):
            return 0
        return _written(Put(stages.to_item(owner_id, goal_id, clock.now()), ABSENT))


def _as_read(stage: Item) -> Condition:
    """Return the condition that nobody has changed a stage since it was read."""
    names, values = {"#ttl": "ttl"}, {":ttl": stage["ttl"]}
    if "version" not in stage:
        return Condition("#ttl = :ttl", names, values)
    versioned = {"#version": "version"}, {":version": stage["version"]}
    return Condition("#ttl = :ttl AND #version = :version", names | versioned[0], values | versioned[1])


def _written(write: Put) -> int:
    try:
        table.transact([write])
    except (ConditionFailed, Contended):
        return 0
    return UNITS_OF_A_STAGE
