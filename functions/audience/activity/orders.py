"""Orders of a lead, each once in a tenant: what was ordered, what was refunded, and the totals of the lead with them.

An order lies with its lead, by when it was ordered; an item of its own says where, so that an order id is given once.
A refund is an order too, with a negative amount, and its order knows how much of it was refunded.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience import money
from functions.audience.leads import changing, happenings, leads
from functions.audience.leads.leads import Lead
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import clock
from shared.errors import Conflict, NotAllowed
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Put, Write, unchanged

View = dict[str, Any]

PREFIX: Final = "ORDER#"
_ENTITY: Final = "LeadOrder"
_LOCK: Final = "LeadOrderLock"
_LOOKS: Final = 3
"""An order may be on its way to another lead between two reads."""


class OrderDiffers(Conflict):
    """409: your tenant has an order with this id that says something else."""

    def __init__(self) -> None:
        super().__init__("Your tenant has an order with this id that says something else.")


class OrderOfAnotherLead(Conflict):
    """409: the order with this id belongs to another lead."""

    def __init__(self) -> None:
        super().__init__("The order with this id belongs to another lead.")


class OtherCurrency(NotAllowed):
    """422: an order is in the currency of the tenant, and a refund in that of its order too."""

    def __init__(self, code: str) -> None:
        super().__init__(f"An order is in the currency of your tenant, and a refund in that of its order: {code}.")


class OrderToRefundMissing(NotAllowed):
    """422: the lead has no order with the id that is to be refunded."""

    def __init__(self) -> None:
        super().__init__("The lead has no order with the id that is to be refunded.")


class RefundExceedsOrder(NotAllowed):
    """422: all refunds of an order together are not more than the order."""

    def __init__(self) -> None:
        super().__init__("All refunds of an order together cannot be more than the order.")


class Order(NamedTuple):
    """An order as it is stored; one that is the `refund_of` another has a negative amount. `items` is JSON as text."""

    order_id: str
    amount_minor_units: int
    currency: str
    ordered_at: str
    recorded_at: str
    version: int
    items: str = "[]"
    refund_of: str | None = None
    refunded_minor_units: int = 0


class Placed(NamedTuple):
    """Where an order lies: with which lead, and under which sort key."""

    lead_id: str
    place: str


class Draft(NamedTuple):
    """An order that was sent, or a refund; `amount_minor_units` is positive."""

    order_id: str
    amount_minor_units: int
    currency: str
    ordered_at: str
    items: Sequence[Mapping[str, Any]] = ()
    refund_of: str | None = None


class _Found(NamedTuple):
    """An order that is there, where it lies, and with which lead."""

    order: Order
    key: Key
    lead_id: str


def record(tenant_id: str, lead_id: str, draft: Draft, *, claim: Claim | None = None) -> Answer:
    """Record an order or a refund with the totals of its lead, and return it; one that is there already stays.

    Raises leads.LeadNotFound, OrderDiffers, OrderOfAnotherLead, OtherCurrency, OrderToRefundMissing,
    RefundExceedsOrder, money.CurrencyNotSet, money.TotalTooLarge,
    changing.CountTooLarge.
    """
    now = clock.now()
    order = _order(draft, recorded_at=clock.to_rfc3339(now))

    def plan() -> Plan[View]:
        lead, currency = leads.get(tenant_id, lead_id), money.of(tenant_id)
        if draft.currency != currency.code:
            raise OtherCurrency(currency.code)
        audience = settings.of(tenant_id)
        found = _find(tenant_id, audience, draft.order_id)
        if found is not None:
            return Plan(_as_it_is(lead, found, order))
        refunding = [] if draft.refund_of is None else [_refunding(lead, audience, draft)]
        after = leads.next_version(_counted(lead, order), now)
        what = "order.recorded" if draft.refund_of is None else "order.refunded"
        writes: list[Write] = [
            leads.written(lead, after),
            *refunding,
            *put(lead, audience, order),
            happenings.of_lead(what, after, now, data=_told(order)),
        ]
        return Plan(view(order), writes)

    return changes.make(plan, claim=claim)


def page(tenant_id: str, lead_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the orders and refunds of a lead, the latest first. Raises leads.LeadNotFound."""
    lead = leads.get(tenant_id, lead_id, consistent=False)
    place = leads.partition(tenant_id, lead.lead_id)
    found = table.query(place, PREFIX, limit=limit, cursor=cursor, newest_first=True)
    return [view(from_item(item)) for item in found.items], found.next_cursor


def skus(order: Order) -> list[str]:
    """Return the SKUs of what was ordered."""
    return [each["sku"] for each in json.loads(order.items)]


def put(lead: Lead, audience: Audience, order: Order) -> list[Put]:
    """Return the writes of an order that is not there yet."""
    place = key(lead.tenant_id, lead.lead_id, audience, order)
    lock = lock_key(lead.tenant_id, audience, order.order_id)
    return [
        Put(records.to_item(place, _ENTITY, order), ABSENT),
        Put(records.to_item(lock, _LOCK, Placed(lead.lead_id, place.sk)), ABSENT),
    ]


def key(tenant_id: str, lead_id: str, audience: Audience, order: Order) -> Key:
    """Return the key of an order."""
    digest = audience.digests.of("order", order.order_id)
    return Key(leads.partition(tenant_id, lead_id), f"{PREFIX}{order.ordered_at}#{digest}")


def lock_key(tenant_id: str, audience: Audience, order_id: str) -> Key:
    """Return the key of the item that says where an order lies."""
    return Key(f"TENANT#{tenant_id}#ORDER#{audience.digests.of('order', order_id)}", "ORDER")


def from_item(item: Item) -> Order:
    """Return the order of an item."""
    return records.from_item(Order, item)


def view(order: Order) -> View:
    """Return what callers see of an order."""
    shown = order._asdict() | {"items": json.loads(order.items)}
    del shown["version"]
    return shown


def _order(draft: Draft, *, recorded_at: str) -> Order:
    sign = 1 if draft.refund_of is None else -1
    items = json.dumps([*draft.items], ensure_ascii=False, separators=(",", ":"))
    return Order(
        order_id=draft.order_id,
        amount_minor_units=sign * draft.amount_minor_units,
        currency=draft.currency,
        ordered_at=draft.ordered_at,
        recorded_at=recorded_at,
        version=1,
        items=items,
        refund_of=draft.refund_of,
    )


def _find(tenant_id: str, audience: Audience, order_id: str) -> _Found | None:
    """Return an order by its id, wherever it lies; None if there is none."""
    for _ in range(_LOOKS):
        lock = table.get(lock_key(tenant_id, audience, order_id), consistent=True)
        if lock is None:
            return None
        placed = records.from_item(Placed, lock)
        place = Key(leads.partition(tenant_id, placed.lead_id), placed.place)
        item = table.get(place, consistent=True)
        if item is not None:
            return _Found(from_item(item), place, placed.lead_id)
    return None


def _as_it_is(lead: Lead, found: _Found, order: Order) -> View:
    """Return an order that was recorded before. Raises OrderOfAnotherLead, OrderDiffers."""
    if not _is_of(lead, found):
        raise OrderOfAnotherLead
    same = order._replace(
        recorded_at=found.order.recorded_at,
        version=found.order.version,
        refunded_minor_units=found.order.refunded_minor_units,
    )
    if same != found.order:
        raise OrderDiffers
    return view(found.order)


def _is_of(lead: Lead, found: _Found) -> bool:
    """Return whether an order is this lead's, also while it follows a lead that was merged into this one."""
    return found.lead_id in {lead.lead_id, *lead.absorbing}


def _refunding(lead: Lead, audience: Audience, draft: Draft) -> Put:
    """Return the write by which an order knows of its refund.

    Raises OrderToRefundMissing, OtherCurrency, RefundExceedsOrder.
    """
    found = _find(lead.tenant_id, audience, draft.refund_of or "")
    if found is None or not _is_of(lead, found) or found.order.refund_of is not None:
        raise OrderToRefundMissing
    order = found.order
    if draft.currency != order.currency:
        raise OtherCurrency(order.currency)
    refunded = order.refunded_minor_units + draft.amount_minor_units
    if refunded > order.amount_minor_units:
        raise RefundExceedsOrder
    after = order._replace(refunded_minor_units=refunded, version=order.version + 1)
    return Put(records.to_item(found.key, _ENTITY, after), unchanged(order.version))


def _counted(lead: Lead, order: Order) -> Lead:
    """Return a lead with an order in its totals. Raises money.TotalTooLarge, changing.CountTooLarge."""
    spend = lead.order_spend + order.amount_minor_units
    money.total(lead.base_spend + spend)
    if order.refund_of is not None:
        return lead._replace(order_spend=spend)
    last = leads.latest(lead.order_at, order.ordered_at)
    return changing.counted(lead._replace(order_spend=spend, orders=lead.orders + 1, order_at=last))


def _told(order: Order) -> Mapping[str, Any]:
    return {
        "order_id": order.order_id,
        "amount_minor_units": order.amount_minor_units,
        "currency": order.currency,
        "ordered_at": order.ordered_at,
    }
