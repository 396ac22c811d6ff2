"""Background work: when an import has ended, finished or not, what may be left of it is queued for removal.

Reads the table's stream, and there only the removals of begun imports (see `infra/constructs/events.py`): no event
tells of an item that DynamoDB lets expire. The removal itself (`consumers.py`) would hold up the stream. A record that
names no import is put aside, so that those behind it do not wait.
"""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.goals.about import About
from shared import config, ids
from shared.messaging import discarded, handling, queues
from shared.storage import attributes

processor = BatchProcessor(event_type=EventType.DynamoDBStreams)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch of stream records; answers those that failed, to be tried again."""
    readable = [record for record, _ in discarded.sift(event["Records"], _ended, context)]
    if not readable:
        return {"batchItemFailures": []}
    event = event | {"Records": readable}
    with handling.of_run(context, records=len(readable)):
        return process_partial_response(event, record_handler=queue_removal, processor=processor, context=context)


def queue_removal(record: DynamoDBRecord) -> None:
    """Queue the removal of what an import has left. Raises Unavailable."""
    which = _ended(record.raw_event)
    if which is not None:
        queues.send(config.removals_queue_url(), which._asdict())


def _ended(record: Mapping[str, Any]) -> About | None:
    """Return the goal of the import that a record says has ended, None for the end of anything else.

    Raises KeyError, TypeError or ValueError for a record that names nothing.
    """
    key = attributes.load_key(record["dynamodb"]["Keys"])
    kind, _, goal_id = key.sk.partition("#")
    if not key.pk.startswith("USER#") or (kind == "IMPORT" and not ids.is_valid(goal_id, "goal")):
        raise ValueError("no import has this key")
    return About(key.pk.removeprefix("USER#"), goal_id) if kind == "IMPORT" else None
