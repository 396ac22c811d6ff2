"""What a lead has bought, as rules see it: its orders, each with what its refunds have left of it."""

from functions.audience.activity import entries, orders
from functions.audience.leads.leads import Lead
from functions.audience.segments.rules.facts import Order
from shared import clock


def of(lead: Lead) -> list[Order]:
    """Return the orders of a lead as they are now, also those that are on their way to it."""
    found = {
        each.place: orders.from_item(each.item)
        for lead_id in (*lead.absorbing, lead.lead_id)
        for each in entries.every(lead.tenant_id, lead_id, orders.PREFIX)
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
