"""How an advance is repaid: by people, or by pledged money, which repays first and goes on only with what is left.

The ledger has one entry of each repayment, in its transaction, so a payment that is told of twice repays once.
"""

from datetime import date
from typing import NamedTuple

from functions.payments import payments
from functions.payments.billing import billings
from functions.payments.financing import bookings, debts, financings, opening, pledges, repayment, repayments, views
from functions.payments.financing.financings import Financing
from functions.payments.financing.repayments import Repayment
from functions.payments.financing.transition import Event, is_allowed
from functions.payments.financing.views import View
from functions.payments.invoices import invoices
from functions.payments.ledger import entries, posting
from functions.payments.money import amounts
from functions.payments.payments import Payment
from functions.payments.transition import SETTLED
from shared import actors, clock, days
from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import NotAllowed
from shared.storage import changes, table, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write


class MoreThanOwed(NotAllowed):
    """422: more would be repaid than is owed."""

    def __init__(self, owed: int, currency: str) -> None:
        super().__init__(f"{amounts.written(owed, currency)} {currency} are owed today. Repay no more than that.")


class _Money(NamedTuple):
    """What comes in on a day; of a pledged payment, whatever is not owed goes on."""

    minor_units: int
    day: date
    payment_id: str | None = None


def repay(
    caller: Caller, financing_id: str, amount: int | None, *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Record that a part of an advance is repaid, or all that is owed today, and return it; three calls.

    Raises FinancingNotFound, versions.VersionChanged, FinancingTransitionNotAllowed, MoreThanOwed.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        before = opening.financing(caller, financing_id).financing
        versions.require(if_match, before.version)
        before.require("repay")
        today = days.day_of(now, tenant_settings.of(before.tenant_id).time_zone)
        owed = repayment.owing(debts.of(before), today).total
        if not owed or (amount or owed) > owed:
            raise MoreThanOwed(owed, before.currency)
        after, writes = _repaid(before, _Money(amount or owed, today), now)
        return Plan(views.financing(after), writes)

    return changes.make(plan, claim=claim)


def by_pledge(tenant_id: str, payment_id: str) -> None:
    """Repay an advance with a payment that is settled and pledged for it, once; nothing for any other payment."""

    def plan() -> Plan[None]:
        now = clock.now()
        payment = payments.find(tenant_id, payment_id)
        before = None if payment is None else _lent_on(payment)
        if payment is None or before is None or _is_booked(payment):
            return Plan(None)
        today = days.day_of(now, tenant_settings.of(tenant_id).time_zone)
        amount = payment.amount_minor_units - payment.to_refund_minor_units
        if amount <= 0 or not repayment.owing(debts.of(before), today).total:
            return Plan(None)
        return Plan(None, _repaid(before, _Money(amount, today, payment_id), now)[1])

    changes.make(plan)


def _lent_on(payment: Payment) -> Financing | None:
    """Return the advance that is owed and that a payment is pledged for, as it was settled after the disbursement."""
    if payment.status not in SETTLED:
        return None
    keys = [
        invoices.key(payment.tenant_id, payment.invoice_id),
        billings.key(payment.tenant_id, payment.project_milestone_id),
    ]
    invoice, billing = table.get_many(keys, consistent=True)
    if invoice is None or billing is None:
        return None
    found = billings.of(payment.tenant_id, payment.project_milestone_id, billing)
    financing_id = pledges.covering(found, invoices.from_item(invoice))
    item = None if financing_id is None else table.get(financings.key(payment.tenant_id, financing_id), consistent=True)
    financing = None if item is None else financings.from_item(item)
    if financing is None or not is_allowed(financing.status, "repay"):
        return None
    return financing if (payment.settled_at or "") >= (financing.disbursed_at or "") else None


def _is_booked(payment: Payment) -> bool:
    """Return whether the ledger has the repayment by a payment."""
    place = entries.reference_key(payment.tenant_id, bookings.of_payment(payment.payment_id))
    return table.get(place, consistent=True) is not None


def _repaid(before: Financing, money: _Money, now: Instant) -> tuple[Financing, list[Write]]:
    """Return an advance after money came in, and the writes of that."""
    found = repayment.repaid(debts.of(before), money.minor_units, money.day)
    is_ended = repayment.oldest(found.debt) is None
    event: Event = "settle" if is_ended else "repay"
    moment = clock.to_rfc3339(now)
    fields = debts.stored(found.debt, tenant_settings.of(before.tenant_id).time_zone)
    after = before.moved(event, now, repayments=before.repayments + 1, **fields, ended_at=moment if is_ended else None)
    if after.status == "defaulted":
        after = after._replace(due_at=None)
    made = Repayment(
        number=after.repayments,
        repaid_on=money.day.isoformat(),
        repaid_at=moment,
        principal_minor_units=found.principal,
        interest_minor_units=found.interest,
        outstanding_minor_units=before.amount_minor_units - repayment.paid_principal(found.debt),
        repaid_by=actors.current().id,
        payment_id=money.payment_id,
        passed_on_minor_units=found.rest,
    )
    return after, [
        *financings.changed(before, after),
        repayments.made(after, made),
        *posting.writes(bookings.repaid(after, made, now)),
        financings.happened("repaid", after, now),
        *(_ended(after, now) if is_ended else []),
    ]


def _ended(after: Financing, now: Instant) -> list[Write]:
    """Return the writes by which an advance that is repaid frees what was pledged; one call."""
    freed = pledges.freed(after.tenant_id, after.financing_id, after.own_pledges)
    return [*freed, *([financings.happened("completed", after, now)] if after.status == "completed" else [])]
