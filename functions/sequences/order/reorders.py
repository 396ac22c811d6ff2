"""Elements that are ordered by number are put in another order, among the numbers that they hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from functions.sequences import elements, sequences
from functions.sequences.element_types import NUMBER
from functions.sequences.elements import Element, ElementNotFound, View
from functions.sequences.order import works
from functions.sequences.order.works import OrderedByRank
from functions.sequences.sequences import Place
from shared import clock
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

REASON: Final = "reorder"

Numbers = Mapping[str, int]


class OrderChanged(Conflict):
    """409: somebody else was faster and changed the number of one of these elements; read the order again."""

    def __init__(self) -> None:
        super().__init__("Somebody has changed the order of these elements meanwhile. Read it again.")


def reorder(
    at: Place,
    element_ids: Sequence[str],
    wanted: Callable[[Numbers], Numbers],
    *,
    field: str,
    claim: Claim | None = None,
) -> Answer:
    """Give elements the numbers that are wanted, and return what has changed; two calls.

    `wanted` returns the number of each from those that they hold, and raises ValueError for what is wrong in the field.
    Raises ElementNotFound, OrderChanged, Compacting, OrderedByRank, InvalidInput.
    """
    now = clock.now()
    seen: dict[str, int] = {}

    def plan() -> Plan[Answer]:
        before = _read(at, element_ids)
        held = {each.element_id: each.sequence_number for each in before}
        if seen and seen != held:
            raise OrderChanged
        seen.update(held)
        try:
            after = wanted(held)
        except ValueError as error:
            raise InvalidInput.of(field, str(error)) from error
        return planned(at, before, after, now, reason=REASON)

    return changes.make(plan, claim=claim)


def planned(at: Place, before: Sequence[Element], numbers: Numbers, now: Instant, *, reason: str) -> Plan[Answer]:
    """Return the plan that gives elements other numbers; those that keep theirs are not written."""
    pairs = [(each, numbered(each, numbers[each.element_id], now)) for each in before if each.element_id in numbers]
    pairs = [(old, new) for old, new in pairs if old.sequence_number != new.sequence_number]
    if not pairs:
        return Plan({"changes": []})
    writes: list[Write] = [elements.written(old, new) for old, new in pairs]
    event = works.changed(at, now, reason=reason, pairs=pairs)
    return Plan({"changes": [_change(old, new) for old, new in pairs]}, [*writes, event])


def numbered(element: Element, number: int, now: Instant) -> Element:
    """Return an element with another number."""
    return elements.next_version(element, now)._replace(sequence_number=number)


def _read(at: Place, element_ids: Sequence[str]) -> list[Element]:
    """Return elements as they are now; one call. Raises what forbids to put them in another order."""
    keys = [elements.key(at, each) for each in element_ids]
    counter, work, *items = table.get_many([sequences.counter_key(at), works.key(at), *keys], consistent=True)
    begun = sequences.counter_of(counter)
    if begun is None:
        raise ElementNotFound
    if begun.order != NUMBER:
        raise OrderedByRank
    works.require_none(work)
    return [elements.living(item, each) for each, item in zip(element_ids, items, strict=True)]


def _change(old: Element, new: Element) -> View:
    return {
        "element_id": new.element_id,
        "old_sequence_number": old.sequence_number,
        "new_sequence_number": new.sequence_number,
    }
