"""What a lead has bought, as rules see it: its orders, each with what its refunds have left of it."""

from collections.abc import Iterator

from functions.audience.activity import entries, orders
from functions.audience.activity.entries import Entry
from functions.audience.leads.leads import Lead
from functions.audience.segments.rules.facts import Order
from functions.audience.segments.rules.form import Window
from shared import clock


def of(lead: Lead, *, within: Window | None = None) -> list[Order]:
    """Return the orders of a lead as they are now, also those that are on their way to it; of a window, or all."""
    found = {
        each.place: orders.from_item(each.item)
        for lead_id in (*lead.absorbing, lead.lead_id)
        for each in _entries(lead.tenant_id, lead_id, within)
    }
    return [
        Order(
            each.amount_minor_units - each.refunded_minor_units,
            clock.from_stored(each.ordered_at),
            orders.skus(each),
        )
        for each in found.values()
        if each.refund_of is None
    ]


def _entries(tenant_id: str, lead_id: str, within: Window | None) -> Iterator[Entry]:
    if within is None:
        return entries.every(tenant_id, lead_id, orders.PREFIX)
    first, last = clock.to_rfc3339(within.start), clock.to_rfc3339(within.end)
    return entries.during(tenant_id, lead_id, orders.PREFIX, first=first, last=last)
