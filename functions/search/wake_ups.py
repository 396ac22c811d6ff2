"""The message that wakes up the indexer of a collection: it says which collection it is, and nothing of its documents.

The queue gives those of one collection to one writer at a time.
"""

from collections.abc import Sequence
from typing import NamedTuple

from shared import config
from shared.correlation import Correlation
from shared.messaging import queues
from shared.messaging.queues import Outgoing


class Woken(NamedTuple):
    """A collection that the indexer is to look at."""

    tenant_id: str
    name: str
    collection_id: str


def message(woken: Woken, *, known_as: str, belongs_to: Correlation | None = None) -> Outgoing:
    """Return the message. Another one that is `known_as` the same within five minutes is dropped."""
    return Outgoing(woken._asdict(), group=woken.collection_id, known_as=known_as, belongs_to=belongs_to)


def send(messages: Sequence[Outgoing]) -> None:
    """Put messages on the queue of the indexer. Raises Unavailable."""
    queues.send_all(config.indexing_queue_url(), messages)
