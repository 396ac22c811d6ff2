"""Background work: the messages of a collection have its index brought up to date, once for all of a batch."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from functions.search.indexing import indexer
from functions.search.indexing.leases import LeaseHeld
from shared import clock, config, ids
from shared.clock import SECOND
from shared.messaging import handling, queues
from shared.messaging.queues import Outgoing
from shared.observability import logger

# A batch takes a few seconds at most; the next one begins only if there is time for several such.
_KEPT_MILLISECONDS: Final = 20_000

Record = Mapping[str, Any]
Group = tuple[str, str, str]


class Invocation(Protocol):
    """What is asked of the Lambda context."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still take."""


def handler(event: Mapping[str, Any], context: Invocation) -> dict[str, Any]:
    """Bring the indexes of collections up to date; answers the messages that could not be handled, to come again."""
    failed: list[str] = []
    by_collection: dict[Group, list[Record]] = defaultdict(list)
    for record in event["Records"]:
        try:
            by_collection[_read(record)].append(record)
        except (ValueError, KeyError, TypeError):
            logger.exception("message that names no collection", message_id=record["messageId"])
            failed.append(record["messageId"])
    for group, records in by_collection.items():
        failed += _handle(group, records, context)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _read(record: Record) -> Group:
    """Return the tenant, the name and the id of the collection that a message names."""
    asked = json.loads(record["body"])
    group = (asked["tenant_id"], asked["name"], asked["collection_id"])
    if not (ids.is_valid(group[0], "tenant") and isinstance(group[1], str) and ids.is_valid(group[2], "col")):
        raise ValueError("no collection has these ids")
    return group


def _handle(group: Group, records: Sequence[Record], context: Invocation) -> list[str]:
    tenant_id, name, collection_id = group
    try:
        with handling.of_messages(records) as handled:
            try:
                is_done = indexer.run(tenant_id, name, collection_id, lambda: _has_time(context))
            except LeaseHeld as held:
                handled.outcome = "postponed"
                return _postponed(records, held)
            if not is_done:
                _go_on(group)
    except Exception:
        logger.exception("collection not indexed", collection_id=collection_id)
        return [each["messageId"] for each in records]
    return []


def _postponed(records: Sequence[Record], held: LeaseHeld) -> list[str]:
    """Let messages come again when the lease of whoever broke off has ended."""
    seconds = max((held.until - clock.now()) // SECOND, 0) + 1
    for record in records:
        queues.postpone(record, seconds=seconds)
    return [each["messageId"] for each in records]


def _go_on(group: Group) -> None:
    """Have the rest done by a message of its own, behind those that wait already."""
    tenant_id, name, collection_id = group
    asked = {"tenant_id": tenant_id, "collection_id": collection_id, "name": name}
    message = Outgoing(asked, group=collection_id, known_as=ids.new("wake"))
    queues.send_all(config.indexing_queue_url(), [message])


def _has_time(context: Invocation) -> bool:
    return context.get_remaining_time_in_millis() > _KEPT_MILLISECONDS
