"""The sweep of erasures: an index that holds words of deleted documents for too long is built anew.

What is found knows nothing of a deleted document from the next publication on. Its words leave the files with a merge
of the engine, or when the index is built out of the documents that are left. That replaces all files, so their objects
leave the bucket an hour later, and their old versions with the rule of the bucket. A collection that was deleted and is
still there has its removal begun again.
"""

from collections.abc import Callable
from typing import Final

from functions.search import wake_ups
from functions.search.collections import erasures, growth, tenant_index
from functions.search.collections.erasures import Erasure
from functions.search.sweeps.metrics import ERASURE_AGE
from functions.search.wake_ups import Woken
from shared import clock, metrics
from shared.clock import DAY, SECOND, Instant

BEGUN_AFTER: Final = 12 * DAY
"""Old versions of objects stay for seven days, the snapshots of a domain for fourteen: all is gone after 26."""
MOST_BEGUN: Final = 100
"""How many indexes a sweep has built anew: 2,400 a day, and those whose documents change are written beside them."""
REMOVED_WITHIN: Final = 3600 * SECOND


def run(has_time: Callable[[], bool]) -> int:
    """Have indexes built anew that owe an erasure for too long, the longest first, and removals begun again.

    Returns how many those are. `has_time` is asked for each of them. Raises Unavailable.
    """
    now = clock.now()
    return _remove(now, has_time) + _build(now, has_time)


def _build(now: Instant, has_time: Callable[[], bool]) -> int:
    begun = 0
    for number, erasure in enumerate(erasures.owed(now - BEGUN_AFTER)):
        if number == 0:
            metrics.write({ERASURE_AGE: [now - clock.from_rfc3339(erasure.since)]})
        if begun == MOST_BEGUN or not has_time():
            break
        collection = tenant_index.known(*_woken(erasure))
        # Of one that was deleted, the removal takes the erasure with it.
        begun += collection is not None and growth.renew(collection)
    return begun


def _remove(now: Instant, has_time: Callable[[], bool]) -> int:
    begun = 0
    for removal in erasures.unfinished_removals(now - REMOVED_WITHIN):
        if not has_time():
            break
        # Once in each sweep, however often this one is repeated.
        known_as = f"{removal.collection_id}.{now // REMOVED_WITHIN}"
        wake_ups.send([wake_ups.message(_woken(removal), known_as=known_as)])
        begun += 1
    return begun


def _woken(erasure: Erasure) -> Woken:
    return Woken(erasure.tenant_id, erasure.name, erasure.collection_id)
