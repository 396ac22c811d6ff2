"""Lists of leads that are narrowed or ordered: their places by files or by the table, and each lead as it is now."""

import hashlib
import json
from typing import Any, NamedTuple

from functions.audience.leads import reading
from functions.audience.leads.leads import View
from functions.audience.querying import choosing, members, order
from functions.audience.querying.filters import Filters
from functions.audience.querying.order import TRAITS, Order, Place
from functions.audience.segments import matching
from functions.audience.segments.rules.form import Node
from shared import clock, ids
from shared.errors import InvalidInput
from shared.storage import cursors


class Asked(NamedTuple):
    """What a list is narrowed by, and the name of its order: `-spend` is that of `spend` downwards."""

    filters: Filters = Filters()
    sort: str | None = None


class KnownBy(NamedTuple):
    """By what one lead is looked up."""

    email: str | None = None
    phone: str | None = None
    external_id: str | None = None


def answered(tenant_id: str, asked: Asked, known_by: KnownBy, *, limit: int, cursor: str | None) -> View:
    """Return a page of leads: the one that is looked up, those that were asked for, or all.

    Raises as `page`, and InvalidInput for what is asked for together with an identifier.
    """
    if known_by != KnownBy():
        if cursor is not None or asked != Asked():
            raise InvalidInput.of("cursor" if cursor else "q", "is for lists, not for one lead that is looked up")
        return _as_it_is(reading.look_up_one(tenant_id, **known_by._asdict()), None)
    if asked == Asked():
        return _as_it_is(*reading.page(tenant_id, limit=limit, cursor=cursor))
    return page(tenant_id, asked.filters, order.named(asked.sort or order.NEWEST), limit=limit, cursor=cursor)


def page(tenant_id: str, filters: Filters, by: Order, *, limit: int, cursor: str | None) -> View:
    """Return a page of leads in an order, and the cursor of the next.

    Raises InvalidInput, matching.AudienceTooLarge, copies.LeadsTooLarge, Unavailable, and Malformed for a foreign
    cursor.
    """
    now, node = clock.now(), filters.node(tenant_id)
    list_id = _list_id(filters, by)
    after = None if cursor is None else _place(cursors.place_in(cursor, list_id), by)
    audience = choosing.of(tenant_id, node)
    if audience is None:
        found = _by_table(tenant_id, node, by, after)[:limit]
    else:
        found = audience.places(node, by, after, limit=limit)
    behind = cursors.bind(json.dumps(found[-1]), list_id) if len(found) == limit else None
    shown = members.views(tenant_id, [each.lead_id for each in found])
    return {"items": shown, "next_cursor": behind, **members.fresh(audience, now)}


def _as_it_is(items: list[View], behind: str | None) -> View:
    """Return a page that was read as it is now, and is the same until a lead changes."""
    return {"items": items, "next_cursor": behind, "as_of": None, "lag_seconds": 0}


def _by_table(tenant_id: str, node: Node, by: Order, after: Place | None) -> list[Place]:
    found = by.sorted([by.place(each) for each in matching.matching(tenant_id, node, also=[TRAITS[by.sort]])])
    return found if after is None else [each for each in found if by.is_behind(each, after)]


def _list_id(filters: Filters, by: Order) -> str:
    asked = json.dumps([filters, by])
    return f"leads {hashlib.sha256(asked.encode()).hexdigest()[:16]}"


def _place(written: str, by: Order) -> Place:
    """Return the place of a cursor, which anybody can write. Raises Malformed."""
    kind: type[Any] = str if by.sort == "name" else int
    try:
        value, lead_id = json.loads(written)
    except (ValueError, TypeError, RecursionError):
        raise cursors.foreign() from None
    is_value = value is None or (type(value) is kind and (kind is str or abs(value) < 1 << 63))
    if not is_value or not isinstance(lead_id, str) or not ids.is_valid(lead_id, "lead"):
        raise cursors.foreign()
    return Place(value, lead_id)
