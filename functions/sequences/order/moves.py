"""Elements that are ordered by rank are moved one at a time, next to another; only those that get a rank are written.

Two moves into one gap may come to the same rank, and the ids say which is first. Whoever is put between two of the same
rank has the later ones written as well.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from functions.sequences import elements, rank, sequences
from functions.sequences.element_types import RANK
from functions.sequences.elements import Element, ElementNotFound
from functions.sequences.order import spreads, works
from functions.sequences.order.works import OrderedByNumber, Spreading
from functions.sequences.sequences import Counter, Place
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import InvalidInput
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Check, Write, unchanged

Side = Literal["before", "after"]

REASON: Final = "move"
BEFORE: Final = "before"
_LONGEST: Final = 900
_AT_ONCE: Final = 90
_LOOKED_AT: Final = 20


class _Gap(NamedTuple):
    """Where an element goes: behind `low`, before `high`, and before those that have the rank `low` too."""

    low: str
    high: str
    equal: Sequence[Element] = ()


def move(
    caller: Caller, at: Place, element_id: str, side: Side, anchor_id: str, *, scope: str, claim: Claim | None = None
) -> Answer:
    """Move an element before or after another, and return it.

    Raises ElementNotFound, OrderedByNumber, Spreading, InvalidInput.
    """
    if element_id == anchor_id:
        raise InvalidInput.of(side, "must name another element")
    now = clock.now()

    def plan() -> Plan[Answer]:
        moved, anchor = _read(at, element_id, anchor_id)
        gap = _gap(at, moved, anchor, side)
        if gap is None:
            return Plan(elements.view(moved))
        pairs = _ranked(moved, gap, now)
        return Plan(elements.view(pairs[0][1]), _writes(at, anchor, pairs, now))

    answer = changes.make(plan, claim=claim)
    if len(answer["rank"]) > rank.LONGEST and _is_long(at, element_id):
        spreads.begin(caller, at, scope=scope, last=_counter(at).last)
    return answer


def _read(at: Place, element_id: str, anchor_id: str) -> tuple[Element, Element]:
    keys = [elements.key(at, element_id), elements.key(at, anchor_id)]
    found = table.get_many([sequences.counter_key(at), works.key(at), *keys], consistent=True)
    counter = sequences.counter_of(found[0])
    if counter is None:
        raise ElementNotFound
    if counter.order != RANK:
        raise OrderedByNumber
    works.require_none(found[1])
    return elements.living(found[2], element_id), elements.living(found[3], anchor_id)


def _is_long(at: Place, element_id: str) -> bool:
    """Return whether the rank of an element is still long, which an answer that is repeated does not say."""
    item = table.get(elements.key(at, element_id), consistent=True)
    return item is not None and len(item["rank"]) > rank.LONGEST


def _counter(at: Place) -> Counter:
    found = sequences.counter_of(table.get(sequences.counter_key(at), consistent=True))
    if found is None:
        raise ElementNotFound
    return found


def _gap(at: Place, moved: Element, anchor: Element, side: Side) -> _Gap | None:
    """Return where the element goes, None if it is there already."""
    low, start = anchor.rank or "", anchor.position
    if side == BEFORE:
        ahead = _neighbour(at, anchor)
        if ahead is not None and ahead.element_id == moved.element_id:
            return None
        low, start = ("", "") if ahead is None else (ahead.rank or "", ahead.position)
    following = _following(at, start, low)
    if side != BEFORE and following and following[0].element_id == moved.element_id:
        return None
    others = [each for each in following if each.element_id != moved.element_id]
    if side == BEFORE:
        # The index may not have it here yet.
        others = sorted(
            {**{each.element_id: each for each in others}, anchor.element_id: anchor}.values(), key=_position
        )
    equal = [each for each in others if each.rank == low]
    higher = [each.rank for each in others if each.rank is not None and each.rank > low]
    # Read behind the anchor, the counter is higher than the number of whoever the anchor may stand behind.
    return _Gap(low, higher[0] if higher else rank.of_number(_counter(at).last + 1), equal)


def _neighbour(at: Place, anchor: Element) -> Element | None:
    """Return what stands before the anchor, None if nothing does."""
    found, _ = table.between(
        elements.listed_in(at), elements.FIRST, anchor.position, limit=2, index=True, newest_first=True
    )
    ahead = [elements.from_item(item) for item in found if item["element_id"] != anchor.element_id]
    return ahead[0] if ahead else None


def _following(at: Place, start: str, low: str) -> list[Element]:
    """Return what stands behind a position: all of the same rank, and at least two more where there are any."""
    found: list[Element] = []
    next_position: str | None = f"{start}{elements.FIRST}"
    while next_position is not None and len(found) < _AT_ONCE:
        items, last = table.between(elements.listed_in(at), next_position, elements.LAST, limit=_LOOKED_AT, index=True)
        found += [elements.from_item(item) for item in items]
        is_beyond = sum(each.rank != low for each in found) > 1
        next_position = None if last is None or is_beyond else f"{last}{elements.FIRST}"
    return found


def _ranked(moved: Element, gap: _Gap, now: Instant) -> list[tuple[Element, Element]]:
    """Return the element, and those that had the same rank as the one before it, each before and after."""
    pairs: list[tuple[Element, Element]] = []
    low = gap.low
    for each in (moved, *gap.equal):
        low = rank.between(low, gap.high)
        pairs.append((each, elements.next_version(each, now)._replace(rank=low)))
    if len(low) > _LONGEST or len(pairs) > _AT_ONCE:
        raise Spreading("There is no room left here. Move the element once the ranks were spread.")
    return pairs


def _writes(at: Place, anchor: Element, pairs: list[tuple[Element, Element]], now: Instant) -> list[Write]:
    writes: list[Write] = [elements.written(before, after) for before, after in pairs]
    if all(before.element_id != anchor.element_id for before, _ in pairs):
        writes.append(Check(elements.key(at, anchor.element_id), unchanged(anchor.version)))
    return [*writes, works.changed(at, now, reason=REASON, pairs=pairs)]


def _position(element: Element) -> str:
    return element.position
