"""What is looked at of an advance by itself: on the 16th day that an instalment is late, it is defaulted, once.

Pledged money that has come in by then repays first, whether or not its event has arrived.
"""

from collections.abc import Iterator

from functions.payments.financing import debts, financings, repaying
from functions.payments.financing.financings import Financing
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from shared import clock, days
from shared.callers import tenant_settings
from shared.storage import changes, table
from shared.storage.changes import Plan


def look(tenant_id: str, financing_id: str) -> None:
    """Default an advance if an instalment is more than 15 days late, otherwise look at it again when one may be."""
    found = _find(tenant_id, financing_id)
    if found is None or found.status != "active":
        return
    for payment_id in _payments(found):
        repaying.by_pledge(tenant_id, payment_id)

    def plan() -> Plan[None]:
        now, time_zone = clock.now(), tenant_settings.of(tenant_id).time_zone
        before = _find(tenant_id, financing_id)
        if before is None or before.status != "active":
            return Plan(None)
        debt = debts.of(before)
        if debts.is_late(debt, days.day_of(now, time_zone)):
            after = before.moved("default", now, due_at=None, defaulted_at=clock.to_rfc3339(now))
            return Plan(None, [*financings.changed(before, after), financings.happened("defaulted", after, now)])
        due_at = debts.due_at(debt, time_zone)
        if due_at == before.due_at:
            return Plan(None)
        # The zone of the tenant has changed.
        after = before._replace(due_at=due_at, version=before.version + 1)
        return Plan(None, financings.changed(before, after))

    changes.make(plan)


def _find(tenant_id: str, financing_id: str) -> Financing | None:
    item = table.get(financings.key(tenant_id, financing_id), consistent=True)
    return None if item is None else financings.from_item(item)


def _payments(financing: Financing) -> Iterator[str]:
    """Yield the payments of the milestones of an advance; those not pledged for it repay nothing."""
    milestones = {each.project_milestone_id for each in financing.own_pledges}
    place = invoices.of_project(financing.tenant_id, financing.project_id)
    for item in table.query_all(place, invoices.LISTED, index=True):
        found: Invoice = invoices.from_item(item)
        if found.project_milestone_id in milestones and found.payment_id is not None:
            yield found.payment_id
