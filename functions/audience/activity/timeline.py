"""What a lead has done and agreed to, the latest first: orders, visits and consents in one list."""

import heapq
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from functions.audience.activity import consents, orders, visits
from functions.audience.leads import happenings, leads
from shared.storage import cursors, table
from shared.storage.attributes import Item

View = dict[str, Any]

_KINDS: Final[Mapping[str, tuple[str, Callable[[Item], View]]]] = {
    orders.PREFIX: ("order", lambda item: orders.view(orders.from_item(item))),
    visits.PREFIX: ("visit", lambda item: visits.view(visits.from_item(item))),
    happenings.CONSENTS: ("consent", consents.view),
}
_PLACE: Final = re.compile(r"[0-9TZ:.-]{24} [A-Z]+#[!-~]{1,300}")
_INSTANT: Final = len("2026-01-31T09:30:00.000Z")


class _Entry(NamedTuple):
    """An entry and its place in the order of all: by its instant, then by its sort key."""

    at: str
    place: str
    item: Item

    @property
    def bound(self) -> str:
        """What a cursor says of its place."""
        return f"{self.at} {self.place}"


def page(tenant_id: str, lead_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the timeline of a lead. Raises leads.LeadNotFound, Malformed for a foreign cursor."""
    lead = leads.get(tenant_id, lead_id, consistent=False)
    place, list_id = leads.partition(tenant_id, lead.lead_id), f"timeline {lead.lead_id}"
    before = "~" if cursor is None else cursors.place_in(cursor, list_id)
    if cursor is not None and not _PLACE.fullmatch(before):
        raise cursors.foreign()
    kinds = [_descending(place, prefix, before, limit + 1) for prefix in _KINDS]
    found: list[_Entry] = []
    for entry in heapq.merge(*kinds, key=lambda each: (each.at, each.place), reverse=True):
        if len(found) == limit:
            return _views(found), cursors.bind(found[-1].bound, list_id)
        found.append(entry)
    return _views(found), None


def _descending(partition: str, prefix: str, before: str, at_once: int) -> Iterator[_Entry]:
    """Yield up to so many entries of one kind that are before a place, the latest first; one call."""
    items, _ = table.between(partition, prefix, _end(prefix, before), limit=at_once + 1, newest_first=True)
    for item in items:
        entry = _Entry(item["SK"].removeprefix(prefix)[:_INSTANT], item["SK"], item)
        if entry.bound < before:
            yield entry


def _end(prefix: str, before: str) -> str:
    """Return the last sort key of a kind that can be before a place; what is of the place itself is left out later."""
    instant, _, place = before.partition(" ")
    if place.startswith(prefix):
        return place
    # Of one instant, a kind whose sort keys are lower comes later in the list.
    return f"{prefix}{instant}~" if prefix < place or not place else f"{prefix}{instant}"


def _views(entries: list[_Entry]) -> list[View]:
    return [_view(each.item) for each in entries]


def _view(item: Item) -> View:
    prefix = f"{item['SK'].partition('#')[0]}#"
    kind, view = _KINDS[prefix]
    entry = {"kind": kind, "at": item["SK"].removeprefix(prefix)[:_INSTANT], "order": None, "visit": None}
    return entry | {"consent": None, kind: view(item)}
