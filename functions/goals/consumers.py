"""What happens by itself: when a goal is deleted, or an import broke off, what is left of it is removed.

Reads the table's stream (removals only, see `infra/events.py`). A record that comes twice finds nothing left to do.
"""

from collections.abc import Iterator
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.goals import achievements, due_tasks, goals, links, points, shares, tasks
from shared import events, table
from shared.attributes import Key
from shared.observability import logger

_REMOVED_TOGETHER = 500

processor = BatchProcessor(event_type=EventType.DynamoDBStreams)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch of stream records; answers those that failed, to be tried again."""
    return process_partial_response(event, record_handler=purge, processor=processor, context=context)


def purge(record: DynamoDBRecord) -> None:
    """Remove everything that is left of a goal that is gone, or was never finished."""
    keys = record.dynamodb.keys if record.dynamodb else None
    if keys is None:
        return
    partition = str(keys["PK"])
    kind, _, goal_id = str(keys["SK"]).partition("#")
    if kind not in {"GOAL", "IMPORT"} or table.get(Key(partition, f"GOAL#{goal_id}"), consistent=True) is not None:
        return
    removed, batch = 0, list[Key]()
    for left in _left_of(partition, goal_id):
        batch.append(left)
        if len(batch) == _REMOVED_TOGETHER:
            table.delete_many(batch)
            removed, batch = removed + len(batch), []
    table.delete_many(batch)
    logger.info("purged", goal_id=goal_id, items=removed + len(batch))


def _left_of(partition: str, goal_id: str) -> Iterator[Key]:
    """Yield the keys of what can be left of a goal: what lies under its id, and the shares and links given."""
    for prefix in (each.prefix(goal_id) for each in (tasks, due_tasks, points, achievements, events)):
        for item in table.query_all(partition, prefix):
            yield Key(item["PK"], item["SK"])
    for item in table.query_all(partition, shares.listed(goal_id), index=True):
        yield Key(item["PK"], item["SK"])
    yield from links.keys_of_goal(partition, goal_id)
    yield goals.answers_key(partition.removeprefix("USER#"), goal_id)
