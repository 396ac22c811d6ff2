"""The sweep: removes files that no pointer names any more, and asks for what a lost message has left undone.

A file that was replaced lives for another day, for whoever has read the pointer that names it. So does one of a run
that broke off, or that was slower than another.

A tenant in which nothing happens costs no read: its pointer is read once its files are newer than what the last sweep
could settle.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from functions.audience.files import folders, generations, given_up, pointers, shards, sweeps, tasks
from functions.audience.files.pointers import Pointer
from shared import clock
from shared.clock import DAY, SECOND, Instant
from shared.messaging import handling, sweep_parts
from shared.messaging.timers import Invocation
from shared.observability import logger
from shared.storage import files
from shared.storage.files import Listed

KEPT: Final = DAY
OVERDUE: Final = 3600 * SECOND
"""Deltas are folded long before they are so old, unless a message was lost."""
HOUR: Final = 3600 * SECOND
"""How often it is called."""
_TENANT: Final = 1
_KEPT_MILLISECONDS: Final = 15_000


def handler(_event: Mapping[str, Any], context: Invocation) -> dict[str, int]:
    """Look at what the stream gave up on, and in the first hour of a day sweep; answers how many files were removed."""
    with handling.of_run(context, action="sweep"):
        found = sweep_parts.run({"given_up": given_up.look, "removed": lambda: _run_daily(context)})
    return {"removed": found["removed"]}


def _run_daily(context: Invocation) -> int:
    """Sweep in the first hour of a day; return how many files were removed."""
    if clock.now() % DAY >= HOUR:
        return 0
    return run(lambda: context.get_remaining_time_in_millis() > _KEPT_MILLISECONDS)


def run(has_time: Callable[[], bool]) -> int:
    """Look at the files of all tenants; return how many were removed. `has_time` is asked before each tenant.

    Raises Unavailable.
    """
    began_at, settled = clock.now(), sweeps.last()
    removed, is_sound = 0, True
    for tenant_id, found in groupby(folders.every(f"{folders.PURPOSE}/"), _tenant):
        listed = [*found]
        if settled is not None and _is_at_rest(tenant_id, listed, settled):
            continue
        if not has_time():
            logger.warning("the sweep had no time for all files", tenant_id=tenant_id)
            return removed
        # What was listed before is read after: a file that was published meanwhile is named.
        pointer = pointers.find(tenant_id)
        if _is_of_another_time(tenant_id, pointer, listed):
            tasks.ask(tenant_id, "rebuild")
            is_sound = False
        else:
            removed += _swept(tenant_id, pointer, listed)
    if is_sound:
        sweeps.note(began_at)
    return removed


def _tenant(listed: Listed) -> str:
    return listed.key.split("/")[_TENANT]


def _is_at_rest(tenant_id: str, listed: Sequence[Listed], settled: Instant) -> bool:
    """Return whether a sweep could settle all about these files: they are shards, each of them once, and were old."""
    prefix = folders.shards(tenant_id)
    if not all(each.key.startswith(prefix) and each.written_at + KEPT <= settled for each in listed):
        return False
    return len({shards.number_in(tenant_id, each.key) for each in listed}) == len(listed)


def _is_of_another_time(tenant_id: str, pointer: Pointer | None, listed: Sequence[Listed]) -> bool:
    return pointer is not None and generations.are_newer(pointer, _of_shards(tenant_id, listed))


def _of_shards(tenant_id: str, listed: Sequence[Listed]) -> list[Listed]:
    prefix = folders.shards(tenant_id)
    return [each for each in listed if each.key.startswith(prefix)]


def _swept(tenant_id: str, pointer: Pointer | None, listed: Sequence[Listed]) -> int:
    """Remove what is over of the files of a tenant, and return how many that were."""
    now, prefix = clock.now(), folders.shards(tenant_id)
    if any(each.written_at + OVERDUE <= now for each in listed if not each.key.startswith(prefix)):
        tasks.ask(tenant_id, "fold")
    over = [*_over(tenant_id, pointer, _of_shards(tenant_id, listed), now)]
    for key in over:
        files.remove(key)
    return len(over)


def _over(tenant_id: str, pointer: Pointer | None, listed: Sequence[Listed], now: Instant) -> Iterator[str]:
    """Yield the keys of shards that nobody has had a use for since a day."""
    old = [each for each in listed if each.written_at + KEPT <= now]
    if pointer is None:
        yield from (each.key for each in old)
        return
    named = {each.key for each in pointer.shards}
    is_settled = clock.from_stored(pointer.published_at) + KEPT <= now
    replaced = dict[int, int]()
    for each in old:
        number = shards.number_in(tenant_id, each.key) % len(pointer.shards)
        replaced[number] = max(replaced.get(number, 0), shards.generation_of(tenant_id, each.key))
    for each in old:
        number = shards.number_in(tenant_id, each.key) % len(pointer.shards)
        is_replaced = shards.generation_of(tenant_id, each.key) < replaced[number]
        if each.key not in named and (is_settled or is_replaced):
            yield each.key
