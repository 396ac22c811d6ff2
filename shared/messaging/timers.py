"""Timers: what is due, for what, which attempt at it, and when.

A timer is an item of its own, or attributes of an item that is there anyway. It is written in the transaction of the
change that makes it due. What it says is sent to a queue by a schedule, by the sweep, or by both; so it may come late,
twice, or for something that has changed since. Whoever gets it reads what is true by then, and removes the timer or
gives it another instant when the work is done. Until then every sweep that comes to it sends it again.
"""

import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from shared import clock, metrics
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.messaging import handling, queues
from shared.messaging.metrics import TIMERS
from shared.messaging.queues import Outgoing
from shared.observability import logger
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import UpdateRefused
from shared.storage.writes import Condition

SHARDS: Final = 8
"""Over how many partitions of the index the timers of a kind are spread: each takes 1,000 writes a second."""
SENT_AGAIN_AFTER: Final = 3600 * SECOND
"""A message of the sweep is handled by then, or has ended with the dead letters after its eight tries."""
KEPT_MILLISECONDS: Final = 20_000
"""What a sweep keeps of the time-out of its function: for ten timers that the queue and the table are slow with."""
ATTEMPT: Final = "attempt"
DUE_AT: Final = "due_at"
_DUE: Final = "DUE#"
_AT_ONCE: Final = 100


class Timer(NamedTuple):
    """What is due. `kind` is its context and noun, such as `goals.import`; `message` is what its consumer gets.

    Timers of one `group`, such as a tenant, wait for each other in a backlog, and others go by. `token` tells one
    attempt from the next; a kind whose subjects have one attempt each has none.
    """

    kind: str
    subject_id: str
    group: str
    at: Instant
    message: Mapping[str, Any]
    token: str = ""


class Invocation(handling.Invocation, Protocol):
    """The call of a function, as Lambda tells of it."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how much of its time-out is left."""


def attributes(timer: Timer, *, look_at: Instant) -> Item:
    """Return the attributes that make an item the timer, for which the sweep looks at `look_at` and later."""
    item = {"at": timer.at, "group": timer.group, "message": dict(timer.message)}
    return {
        **item,
        **({"token": timer.token} if timer.token else {}),
        "GSI1PK": partition(timer.kind, zlib.crc32(timer.subject_id.encode()) % SHARDS),
        "GSI1SK": _place(look_at, timer.subject_id),
    }


def partition(kind: str, shard: int) -> str:
    """Return the partition of the index that the timers of a shard are in, the longest due first."""
    return f"TIMERS#{kind}#{shard}"


def message_of(item: Item) -> Item:
    """Return what a timer sends: the message, for when it was due, and which attempt it is."""
    attempt = {ATTEMPT: item["token"]} if "token" in item else {}
    return {**item["message"], DUE_AT: item["at"], **attempt}


def sweep(kind: str, shard: int, *, queue_url: str, context: Invocation) -> int:
    """Send what is due in a shard and still has its timer, and return how many those were.

    It ends before the
    time of the call does; timers that are left come first in the next sweep. Raises ExceptionGroup, after all, for
    those that could not be sent.
    """
    now = clock.now()
    due = _due(kind, shard, now)
    sent, failures = 0, list[Exception]()
    while context.get_remaining_time_in_millis() > KEPT_MILLISECONDS:
        together = list(itertools.islice(due, queues.MAX_ENTRIES))
        if not together:
            logger.info("timers swept", kind=kind, shard=shard, sent=sent)
            break
        sent += _sent(together, now, queue_url, failures)
    else:
        logger.warning("a sweep of timers took all its time", kind=kind, shard=shard, sent=sent)
    if sent:
        metrics.write({TIMERS: [sent]}, "swept")
    if failures:
        raise ExceptionGroup(f"not all timers of shard {shard} could be sent", failures)
    return sent


def _sent(together: Sequence[Item], now: Instant, queue_url: str, failures: list[Exception]) -> int:
    """Send timers, each of which then waits an hour for being handled, and return how many were sent."""
    readable = list[tuple[Item, Outgoing]]()
    for item in together:
        try:
            readable.append((item, Outgoing(message_of(item), group=item["group"])))
        except (KeyError, TypeError) as error:
            failures.append(error)
    try:
        queues.send_all(queue_url, [message for _, message in readable])
    except Unavailable as error:
        failures.append(error)
        return 0
    for item, _ in readable:
        _put_off(item, now, failures)
    return len(readable)


def _put_off(item: Item, now: Instant, failures: list[Exception]) -> None:
    """Have the sweep look at a timer again in an hour, unless it was handled or changed meanwhile."""
    subject_id = item["GSI1SK"].rpartition("#")[2]
    seen = Condition("#place = :seen", {"#place": "GSI1SK"}, {":seen": item["GSI1SK"]})
    values = {":later": _place(now + SENT_AGAIN_AFTER, subject_id)}
    try:
        table.update(Key(item["PK"], item["SK"]), "SET #place = :later", names={}, values=values, condition=seen)
    except UpdateRefused:
        return
    except Unavailable as error:
        failures.append(error)


def _due(kind: str, shard: int, now: Instant) -> Iterator[Item]:
    """Yield the items of the timers of a shard that are to be looked at by now, the longest due first."""
    # What is due at this very instant goes on with a `#` and its subject.
    until = f"{_DUE}{clock.to_rfc3339(now)}~"
    cursor = None
    while True:
        found = table.query(partition(kind, shard), _DUE, index=True, limit=_AT_ONCE, cursor=cursor)
        for item in found.items:
            if item["GSI1SK"] > until:
                return
            yield item
        cursor = found.next_cursor
        if cursor is None:
            return


def _place(look_at: Instant, subject_id: str) -> str:
    return f"{_DUE}{clock.to_rfc3339(look_at)}#{subject_id}"
