"""The sweep of documents that wait: whose wake-up was lost is woken up again.

A wake-up that is handled before the index of the table shows the document finds nothing to do, and a message may end
with the dead letters. The mark of a document is in a partition that all collections share, so what waits is found by a
query for each shard and each collection that waits, and nothing is stored for it. An index that is being built has a
place of its own there.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from functions.search import wake_ups
from functions.search.collections import rebuilds
from functions.search.collections.rebuilds import Rebuild
from functions.search.documents import documents
from functions.search.documents.documents import Mark
from functions.search.indexing import leases
from functions.search.indexing.leases import Lease
from functions.search.sweeps.metrics import STALLED_WRITERS
from functions.search.wake_ups import Woken
from shared import clock, metrics
from shared.clock import SECOND, Instant
from shared.observability import logger

LOST_AFTER: Final = 30 * SECOND
"""A wake-up takes about two seconds from the change to the indexer."""
STALLED_AFTER: Final = 120 * SECOND
"""Twice as long as a lease, which a writer renews with each batch."""
BROKEN_OFF_AFTER: Final = 120 * SECOND
_MINUTE: Final = 60 * SECOND


def run(has_time: Callable[[], bool]) -> int:
    """Wake up each collection of which a document waits for too long, and each whose new index nobody works at.

    Returns how many those are.

    `has_time` is asked for each of them. A run without time goes on in the next minute, which begins with another
    shard. Raises Unavailable.
    """
    now = clock.now()
    waiting = _waiting(now, has_time)
    wake_ups.send([wake_ups.message(_woken(mark), known_as=_known_as(mark)) for mark in waiting.values()])
    broken_off = [each for each in rebuilds.unfinished() if _is_broken_off(each, now)]
    wake_ups.send([wake_ups.message(_woken(each), known_as=_worked_at(each)) for each in broken_off])
    stalled = [lease for lease in leases.find_all([*waiting]) if _is_stalled(lease, now)]
    for lease in stalled:
        logger.warning("writer without progress", collection_id=lease.collection_id, fence=lease.fence)
    if stalled:
        metrics.write({STALLED_WRITERS: [len(stalled)]})
    return len({*waiting, *(each.collection_id for each in broken_off)})


def _waiting(now: Instant, has_time: Callable[[], bool]) -> Mapping[str, Mark]:
    """Return the oldest mark of each collection, of those that are old enough."""
    found: dict[str, Mark] = {}
    for mark in _marks(now // _MINUTE % documents.SHARDS):
        if not has_time():
            logger.warning("a sweep of waiting documents took all its time", collections=len(found))
            break
        known = found.get(mark.collection_id, mark)
        if clock.from_stored(mark.since) + LOST_AFTER <= now:
            found[mark.collection_id] = min(known, mark, key=lambda each: each.since)
    return found


def _marks(first: int) -> Iterable[Mark]:
    for number in range(documents.SHARDS):
        yield from documents.first_marks((first + number) % documents.SHARDS)


def _is_broken_off(rebuild: Rebuild, now: Instant) -> bool:
    """Return whether nothing came to a new index for longer than a writer may take for a piece of it."""
    return clock.from_rfc3339(rebuild.worked_at) + BROKEN_OFF_AFTER <= now


def _woken(waiting: Mark | Rebuild) -> Woken:
    return Woken(waiting.tenant_id, waiting.name, waiting.collection_id)


def _worked_at(rebuild: Rebuild) -> str:
    """Return what makes two wake-ups one that are for the same state of a new index."""
    return f"{rebuild.collection_id}.{clock.from_rfc3339(rebuild.worked_at)}"


def _known_as(mark: Mark) -> str:
    """Return what makes two wake-ups for one document one, for the five minutes that the queue remembers them."""
    return f"{mark.collection_id}.{clock.from_stored(mark.since)}"


def _is_stalled(lease: Lease, now: Instant) -> bool:
    """Return whether a writer neither has let go of its lease nor renewed it for too long."""
    return lease.expires_at != 0 and lease.expires_at - leases.HELD + STALLED_AFTER <= now
