"""An element: its record, its keys, its place in the order, and how it is read.

Its number and the number of its latest version are here; what a version holds is in an item of its own, so that lists
and changes of order cost the same however much that is. A deleted element stays, so that neither its id nor its number
is given again, but no list has it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from functions.sequences import element_types, names
from functions.sequences.sequences import Place
from shared import clock
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import changes, cursors, events, records, table, versions
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.events import Event
from shared.storage.writes import Put, unchanged

View = dict[str, Any]

DIGITS: Final = 12
HIGHEST: Final = 10**11
"""The highest number that is imported; the counter may go on behind it, and stays within twelve digits."""
FIRST: Final = "!"
LAST: Final = "~"
"""What sorts before and behind every position of an order. The first one, put behind a position, begins after it."""

_AT_ONCE: Final = 1000
_POSITION: Final = re.compile(r"[0-9A-Za-z]{1,900}#[A-Za-z0-9_.:-]{1,64}", re.ASCII)


class ElementNotFound(NotFound):
    """404: the sequence has no element with this id, or it was deleted."""

    def __init__(self, element_id: str | None = None) -> None:
        named = "this id" if element_id is None else f"the id {element_id}"
        super().__init__(f"The sequence has no element with {named}, or it was deleted.")


class Element(NamedTuple):
    """An element as it is stored. `version` counts its changes, `version_number` the versions of what it holds."""

    tenant_id: str
    scope: str
    element_type: str
    element_id: str
    sequence_number: int
    version_number: int
    created_by: str
    created_at: str
    updated_at: str
    version: int
    comment: str | None = None
    rank: str | None = None
    deleted_at: str | None = None

    @property
    def at(self) -> Place:
        """The sequence that it is in."""
        return Place(self.tenant_id, self.scope, self.element_type)

    @property
    def position(self) -> str:
        """Where it stands: by its rank if it has one, otherwise by its number."""
        place = f"{self.sequence_number:0{DIGITS}d}" if self.rank is None else self.rank
        return f"{place}#{self.element_id}"


def partition(at: Place, element_id: str) -> str:
    """Return the partition of an element and its versions. Raises ElementNotFound for an id that none can have."""
    if not names.is_name(element_id):
        raise ElementNotFound
    return f"ELEMENT#{at.tenant_id}#{at.scope}#{at.element_type}#{element_id}"


def key(at: Place, element_id: str) -> Key:
    """Return the key of an element. Raises ElementNotFound for an id that none can have."""
    return Key(partition(at, element_id), "ELEMENT")


def listed_in(at: Place) -> str:
    """Return the partition of the index that a sequence is listed in, in its order."""
    return f"ELEMENTS#{at.tenant_id}#{at.scope}#{at.element_type}"


def to_item(element: Element) -> Item:
    """Return the item of an element; one that was deleted is in no list."""
    item = records.to_item(key(element.at, element.element_id), "Element", element)
    if element.deleted_at is not None:
        return item
    return item | {"GSI1PK": listed_in(element.at), "GSI1SK": element.position}


def from_item(item: Item) -> Element:
    """Return the element of an item."""
    return records.from_item(Element, item)


def living(item: Item | None, element_id: str | None = None) -> Element:
    """Return the element of an item. Raises ElementNotFound, which names the id if it is given."""
    element = None if item is None else from_item(item)
    if element is None or element.deleted_at is not None:
        raise ElementNotFound(element_id)
    return element


def get(at: Place, element_id: str) -> Element:
    """Return an element as it is now. Raises ElementNotFound."""
    return living(table.get(key(at, element_id), consistent=True))


def get_all(at: Place, element_ids: Sequence[str]) -> list[Element]:
    """Return the elements of these ids that are there, as they are now, in the order of the ids; one call a hundred."""
    found = [
        from_item(item) for item in table.get_many([key(at, each) for each in element_ids], consistent=True) if item
    ]
    return [each for each in found if each.deleted_at is None]


def page(at: Place, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of a sequence in its order; one query, which follows a change within a second.

    Raises ElementTypeNotFound for a type that nobody has added.
    """
    found, behind = listed(at, limit=limit, cursor=cursor)
    if not found:
        element_types.order_of(at.tenant_id, at.element_type)
    return [view(each) for each in found], behind


def listed(at: Place, *, limit: int, cursor: str | None) -> tuple[list[Element], str | None]:
    """Return a page of the elements of a sequence in its order; one query. Raises Malformed for a foreign cursor."""
    list_id = f"{at.scope} {at.element_type}"
    start = "" if cursor is None else cursors.place_in(cursor, list_id)
    if start and not _POSITION.fullmatch(start):
        raise cursors.foreign()
    items, _ = table.between(listed_in(at), f"{start}{FIRST}", LAST, limit=limit + 1, index=True)
    found = [from_item(item) for item in items[:limit]]
    return found, cursors.bind(found[-1].position, list_id) if len(items) > limit else None


def every(at: Place) -> Iterator[Element]:
    """Yield all elements of a sequence in its order, as the index has them; for commands that must see all of them."""
    start: str | None = FIRST
    while start is not None:
        found, last = table.between(listed_in(at), start, LAST, limit=_AT_ONCE, index=True)
        yield from map(from_item, found)
        start = None if last is None else f"{last}{FIRST}"


def read(at: Place, element_ids: Sequence[str]) -> list[View]:
    """Return those elements that are there of these ids, as they are now, in the order of the ids; one call."""
    return [view(each) for each in get_all(at, [each for each in element_ids if names.is_name(each)])]


def delete(at: Place, element_id: str, *, if_match: str | None) -> None:
    """Hide an element: no list and no order has it any more. Raises ElementNotFound, VersionChanged."""
    now = clock.now()

    def plan() -> Plan[None]:
        before = get(at, element_id)
        versions.require(if_match, before.version)
        after = next_version(before, now)._replace(deleted_at=clock.to_rfc3339(now))
        return Plan(None, [written(before, after), happened("deleted", after, now)])

    changes.make(plan)


def next_version(element: Element, at: Instant) -> Element:
    """Return a changed element at its next version."""
    return element._replace(updated_at=clock.to_rfc3339(at), version=element.version + 1)


def written(before: Element, after: Element) -> Put:
    """Return the write of an element that was at another version before."""
    return Put(to_item(after), unchanged(before.version))


def happened(what: str, element: Element, at: Instant) -> Put:
    """Return the write of the event `sequences.element.<what>`."""
    return events.occurred(
        f"sequences.element.{what}",
        partition=partition(element.at, element.element_id),
        subject_id=_subject_id(element),
        tenant_id=element.tenant_id,
        at=at,
        data=_told(element),
        state=stated(element),
    )


def restated(element: Element) -> Event:
    """Return the event that says how an element is stored now."""
    return events.stated(
        "sequences.element",
        subject_id=_subject_id(element),
        tenant_id=element.tenant_id,
        data=_told(element),
        state=stated(element),
    )


def _subject_id(element: Element) -> str:
    """Return what an element is called in its tenant: its id is that of another element in another sequence."""
    return f"{element.scope}/{element.element_type}/{element.element_id}"


def _told(element: Element) -> dict[str, Any]:
    return {
        "scope": element.scope,
        "element_type": element.element_type,
        "element_id": element.element_id,
        "version_number": element.version_number,
    }


def stated(element: Element) -> View:
    """Return the state of an element, as events of it say; what its versions hold is in their items."""
    return {
        "version": element.version,
        "created_at": element.created_at,
        "status": "present" if element.deleted_at is None else "deleted",
        "created_by": element.created_by,
        "sequence_number": element.sequence_number,
        "version_number": element.version_number,
        "rank": element.rank,
    }


def view(element: Element) -> View:
    """Return what callers see of an element."""
    return {
        "scope": element.scope,
        "element_type": element.element_type,
        "element_id": element.element_id,
        "sequence_number": element.sequence_number,
        "version_number": element.version_number,
        "rank": element.rank,
        "comment": element.comment,
        "created_by": element.created_by,
        "created_at": element.created_at,
        "updated_at": element.updated_at,
        "version": element.version,
    }
