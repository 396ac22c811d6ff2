"""What a lead has recorded: orders, visits and consents, which lie together, each by its kind and its instant.

An order and a visit have an item besides that says where they lie, whose digest ends their sort key.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.audience.activity import orders, visits
from functions.audience.leads import happenings, leads
from functions.audience.leads.leads import Lead
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, PRESENT, Delete, Put, Write, unchanged

KINDS: Final = (orders.PREFIX, visits.PREFIX, happenings.CONSENTS)
_PAGE: Final = 1000
_PLACED: Final = (orders.PREFIX, visits.PREFIX)
_INSTANT: Final = len("2026-01-31T09:30:00.000Z")


class Entry(NamedTuple):
    """An entry and its place in the order of all: by its instant, then by its sort key."""

    at: str
    place: str
    item: Item

    @property
    def bound(self) -> str:
        """What a cursor says of its place."""
        return f"{self.at} {self.place}"

    @property
    def kind(self) -> str:
        """What its sort key begins with."""
        return f"{self.place.partition('#')[0]}#"

    @property
    def key(self) -> Key:
        """Its key."""
        return Key(self.item["PK"], self.place)


def some(tenant_id: str, lead_id: str, *, limit: int) -> list[Entry]:
    """Return some of what a lead has recorded; none when there is nothing."""
    place = leads.partition(tenant_id, lead_id)
    for prefix in KINDS:
        found = table.query(place, prefix, limit=limit, consistent=True).items
        if found:
            return [_entry(item) for item in found]
    return []


def every(tenant_id: str, lead_id: str, prefix: str) -> Iterator[Entry]:
    """Yield everything of one kind that a lead has recorded."""
    yield from map(_entry, table.query_all(leads.partition(tenant_id, lead_id), prefix))


def during(tenant_id: str, lead_id: str, prefix: str, *, first: str, last: str) -> Iterator[Entry]:
    """Yield what a lead has recorded of one kind from one instant to another, both of them in it; read consistently."""
    place, start, end = leads.partition(tenant_id, lead_id), f"{prefix}{first}", f"{prefix}{last}~"
    seen: str | None = None
    while True:
        items, behind = table.between(place, start, end, limit=_PAGE, consistent=True)
        yield from (entry for entry in map(_entry, items) if entry.place != seen)
        if behind is None:
            return
        start = seen = behind


def before(tenant_id: str, lead_id: str, prefix: str, bound: str, *, limit: int) -> Iterator[Entry]:
    """Yield the entries of one kind that are before a place, the latest first; so many are read at once, or 1 MB."""
    place, end, seen = leads.partition(tenant_id, lead_id), _end(prefix, bound), ""
    while True:
        items, last = table.between(place, prefix, end, limit=limit + 1, newest_first=True)
        yield from (entry for entry in map(_entry, items) if entry.place != seen and entry.bound < bound)
        if last is None:
            return
        end = seen = last


def moves(entry: Entry, to: Lead) -> list[Write]:
    """Return the writes by which an entry as it was read comes to another lead."""
    taken = Delete(entry.key, unchanged(entry.item["version"]) if "version" in entry.item else PRESENT)
    put = Put(entry.item | {"PK": leads.partition(to.tenant_id, to.lead_id)}, ABSENT)
    lock = lock_key(to.tenant_id, entry)
    if lock is None:
        return [taken, put]
    named = {"entity": f"{entry.item['entity']}Lock", "lead_id": to.lead_id, "place": entry.place}
    return [taken, put, Put({"PK": lock.pk, "SK": lock.sk, **named}, PRESENT)]


def lock_key(tenant_id: str, entry: Entry) -> Key | None:
    """Return the key of the item that says where an entry lies, None if it has none."""
    if entry.kind not in _PLACED:
        return None
    name = entry.kind.removesuffix("#")
    return Key(f"TENANT#{tenant_id}#{name}#{entry.place.rpartition('#')[2]}", name)


def _entry(item: Item) -> Entry:
    place = item["SK"]
    return Entry(place.partition("#")[2][:_INSTANT], place, item)


def _end(prefix: str, bound: str) -> str:
    """Return the last sort key of a kind that can be before a place; what is of the place itself is left out later."""
    instant, _, place = bound.partition(" ")
    if place.startswith(prefix):
        return place
    # Of one instant, a kind whose sort keys are lower comes later in the list.
    return f"{prefix}{instant}~" if prefix < place or not place else f"{prefix}{instant}"
