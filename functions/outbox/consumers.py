"""What happens by itself: events go from the table's stream to the event bus, at least once, in the stream's order.

An event is an item of the transaction it tells of (`shared/events.py`), so none is lost and none is told that did not
happen. What the bus did not take comes again from there on; who consumes knows an event by its id.
"""

from typing import Any

from shared import attributes, bus, events
from shared.errors import Unavailable
from shared.observability import logger


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Put a batch of stream records on the bus; the answer names the record from which on they are to come again."""
    records = event["Records"]
    happened = [events.stored(attributes.load(record["dynamodb"]["NewImage"])) for record in records]
    try:
        taken = bus.put(happened)
    except Unavailable:
        logger.warning("event bus unavailable", events=len(happened))
        taken = 0
    if taken == len(happened):
        return {"batchItemFailures": []}
    # https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    return {"batchItemFailures": [{"itemIdentifier": records[taken]["dynamodb"]["SequenceNumber"]}]}
