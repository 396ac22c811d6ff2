"""What happens by itself: an event becomes deliveries, a request for a replay too, and what waits is looked after.

Events come from the bus, at least once and in any order. One that comes twice finds its deliveries made and sends their
messages again, which find nothing to send. The order of the deliveries is not that of the events; who receives them
tells it by their ids or timestamps.
"""

import json
from typing import Any, Final

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.webhooks import deliveries, endpoints, published, replays, sending
from functions.webhooks.deliveries import Delivery
from functions.webhooks.sending import LOOK_AFTER
from shared import clock, config
from shared.clock import SECOND, Instant
from shared.messaging import bus, queues
from shared.observability import logger
from shared.storage import table
from shared.storage.events import Event
from shared.storage.table import ConditionFailed

SWEEP_SECONDS: Final = 5 * 60
"""How often what waits is looked after; what falls due before the next time is sent on with the delay that is left."""
_OVERLAP_SECONDS: Final = 30

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch of events, or sweep; answers the messages that could not be handled, to come again."""
    if "Records" not in event:
        return {"sent_on": sweep()}
    return process_partial_response(event, record_handler=receive, processor=processor, context=context)


def receive(record: SQSRecord) -> None:
    """Do what an event asks for."""
    event = bus.read(json.loads(record.body))
    if event.event_type == "notifications.delivery.requested":
        _send(event.tenant_id, event.data["endpoint_id"], event.data["event_id"])
    elif event.event_type == "notifications.replay.requested":
        replays.go_on(event)
    elif published.is_published(event.event_type):
        fan_out(event)


def fan_out(event: Event) -> None:
    """Make a delivery of an event for each endpoint that listens, and send its message. Raises Unavailable."""
    for endpoint, health in endpoints.listening(event.tenant_id, event.event_type):
        now = clock.now()
        delivery = deliveries.new(endpoint, event, at=now, look_at=now + LOOK_AFTER)
        try:
            table.transact([deliveries.made(delivery)])
        except ConditionFailed:
            logger.info("delivery known", endpoint_id=endpoint.endpoint_id, event_id=event.event_id)
        # Beside those that answer as they should, who does not would fill the queue with waiting.
        queue_url = config.retries_queue_url() if health else config.deliveries_queue_url()
        queues.send(queue_url, sending.message(delivery))


def sweep() -> int:
    """Send on what falls due before the next sweep, and what is overdue; return how many those were."""
    now = clock.now()
    until = now + (SWEEP_SECONDS + _OVERLAP_SECONDS) * SECOND
    found = [each for shard in range(deliveries.SHARDS) for each in deliveries.due(shard, until=until)]
    return sum(_sent_on(each, now) for each in found)


def _sent_on(delivery: Delivery, now: Instant) -> bool:
    """Send the message of a waiting delivery, and tell whether it still waited for one."""
    if delivery.due_at is None or delivery.is_claimed(now):
        return False
    after = deliveries.waiting(delivery, due_at=delivery.due_at, look_at=max(delivery.due_at, now) + LOOK_AFTER)
    try:
        table.transact([deliveries.written(delivery, after)])
    except ConditionFailed:
        return False
    sending.come_again(after, now=now)
    return True


def _send(tenant_id: str, endpoint_id: str, event_id: str) -> None:
    asked = {"tenant_id": tenant_id, "endpoint_id": endpoint_id, "event_id": event_id}
    queues.send(config.deliveries_queue_url(), asked)
