"""Background work: what contexts say of their items is stored, and the indexer of each tenant is woken up once for all.

A message that comes again finds its document stored, and wakes up the indexer as long as that waits.
"""

from collections.abc import Sequence
from typing import Any

from functions.search import wake_ups
from functions.search.collections import tenant_index
from functions.search.everything import storing
from functions.search.wake_ups import Woken
from shared import ids
from shared.messaging import batches, search_feed
from shared.messaging.batches import Message


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Store what the messages of a batch say; answers those that failed, to be tried again."""
    return batches.per_subject(event, _tenant, _store)


def _tenant(message: Message) -> str:
    return search_feed.read(message).tenant_id


def _store(tenant_id: str, messages: Sequence[Message]) -> None:
    waiting = [storing.store(search_feed.read(message)) for message in messages]
    if any(waiting):
        wake_up(tenant_id)


def wake_up(tenant_id: str) -> None:
    """Have the indexer look at the index of a tenant."""
    woken = Woken(tenant_id, tenant_index.NAME, tenant_index.id_of(tenant_id))
    wake_ups.send([wake_ups.message(woken, known_as=ids.new("wake"))])
