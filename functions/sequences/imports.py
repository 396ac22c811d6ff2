"""Rows of a sequence service that was in use before: numbers and versions are kept, what comes twice is reported.

A sequence takes rows as long as it has given no number of its own. The counter goes on behind the highest number before
a row is written. A number belongs to the element that came with it first: an item of the number says to which.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.sequences import elements, rank, sequences
from functions.sequences.element_types import RANK
from functions.sequences.elements import Element, View
from functions.sequences.sequences import Place
from functions.sequences.versions import versions
from functions.sequences.versions.versions import Draft
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import changes, records
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.table import ConditionFailed
from shared.storage.writes import ABSENT_OR_TOLD, Put, Write

MOST: Final = 90
"""How many rows come at once: if all are versions of one element, they are one transaction."""

IMPORTED: Final = "imported"
IMPORTED_BEFORE: Final = "imported_before"
DUPLICATE_ELEMENT: Final = "duplicate_element"
DUPLICATE_NUMBER: Final = "duplicate_number"
DUPLICATE_VERSION: Final = "duplicate_version"
OTHER_NUMBER: Final = "other_number"


class Row(NamedTuple):
    """A row: a version of an element, and the number that the element has."""

    element_id: str
    sequence_number: int
    version_number: int
    draft: Draft


class Number(NamedTuple):
    """To which element a number that was imported belongs."""

    element_id: str


def take(caller: Caller, at: Place, rows: Sequence[Row]) -> list[View]:
    """Import rows, and return what became of each, in their order. All rows of an element come in one request.

    Raises SequenceInUse, ElementTypeNotFound.
    """
    order = sequences.reserve(at, max(row.sequence_number for row in rows))
    results: dict[int, View] = {}
    by_element: dict[str, list[tuple[int, Row]]] = {}
    for place, row in enumerate(rows):
        by_element.setdefault(row.element_id, []).append((place, row))
    for numbered in by_element.values():
        kept, refused = _sorted_out(numbered)
        results |= {place: _result(row, why) for place, row, why in refused}
        status, holder = _imported(caller, at, [row for _, row in kept], is_ranked=order == RANK)
        results |= {place: _result(row, status, held_by=holder) for place, row in kept}
    return [results[place] for place in range(len(rows))]


def _sorted_out(
    numbered: Sequence[tuple[int, Row]],
) -> tuple[list[tuple[int, Row]], list[tuple[int, Row, str]]]:
    """Return the rows of an element that agree with each other, and those that do not, with the reason."""
    kept: dict[int, tuple[int, Row]] = {}
    refused: list[tuple[int, Row, str]] = []
    number = numbered[0][1].sequence_number
    for place, row in numbered:
        if row.sequence_number != number:
            refused.append((place, row, OTHER_NUMBER))
        elif row.version_number in kept:
            refused.append((place, row, DUPLICATE_VERSION))
        else:
            kept[row.version_number] = (place, row)
    return [kept[version] for version in sorted(kept)], refused


def _imported(caller: Caller, at: Place, rows: Sequence[Row], *, is_ranked: bool) -> tuple[str, str | None]:
    """Import an element with its versions; return what became of it, and who has its number if that is another."""
    now = clock.now()
    element = _element(caller, at, rows[-1], now, is_ranked=is_ranked)
    there: list[Item] = []

    def plan() -> Plan[tuple[str, str | None]]:
        if there:
            return Plan(_became(element, there))
        return Plan((IMPORTED, None), _writes(caller, element, rows, now), note)

    def note(failure: ConditionFailed) -> None:
        there.extend(item for item in failure.found if item is not None)

    return changes.make(plan)


def _became(element: Element, there: Sequence[Item]) -> tuple[str, str | None]:
    found = [elements.from_item(item) for item in there if item["entity"] == "Element"]
    if found:
        is_same = (
            found[0].sequence_number == element.sequence_number and found[0].version_number >= element.version_number
        )
        return (IMPORTED_BEFORE if is_same else DUPLICATE_ELEMENT), None
    return DUPLICATE_NUMBER, records.from_item(Number, there[0]).element_id


def _writes(caller: Caller, element: Element, rows: Sequence[Row], now: Instant) -> list[Write]:
    number = Key(sequences.partition(element.at), f"NUMBER#{element.sequence_number:0{elements.DIGITS}d}")
    made = [versions.new(row.draft, number=row.version_number, by=caller.user_id, at=now) for row in rows]
    return [
        Put(elements.to_item(element), ABSENT_OR_TOLD),
        Put(records.to_item(number, "SequenceNumber", Number(element.element_id)), ABSENT_OR_TOLD),
        *[versions.put(element, each) for each in made],
        elements.happened("created", element, now),
    ]


def _element(caller: Caller, at: Place, latest: Row, now: Instant, *, is_ranked: bool) -> Element:
    moment = clock.to_rfc3339(now)
    return Element(
        *at,
        element_id=latest.element_id,
        sequence_number=latest.sequence_number,
        version_number=latest.version_number,
        created_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        comment=latest.draft.comment,
        rank=rank.of_number(latest.sequence_number) if is_ranked else None,
    )


def _result(row: Row, status: str, *, held_by: str | None = None) -> View:
    return {
        "element_id": row.element_id,
        "sequence_number": row.sequence_number,
        "version_number": row.version_number,
        "status": status,
        "held_by": held_by,
    }
