"""Background work: the messages of a collection have its index brought up to date, once for all of a batch."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from functions.search import wake_ups
from functions.search.indexing import indexer
from functions.search.indexing.leases import LeaseHeld
from functions.search.wake_ups import Woken
from shared import clock, ids, log_lines
from shared.clock import SECOND
from shared.correlation import Correlation
from shared.messaging import handling, queues
from shared.observability import logger

# A batch takes a few seconds at most; the next one begins only if there is time for several such.
_KEPT_MILLISECONDS: Final = 20_000
# While messages of a collection are away, the queue hands out no other of it. Eight tries take ten minutes.
_FIRST_PAUSE_SECONDS: Final = 5
_LONGEST_PAUSE_SECONDS: Final = 300

Record = Mapping[str, Any]


class Invocation(Protocol):
    """What is asked of the Lambda context."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still take."""


def handler(event: Mapping[str, Any], context: Invocation) -> dict[str, Any]:
    """Bring the indexes of collections up to date; answers the messages that could not be handled, to come again."""
    failed: list[str] = []
    by_collection: dict[Woken, list[Record]] = defaultdict(list)
    for record in event["Records"]:
        try:
            by_collection[_read(record)].append(record)
        except (ValueError, KeyError, TypeError):
            logger.exception("message that names no collection", message_id=record["messageId"])
            failed.append(record["messageId"])
    for woken, records in by_collection.items():
        failed += _handle(woken, records, context)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _read(record: Record) -> Woken:
    """Return the collection that a message names."""
    asked = json.loads(record["body"])
    woken = Woken(asked["tenant_id"], asked["name"], asked["collection_id"])
    is_valid = ids.is_valid(woken.tenant_id, "tenant") and ids.is_valid(woken.collection_id, "col")
    if not (is_valid and isinstance(woken.name, str)):
        raise ValueError("no collection has these ids")
    return woken


def _handle(woken: Woken, records: Sequence[Record], context: Invocation) -> list[str]:
    try:
        with handling.of_messages(records) as handled:
            try:
                ran = indexer.run(*woken, lambda: _has_time(context))
            except LeaseHeld as held:
                handled.outcome = "postponed"
                return _postponed(records, max((held.until - clock.now()) // SECOND, 0) + 1)
            if ran.is_done:
                _tell(woken, ran.generation, handled.requests)
            else:
                _go_on(woken, handled.requests)
    except Exception:
        logger.exception("collection not indexed", collection_id=woken.collection_id)
        return _postponed(records, _pause_seconds(records))
    return []


def _postponed(records: Sequence[Record], seconds: int) -> list[str]:
    """Let messages come again after these seconds, and return their ids."""
    for record in records:
        queues.postpone(record, seconds=seconds)
    return [each["messageId"] for each in records]


def _pause_seconds(records: Sequence[Record]) -> int:
    """Return after how many seconds a run that failed is tried again, twice as many each time."""
    receives = max(int(each["attributes"]["ApproximateReceiveCount"]) for each in records)
    return min(int(_FIRST_PAUSE_SECONDS * 2 ** (receives - 1)), _LONGEST_PAUSE_SECONDS)


def _tell(woken: Woken, generation: int | None, requests: Sequence[Correlation]) -> None:
    """Log for each request from which publication of the index on its changes are found; none if it is gone."""
    for each in requests if generation is not None else ():
        said = {"tenant_id": woken.tenant_id, "collection_id": woken.collection_id, "generation": generation}
        log_lines.write("findable", each, said)


def _go_on(woken: Woken, requests: Sequence[Correlation]) -> None:
    """Have the rest done by messages behind those that wait already, one for each request that waits for it."""
    wake_ups.send([wake_ups.message(woken, known_as=ids.new("wake"), belongs_to=each) for each in requests])


def _has_time(context: Invocation) -> bool:
    return context.get_remaining_time_in_millis() > _KEPT_MILLISECONDS
