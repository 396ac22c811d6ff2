"""A sequence: the elements of one type in one scope of a tenant, and the counter that gives them their numbers.

Numbers are taken from the counter before the element is written. So none is given twice, a create that begins after
another has answered gets a higher one, and what fails behind the counter leaves a gap.
"""

from typing import Any, Final, NamedTuple

from functions.sequences import element_types, names
from functions.sequences.element_types import ElementTypeNotFound, Order
from shared import clock
from shared.callers.caller import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.table import Contended, UpdateRefused
from shared.storage.writes import Condition, Put

SETTLED_SECONDS: Final = 40
"""After so long, whoever took a number has written its element or never will: a request has 29 seconds."""

_ENTITY: Final = "SequenceCounter"
_LISTED: Final = "SEQUENCE#"
_ANY: Final = Condition("attribute_not_exists(#order) OR #order = :order", {"#order": "order"}, {})
_OPENED: Final = Condition("attribute_exists(#order)", {"#order": "order"}, {})


class SequenceInUse(Conflict):
    """409: numbers of this sequence were given or compacted already; rows are imported before that."""

    def __init__(self) -> None:
        super().__init__("Numbers of this sequence were given or compacted already. Import rows before that.")


class Place(NamedTuple):
    """Which sequence it is."""

    tenant_id: str
    scope: str
    element_type: str


class Counter(NamedTuple):
    """The highest number of a sequence, when one was given or imported last, and up to which they were imported."""

    order: Order
    last: int
    given_at: Instant = 0
    imported: int = 0
    is_listed: bool = False

    def is_settled(self, now: Instant) -> bool:
        """Return whether all numbers up to the last are those of elements that are there, or never will be."""
        return now >= self.given_at + SETTLED_SECONDS * SECOND


class Entry(NamedTuple):
    """A sequence in the list of those of a tenant."""

    scope: str
    element_type: str
    order: Order
    created_at: str


class Taken(NamedTuple):
    """Numbers that were taken, from the first on, and how the sequence is ordered."""

    first: int
    order: Order


def place(caller: Caller, scope: str, element_type: str) -> Place:
    """Return the sequence of a scope and a type. Raises InvalidInput, ElementTypeNotFound for names that none has."""
    if not names.is_type(element_type):
        raise ElementTypeNotFound
    try:
        return Place(caller.tenant_id, names.scope(scope), element_type)
    except ValueError as error:
        raise InvalidInput.of("scope", str(error)) from error


def partition(at: Place) -> str:
    """Return the partition that the counter of a sequence lies in."""
    return f"SEQUENCE#{at.tenant_id}#{at.scope}#{at.element_type}"


def counter_key(at: Place) -> Key:
    """Return the key of the counter of a sequence."""
    return Key(partition(at), "COUNTER")


def take(at: Place, count: int) -> Taken:
    """Take so many numbers, one after the other; one call, and some more for the first ones of a sequence.

    Raises ElementTypeNotFound.
    """
    order = element_types.BUILT_IN.get(at.element_type)
    try:
        written = _added(at, count, order)
    except UpdateRefused:
        order = element_types.order_of(at.tenant_id, at.element_type)
        written = _added(at, count, order)
    if "is_listed" not in written:
        _list(at, written["order"])
    return Taken(written["last"] - count + 1, written["order"])


def reserve(at: Place, highest: int) -> Order:
    """Let the counter go on behind this number, for rows that are imported; return how the sequence is ordered.

    Raises SequenceInUse, ElementTypeNotFound.
    """
    counter = counter_of(table.get(counter_key(at), consistent=True))
    if counter is not None and counter.last != counter.imported:
        raise SequenceInUse
    order = element_types.order_of(at.tenant_id, at.element_type)
    _raised(at, highest, order)
    if counter is None or not counter.is_listed:
        _list(at, order)
    return order


def close_to_imports(at: Place) -> None:
    """Have no more rows imported: their numbers may be those of others soon."""
    _closed(at, _OPENED)


def close_if_settled(at: Place, counter: Counter, now: Instant) -> bool:
    """Have no more rows imported, if nobody can be on their way with a number; return whether that is so."""
    if not counter.is_settled(now):
        return False
    names = {"#last": "last", "#given_at": "given_at"}
    seen = {":last": counter.last, ":given_at": counter.given_at}
    try:
        _closed(at, Condition("#last = :last AND #given_at = :given_at", names, seen))
    except SequenceInUse:
        return False
    return True


def page(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the sequences of a tenant that have given a number, by scope and type; one query."""
    found = table.query(_tenant(tenant_id), _LISTED, limit=limit, cursor=cursor)
    return [records.from_item(Entry, item)._asdict() for item in found.items], found.next_cursor


def counter_of(item: Item | None) -> Counter | None:
    """Return the counter of an item, None for a sequence that nobody has begun."""
    return None if item is None else records.from_item(Counter, item)


def _added(at: Place, count: int, order: Order | None) -> Item:
    """Add to the counter; whoever does not know the order of the type adds to one that is there."""
    change = "SET #entity = :entity, #given_at = :now ADD #last :count"
    names_of = {"#entity": "entity", "#given_at": "given_at", "#last": "last"}
    values: dict[str, Any] = {":entity": _ENTITY, ":now": clock.now(), ":count": count}
    if order is None:
        return table.update(counter_key(at), change, names=names_of, values=values, condition=_OPENED)
    change = change.replace("SET ", "SET #order = :order, ")
    return table.update(counter_key(at), change, names=names_of, values=values | {":order": order}, condition=_ANY)


def _raised(at: Place, highest: int, order: Order) -> None:
    """Have the counter go on behind a number. It may do so already, by an import of others at the same time."""
    change = "SET #entity = :entity, #order = :order, #given_at = :now"
    names_of = {"#entity": "entity", "#order": "order", "#given_at": "given_at"}
    values = {":entity": _ENTITY, ":order": order, ":now": clock.now()}
    both = {"#last": "last", "#imported": "imported"}
    lower = "attribute_not_exists(#last) OR (#last = #imported AND #last < :highest)"
    try:
        table.update(
            counter_key(at),
            f"{change}, #last = :highest, #imported = :highest",
            names=names_of,
            values=values,
            condition=Condition(lower, both, {":highest": highest}),
        )
    except UpdateRefused:
        # Only what others have imported may be as high; a number that was given is none of these.
        as_high = Condition("#last = #imported AND #last >= :highest", both, {":highest": highest})
        _updated(at, change, names_of, values, as_high)


def _list(at: Place, order: Order) -> None:
    """List a sequence. Whoever dies between the two writes leaves it to the next, who finds it not listed."""
    entry = Entry(at.scope, at.element_type, order, clock.to_rfc3339(clock.now()))
    place = Key(_tenant(at.tenant_id), f"{_LISTED}{at.scope}#{at.element_type}")
    try:
        table.transact([Put(records.to_item(place, "Sequence", entry))])
    except Contended:
        # Somebody else is listing it.
        return
    values = {":entity": _ENTITY, ":yes": True}
    _updated(
        at, "SET #entity = :entity, #listed = :yes", {"#entity": "entity", "#listed": "is_listed"}, values, _OPENED
    )


def _tenant(tenant_id: str) -> str:
    return f"TENANT#{tenant_id}"


def _closed(at: Place, condition: Condition) -> None:
    values = {":entity": _ENTITY, ":none": -1}
    change = "SET #entity = :entity, #imported = :none"
    _updated(at, change, {"#entity": "entity", "#imported": "imported"}, values, condition)


def _updated(at: Place, change: str, names_of: dict[str, str], values: Item, condition: Condition) -> None:
    try:
        table.update(counter_key(at), change, names=names_of, values=values, condition=condition)
    except UpdateRefused as error:
        raise SequenceInUse from error
