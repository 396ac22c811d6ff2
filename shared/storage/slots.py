"""Slots in which somebody may send: reserved in one conditional write, so that no two workers have the same.

An item holds when the next slot is. A reservation moves it on, from now or from where it is, and has the slots in
between. A write whose answer was lost, or that was made twice, wastes slots and gives none twice.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from shared.clock import DAY, SECOND, Instant
from shared.pace import Pace
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import UpdateRefused
from shared.storage.writes import Condition

_MICROSECONDS: Final = 1000
_MOST_KNOWN: Final = 1000
# When the next slot of a name was last heard to be; it never goes back, so this is at most what the table has.
_known: OrderedDict[str, int] = OrderedDict()


class NoSlot(Exception):
    """All slots within reach are taken; `until` is when the next one is that nobody has."""

    def __init__(self, until: Instant) -> None:
        super().__init__("no slot is free soon enough")
        self.until = until


def reserve(name: str, count: int, pace: Pace, *, now: Instant, within: Instant) -> Sequence[Instant]:
    """Reserve so many slots, the first of which is now or at most `within` milliseconds later; return them in order.

    One write, as a rule; three at most. A slot is used by `pace.is_good`. Raises NoSlot, Unavailable.
    """
    start, cost = now * _MICROSECONDS, count * pace.interval
    latest = start + within * _MICROSECONDS
    following = _known.get(name, 0)
    while following <= latest:
        try:
            end = _moved(name, following, cost=cost, now=start, latest=latest)
        except UpdateRefused as refused:
            following = _remembered(name, refused.item["next_slot"] if refused.item else 0)
        else:
            return pace.slots(_remembered(name, end) - cost, count)
    raise NoSlot(-(-following // _MICROSECONDS))


def key(name: str) -> Key:
    """Return the key of the item that says when the next slot of a name is."""
    return Key(f"SLOTS#{name}", "SLOTS")


def _moved(name: str, following: int, *, cost: int, now: int, latest: int) -> int:
    """Move the next slot on, and return when it is then. Raises UpdateRefused, Unavailable."""
    names = {"#next": "next_slot"}
    values: Item
    if following < now:
        change, values = "#next = :end", {":end": now + cost}
        condition = Condition("attribute_not_exists(#next) OR #next < :now", names, {":now": now})
    else:
        change, values = "#next = #next + :cost", {":cost": cost}
        condition = Condition("#next BETWEEN :now AND :latest", names, {":now": now, ":latest": latest})
    # Nobody waits for a slot that is over, and without the item the next one is now.
    ttl = (latest + cost) // (_MICROSECONDS * SECOND) + DAY // SECOND
    written = table.update(
        key(name),
        f"SET {change}, #entity = :entity, #ttl = :ttl",
        names={"#entity": "entity", "#ttl": "ttl"},
        values={**values, ":entity": "Slots", ":ttl": ttl},
        condition=condition,
    )
    return int(written["next_slot"])


def _remembered(name: str, following: int) -> int:
    _known[name] = following
    _known.move_to_end(name)
    if len(_known) > _MOST_KNOWN:
        _known.popitem(last=False)
    return following


def forget() -> None:
    """Let go of what this process knows of slots; what is true is in the table."""
    _known.clear()
