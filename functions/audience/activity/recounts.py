"""A recount: what the orders and visits of a lead add up to, against what the lead says, and mended if asked."""

from typing import Any, Final

from functions.audience.activity import entries, orders, visits
from functions.audience.activity.entries import Entry
from functions.audience.leads import happenings, leads
from functions.audience.leads.leads import Lead
from shared import clock
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Check, Write, unchanged

View = dict[str, Any]

_COUNTED: Final = ("order_spend", "orders", "order_at", "visits", "visit_at")


def recount(tenant_id: str, lead_id: str, *, is_repairing: bool) -> View:
    """Return what differs, by field: what is stored, and what was counted; both are of one moment.

    Raises leads.LeadNotFound.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        before = leads.get(tenant_id, lead_id)
        counted = count(before)
        differing = _differing(before, counted)
        repaired = is_repairing and bool(differing)
        differences = [
            {"field": name, "stored": getattr(before, name), "counted": getattr(counted, name)} for name in differing
        ]
        view = {"lead_id": before.lead_id, "differences": differences, "repaired": repaired}
        if not repaired:
            # Whoever changes the lead meanwhile has it counted again.
            unmoved: list[Write] = [Check(leads.key(tenant_id, before.lead_id), unchanged(before.version))]
            return Plan(view, unmoved)
        after = leads.next_version(counted, now)
        return Plan(view, [leads.written(before, after), happenings.of_lead("lead.recounted", after, now)])

    return changes.make(plan)


def seems_wrong(lead: Lead) -> bool:
    """Return whether a lead has other totals than its orders and visits add up to. Some may be on their way to it."""
    return bool(_differing(lead, count(lead)))


def count(lead: Lead) -> Lead:
    """Return a lead with the totals of its orders and visits, those included that are on their way to it.

    What moves between the reads is seen twice, and counted once: it keeps its sort key.
    """
    found: dict[str, Entry] = {}
    for lead_id in (*lead.absorbing, lead.lead_id):
        for prefix in (orders.PREFIX, visits.PREFIX):
            found |= {entry.place: entry for entry in entries.every(lead.tenant_id, lead_id, prefix)}
    ordered = [orders.from_item(each.item) for each in found.values() if each.kind == orders.PREFIX]
    visited = [visits.from_item(each.item) for each in found.values() if each.kind == visits.PREFIX]
    bought = [each for each in ordered if each.refund_of is None]
    return lead._replace(
        order_spend=sum(each.amount_minor_units for each in ordered),
        orders=len(bought),
        order_at=leads.latest(*(each.ordered_at for each in bought)),
        visits=len(visited),
        visit_at=leads.latest(*(each.visited_at for each in visited)),
    )


def _differing(lead: Lead, counted: Lead) -> list[str]:
    return [name for name in _COUNTED if getattr(lead, name) != getattr(counted, name)]
