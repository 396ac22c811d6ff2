"""Background work: an event that documents have changed, or that a collection was deleted, wakes up the indexer.

The bus keeps no order and tells everybody; the queue of the indexer keeps one (`wake_ups.py`).
"""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.search import wake_ups
from functions.search.wake_ups import Woken
from shared.messaging import bus, handling

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Wake up the indexer for each event of a batch; answers the messages that could not be handled, to come again."""
    return process_partial_response(event, record_handler=wake_up, processor=processor, context=context)


def wake_up(record: SQSRecord) -> None:
    """Have the indexer look at the collection that an event is about."""
    with handling.of_messages([record.raw_event]):
        happened = bus.read(json.loads(record.body))
        woken = Woken(happened.tenant_id, happened.data["name"], happened.data["collection_id"])
        wake_ups.send([wake_ups.message(woken, known_as=happened.event_id)])
