"""What happens by itself: an event becomes deliveries, a request for a replay too, and what waits is looked after.

Events come from the bus, at least once and in any order. One that comes twice finds its deliveries made and sends their
messages again, which find nothing to send. The order of the deliveries is not that of the events; who receives them
tells it by their ids or timestamps.
"""

import json
from collections import defaultdict
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.webhooks import deliveries, endpoints, published, replays, sending, sweeps
from functions.webhooks.sending import LOOK_AFTER
from shared import clock, config
from shared.messaging import bus, handling, queues
from shared.messaging.queues import Outgoing
from shared.observability import logger
from shared.storage import table
from shared.storage.events import Event
from shared.storage.table import ConditionFailed

# What a sweep keeps of its time-out: for ten deliveries that the table is slow with, and for their messages.
_KEPT_MILLISECONDS = 20_000

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch of events, or sweep a shard; answers the messages that could not be handled, to come again."""
    if "shard" in event:
        with handling.of_run(context, shard=event["shard"]):
            return {"sent_on": sweeps.run(event["shard"], lambda: _has_time(context))}
    return process_partial_response(event, record_handler=receive, processor=processor, context=context)


def receive(record: SQSRecord) -> None:
    """Do what the event of a message asks for."""
    with handling.of_messages([record.raw_event]):
        _do(bus.read(json.loads(record.body)))


def _do(event: Event) -> None:
    if event.event_type in published.FORMER_TYPES:
        event = event._replace(event_type=published.renamed(event.event_type))
    if event.event_type == "webhooks.delivery.requested":
        _send(event.tenant_id, event.data["endpoint_id"], event.data["event_id"])
    elif event.event_type == "webhooks.replay.requested":
        replays.go_on(event)
    elif published.is_published(event.event_type):
        fan_out(event)


def fan_out(event: Event) -> None:
    """Make a delivery of an event for each endpoint that listens, and send their messages. Raises Unavailable."""
    messages: dict[str, list[Outgoing]] = defaultdict(list)
    for endpoint, health in endpoints.listening(event.tenant_id, event.event_type):
        now = clock.now()
        delivery = deliveries.new(endpoint, event, at=now, look_at=now + LOOK_AFTER)
        try:
            table.transact([deliveries.made(delivery)])
        except ConditionFailed:
            logger.info("delivery known", endpoint_id=endpoint.endpoint_id, event_id=event.event_id)
        # Beside those that answer as they should, who does not would fill the queue with waiting.
        queue_url = config.retries_queue_url() if health else config.deliveries_queue_url()
        messages[queue_url].append(sending.message(delivery))
    for queue_url, together in messages.items():
        queues.send_all(queue_url, together)


def _send(tenant_id: str, endpoint_id: str, event_id: str) -> None:
    asked = {"tenant_id": tenant_id, "endpoint_id": endpoint_id, "event_id": event_id}
    queues.send_all(config.deliveries_queue_url(), [Outgoing(asked, group=tenant_id)])


def _has_time(context: LambdaContext) -> bool:
    return context.get_remaining_time_in_millis() > _KEPT_MILLISECONDS
