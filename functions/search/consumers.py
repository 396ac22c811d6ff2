"""Background work: an event that documents have changed, or that a collection was deleted, wakes up the indexer.

The bus keeps no order and tells everybody; the queue of the indexer gives those of one collection to one writer at a
time. A message holds which collection it is, and nothing of its documents.
"""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared import config
from shared.messaging import bus, handling, queues
from shared.messaging.queues import Outgoing

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Wake up the indexer for each event of a batch; answers the messages that could not be handled, to come again."""
    return process_partial_response(event, record_handler=wake_up, processor=processor, context=context)


def wake_up(record: SQSRecord) -> None:
    """Have the indexer look at the collection that an event is about."""
    with handling.of_messages([record.raw_event]):
        happened = bus.read(json.loads(record.body))
        collection_id = happened.data["collection_id"]
        asked = {"tenant_id": happened.tenant_id, "collection_id": collection_id, "name": happened.data["name"]}
        message = Outgoing(asked, group=collection_id, known_as=happened.event_id)
        queues.send_all(config.indexing_queue_url(), [message])
