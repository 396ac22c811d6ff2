"""How elements come into a sequence: one alone, or many in the order in which they were sent.

Numbers are taken first, then element, first version and event are written in one transaction. Whoever is there already
is told by the condition that failed, so a refused create reads nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from functions.sequences import elements, rank, sequences
from functions.sequences.element_types import RANK
from functions.sequences.elements import Element, View
from functions.sequences.sequences import Place, Taken
from functions.sequences.versions import versions
from functions.sequences.versions.versions import Draft
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.table import ConditionFailed
from shared.storage.writes import ABSENT_OR_TOLD, Put

MOST: Final = 100
MOST_IN_A_TRANSACTION: Final = 30
"""What this many elements hold fits too: a body has 1 MB, a transaction 4."""

CREATED: Final = "created"
EXISTS: Final = "exists"
DELETED: Final = "deleted"


class ElementExists(Conflict):
    """409: the sequence has an element with this id; `sequence_number` is its number."""

    def __init__(self, element: Element) -> None:
        super().__init__(f"The sequence has this element already, with the number {element.sequence_number}.")
        self.sequence_number = element.sequence_number


class ElementDeleted(Conflict):
    """409: an element with this id was deleted; its id is not given again."""

    def __init__(self) -> None:
        super().__init__("An element with this id was deleted. Take another id.")


class New(NamedTuple):
    """An element that is to be, and what its first version holds."""

    element_id: str
    draft: Draft


def create(caller: Caller, at: Place, new: New, *, claim: Claim | None = None) -> Answer:
    """Create an element behind all others of its sequence, and return it; two calls.

    Raises ElementExists, ElementDeleted, ElementTypeNotFound.
    """
    elements.key(at, new.element_id)
    taken, now = sequences.take(at, 1), clock.now()
    element = _element(caller, at, new, taken, number=taken.first, now=now)

    def refuse(failure: ConditionFailed) -> None:
        for item in failure.found:
            if item is not None:
                raise _there_already(elements.from_item(item))

    writes = _writes(element, new.draft, now)
    return changes.make(lambda: Plan(elements.view(element), writes, refuse), claim=claim)


def create_all(caller: Caller, at: Place, new: Sequence[New], *, claims: Iterator[Claim | None]) -> list[View]:
    """Create elements in this order, and return what became of each: `created`, `exists` or `deleted`.

    All numbers are taken in one call. At most 30 elements are one transaction, each with a claim of its own.
    Raises ElementTypeNotFound.
    """
    taken, now = sequences.take(at, len(new)), clock.now()
    made = [_element(caller, at, each, taken, number=taken.first + place, now=now) for place, each in enumerate(new)]
    results: list[View] = []
    for start in range(0, len(new), MOST_IN_A_TRANSACTION):
        part = slice(start, start + MOST_IN_A_TRANSACTION)
        drafts = [each.draft for each in new[part]]
        results += _created([*zip(made[part], drafts, strict=True)], now, next(claims))
    return results


def _created(part: Sequence[tuple[Element, Draft]], now: Instant, claim: Claim | None) -> list[View]:
    """Create elements in one transaction, without those that are there already."""
    there: dict[str, Element] = {}

    def note(failure: ConditionFailed) -> None:
        found = [elements.from_item(item) for item in failure.found if item is not None]
        there.update({each.element_id: each for each in found})

    def plan() -> Plan[Answer]:
        waiting = [(element, draft) for element, draft in part if element.element_id not in there]
        writes = [write for element, draft in waiting for write in _writes(element, draft, now)]
        return Plan({"results": [_result(element, there) for element, _ in part]}, writes, note)

    results: list[View] = changes.make(plan, claim=claim)["results"]
    return results


def _result(element: Element, there: dict[str, Element]) -> View:
    found = there.get(element.element_id)
    if found is None:
        return {"element_id": element.element_id, "status": CREATED, "sequence_number": element.sequence_number}
    status = EXISTS if found.deleted_at is None else DELETED
    return {"element_id": element.element_id, "status": status, "sequence_number": found.sequence_number}


def _element(caller: Caller, at: Place, new: New, taken: Taken, *, number: int, now: Instant) -> Element:
    moment = clock.to_rfc3339(now)
    return Element(
        *at,
        element_id=new.element_id,
        sequence_number=number,
        version_number=1,
        created_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        comment=new.draft.comment,
        rank=rank.of_number(number) if taken.order == RANK else None,
    )


def _writes(element: Element, draft: Draft, now: Instant) -> list[Put]:
    first = versions.new(draft, number=1, by=element.created_by, at=now)
    return [
        Put(elements.to_item(element), ABSENT_OR_TOLD),
        versions.put(element, first),
        elements.happened("created", element, now),
    ]


def _there_already(element: Element) -> Conflict:
    return ElementExists(element) if element.deleted_at is None else ElementDeleted()
