"""What happens by itself: a message of the delivery queues makes the next attempt of one delivery.

One message at a time, so that an endpoint that takes its time holds up nobody but itself; who fails or is slow has a
queue of its own, beside which the others go by (`consumers.py` chooses).
"""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.webhooks import sending
from shared.messaging import handling

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Make the attempts of a batch; answers the messages that could not be handled, to come again."""
    return process_partial_response(event, record_handler=send, processor=processor, context=context)


def send(record: SQSRecord) -> None:
    """Make the next attempt of the delivery that a message names."""
    with handling.of_messages([record.raw_event]):
        asked = json.loads(record.body)
        sending.send(asked["tenant_id"], asked["endpoint_id"], asked["event_id"])
