"""Background work: the invoices of the periods of a schedule that have begun, each in a transaction of its own.

It may be asked at any time, however often, and long after a period has begun: what it does follows from what is
stored, so what was missed is made up, and no period has two invoices.
"""

from typing import Final

from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.invoices import invoices, issuing, lifecycle, opening
from functions.payments.invoices.asking import Asked
from functions.payments.invoices.issuing import MilestoneNotReady
from functions.payments.invoices.opening import Opened
from functions.payments.invoices.parties import BuyerUnknown, SellerUnknown
from functions.payments.money import rates
from functions.payments.schedules import schedules
from functions.payments.schedules.schedules import InvoiceSchedule
from shared import clock, ids
from shared.clock import DAY, Instant
from shared.errors import Conflict, NotAllowed
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

_AT_ONCE: Final = 24
"""How many periods are made up before others have their turn; the sweep of a minute later goes on."""


def run(tenant_id: str, schedule_id: str) -> None:
    """Invoice the periods of a schedule that have begun."""
    for _ in range(_AT_ONCE):
        if not _next(tenant_id, schedule_id):
            return


def _next(tenant_id: str, schedule_id: str) -> bool:
    """Do what is due of a schedule next, and return whether something was."""
    invoice_id = ids.new(invoices.ID, at=clock.now())

    def plan() -> Plan[bool]:
        now, found = clock.now(), schedules.find(tenant_id, schedule_id)
        if found is None or found.due_at is None or clock.from_rfc3339(found.due_at) > now:
            return Plan(False)
        try:
            opened, _ = opening.milestone(
                tenant_id, found.project_milestone_id, caller=None, project_id=found.project_id
            )
        except BilledMilestoneNotFound:
            return Plan(True, _moved(found, found.ended("milestone_deleted"), now))
        return Plan(True, _writes(found, opened, invoice_id, now))

    return changes.make(plan)


def _writes(before: InvoiceSchedule, opened: Opened, invoice_id: str, now: Instant) -> list[Write]:
    left = rates.WHOLE - opened.billing.share
    if opened.gate.status == "cancelled":
        return _moved(before, before.ended("milestone_cancelled"), now)
    if left <= 0:
        return _moved(before, before.ended("invoiced"), now)
    asked = Asked(min(before.share, left), supplied_on=before.next_on, note=before.note)
    try:
        draft = lifecycle.drafted(opened, invoice_id, asked, before.created_by, now)
        issue = issuing.issue(draft, opened, asked, now)
    except (MilestoneNotReady, SellerUnknown, BuyerUnknown) as waiting:
        later = before._replace(due_at=clock.to_rfc3339(now + DAY), reason=waiting.code)
        return _moved(before, later, now)
    except (Conflict, NotAllowed) as refused:
        return _moved(before, before.ended(refused.code), now)
    after = before.at(before.periods + 1, opened.time_zone)._replace(last_invoice_id=invoice_id)
    if issue.billing.share == rates.WHOLE:
        after = after.ended("invoiced")
    return [*issuing.writes(issue, now), schedules.period(before, invoice_id), *_moved(before, after, now)]


def _moved(before: InvoiceSchedule, after: InvoiceSchedule, now: Instant) -> list[Write]:
    new = after.touched(now)
    ended = [schedules.happened("ended", new, now)] if new.status == "ended" else []
    return [schedules.changed(before, new), *ended]
