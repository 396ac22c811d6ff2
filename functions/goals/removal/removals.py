"""Removals: what is left of a goal that was deleted, or never finished, is removed in parts and at a pace.

A deletion takes the goal away from every reader at once. What remains are up to thousands of items of one partition,
which takes 1,000 write units a second (AWS: partition key design); half of them stay free for its owner.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from functions.goals import achievements, goals, points
from functions.goals.links import links
from functions.goals.sharing import shares
from functions.goals.tasks import due_tasks, tasks
from functions.goals.transfer import stages
from shared import pauses
from shared.messaging import search_feed
from shared.observability import logger
from shared.storage import attributes, events, table
from shared.storage.attributes import Item, Key

UNITS_A_SECOND: Final = 500
UNITS_A_PART: Final = 5_000
"""What one message removes: 10 seconds of work, well within the time-out of the function."""
_UNIT_BYTES: Final = 1024
_UNITS_OF_A_LINK: Final = 2
_UNITS_OF_A_STAGE: Final = 2


def remove_part(owner_id: str, goal_id: str, tenant_id: str | None = None) -> bool:
    """Remove a part of what is left of a goal, and return whether there may be more. A goal that exists keeps all.

    Search is told first which tasks are gone, unless the tenant is None: nobody was told of what never appeared.
    """
    if table.get(goals.key(owner_id, goal_id), consistent=True) is not None:
        # A goal that appeared has no stage, unless the migration saw its tasks first and gave it one.
        table.delete_many([stages.key(owner_id, goal_id)])
        return False
    begun, spent, batch = pauses.now(), 0, list[Key]()
    for key, units in _left_of(goals.partition(owner_id), goal_id):
        batch.append(key)
        spent += units
        if len(batch) == table.MAX_BATCH_WRITES:
            _remove(batch, tenant_id)
            batch = []
            pauses.until(begun + spent / UNITS_A_SECOND)
        if spent >= UNITS_A_PART:
            break
    _remove(batch, tenant_id)
    pauses.until(begun + spent / UNITS_A_SECOND)
    logger.info("part of a goal removed", goal_id=goal_id, write_units=spent)
    return spent >= UNITS_A_PART


def _remove(keys: Sequence[Key], tenant_id: str | None) -> None:
    task_ids = [key.sk.rpartition("#")[2] for key in keys if key.sk.startswith(tasks.PREFIX)]
    if tenant_id is not None and task_ids:
        search_feed.send([search_feed.gone(tenant_id, task_id) for task_id in task_ids])
    table.delete_many(keys)


def _left_of(partition: str, goal_id: str) -> Iterator[tuple[Key, int]]:
    """Yield the key of everything that can be left of a goal, and the write units that its removal takes."""
    for prefix in (each.prefix(goal_id) for each in (tasks, due_tasks, points, achievements, events)):
        for item in table.query_all(partition, prefix):
            yield Key(item["PK"], item["SK"]), _units(item)
    for item in table.query_all(partition, shares.listed(goal_id), index=True):
        yield Key(item["PK"], item["SK"]), _units(item)
    for key in links.keys_of_goal(partition, goal_id):
        yield key, _UNITS_OF_A_LINK
    owner_id = partition.removeprefix("USER#")
    yield goals.answers_key(owner_id, goal_id), 1
    # Last: while there is a stage, the removal is requested again.
    yield stages.key(owner_id, goal_id), _UNITS_OF_A_STAGE


def _units(item: Item) -> int:
    """Return the write units of an item: one for each KB that has begun, and as many for its entry in the index."""
    kilobytes = -(-attributes.measured(item)[1] // _UNIT_BYTES)
    return 2 * kilobytes if "GSI1PK" in item else kilobytes
