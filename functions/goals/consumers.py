"""Background work: when an import has ended, finished or not, what may be left of it is queued for removal.

Reads the table's stream, and there only the removals of begun imports (see `infra/events.py`): no event tells of an
item that DynamoDB lets expire. The removal itself (`removal_consumers.py`) would hold up the stream.
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.goals.about import About
from shared import config, queues

processor = BatchProcessor(event_type=EventType.DynamoDBStreams)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch of stream records; answers those that failed, to be tried again."""
    return process_partial_response(event, record_handler=queue_removal, processor=processor, context=context)


def queue_removal(record: DynamoDBRecord) -> None:
    """Queue the removal of what an import has left. Raises Unavailable."""
    keys = record.dynamodb.keys if record.dynamodb else None
    if keys is None:
        return
    kind, _, goal_id = str(keys["SK"]).partition("#")
    if kind == "IMPORT":
        which = About(str(keys["PK"]).removeprefix("USER#"), goal_id)
        queues.send(config.removals_queue_url(), which._asdict())
