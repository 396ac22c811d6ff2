"""What a lead has done and agreed to, the latest first: orders, visits and consents in one list."""

import heapq
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from functions.audience.activity import consents, entries, orders, visits
from functions.audience.activity.entries import Entry
from functions.audience.leads import happenings, leads
from shared.storage import cursors
from shared.storage.attributes import Item

View = dict[str, Any]

_VIEWS: Final[Mapping[str, tuple[str, Callable[[Item], View]]]] = {
    orders.PREFIX: ("order", lambda item: orders.view(orders.from_item(item))),
    visits.PREFIX: ("visit", lambda item: visits.view(visits.from_item(item))),
    happenings.CONSENTS: ("consent", consents.view),
}
_PLACE: Final = re.compile(r"[0-9TZ:.-]{24} [A-Z]+#[!-~]{1,300}")
_BEGINNING: Final = "~"


def page(tenant_id: str, lead_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the timeline of a lead. Raises leads.LeadNotFound, Malformed for a foreign cursor."""
    lead = leads.get(tenant_id, lead_id, consistent=False)
    list_id = f"timeline {lead.lead_id}"
    bound = _BEGINNING if cursor is None else cursors.place_in(cursor, list_id)
    if cursor is not None and not _PLACE.fullmatch(bound):
        raise cursors.foreign()
    kinds = [entries.before(tenant_id, lead.lead_id, kind, bound, limit=limit + 1) for kind in entries.KINDS]
    found: list[Entry] = []
    for entry in heapq.merge(*kinds, key=lambda each: (each.at, each.place), reverse=True):
        if len(found) == limit:
            return _views(found), cursors.bind(found[-1].bound, list_id)
        found.append(entry)
    return _views(found), None


def _views(found: Sequence[Entry]) -> list[View]:
    return [_view(each) for each in found]


def _view(entry: Entry) -> View:
    name, view = _VIEWS[entry.kind]
    return {"kind": name, "at": entry.at, "order": None, "visit": None, "consent": None, name: view(entry.item)}
