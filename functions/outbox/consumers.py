"""Background work: events go from the table's stream to the event bus, at least once, in the stream's order.

Those of the audit log also go to its queue, before they go to the bus.

An event is an item of the transaction it tells of (`shared/storage/events.py`), so none is lost and none is told that
did not happen. What the bus did not take comes again from there on; consumers know an event by its id.
"""

from collections.abc import Sequence
from typing import Any

from functions.outbox import metrics
from shared import clock
from shared.messaging import audited, bus, discarded, handling
from shared.messaging.discarded import Invocation, Record
from shared.storage import attributes, events
from shared.storage.events import Event


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
    """Put a batch of stream records on the bus; the answer names the record from which on they are to come again.

    A record that is no event is put aside, and the others go on. Raises Unavailable when the bus or the queue of the
    audit log does not answer: the whole batch comes again.
    """
    happened = discarded.sift(event["Records"], _read, context)
    with handling.of_events([each for _, each in happened]) as handled:
        handled.taken = taken = _put([each for _, each in happened])
    metrics.count([each for _, each in happened[:taken]], now=clock.now())
    if taken == len(happened):
        return {"batchItemFailures": []}
    # https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    return {"batchItemFailures": [{"itemIdentifier": happened[taken][0]["dynamodb"]["SequenceNumber"]}]}


def _put(happened: Sequence[Event]) -> int:
    """Send events on, and return how many were taken everywhere before the first that was not."""
    security = [number for number, event in enumerate(happened) if audited.takes(event)]
    taken = audited.put([happened[number] for number in security])
    # The bus gets nothing that will come again anyway: while the audit log's queue is down, no consumer is told twice.
    ahead = security[taken] if taken < len(security) else len(happened)
    return bus.put(happened[:ahead])


def _read(record: Record) -> Event:
    """Return the event of a record. Raises KeyError, TypeError or ValueError if it holds none that the bus takes."""
    event = events.stored(attributes.load(record["dynamodb"]["NewImage"]))
    if not events.is_whole(event) or not bus.has_room_for(event):
        raise ValueError("no event that the bus takes")
    return event
