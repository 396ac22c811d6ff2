"""How the release of a payment is asked for: by itself, by a person, and once more after a failure.

It checks the gate of the milestone in its own transaction. While that is closed the payment is held, with the reasons.
"""

from functions.payments import payments, transition
from functions.payments.billing import billings
from functions.payments.gateways import possible
from functions.payments.payments import Payment
from functions.payments.releases import entitlement, opening, owning_teams, patience
from functions.payments.releases.opening import Opened
from functions.payments.terms import terms
from functions.payments.transition import Event
from shared import actors, clock
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Check, Write, unchanged

Step = tuple[Payment, list[Write]]
"""A payment after a step, and the writes of that."""


def closed(opened: Opened) -> list[str]:
    """Return what keeps the money of a payment back, nothing if the gate is open."""
    gate, invoice, payment_id = opened.gate, opened.invoice, opened.payment.payment_id
    found, status = [], gate.status_of(payment_id)
    if not terms.is_ready(invoice.agreed, status):
        found.append(f"milestone_{status}")
    if gate.holds_of(payment_id):
        found.append("milestone_held")
    if gate.attempt != invoice.attempt:
        found.append("milestone_reworked")
    return found


def ended(opened: Opened, now: Instant) -> Step | None:
    """Return a payment as cancelled if nothing of its invoice is to be paid any more, None if something is."""
    before, status = opened.payment, opened.invoice.status
    if opened.invoice.is_open or not transition.is_allowed(before.held, "cancel"):
        return None
    if status == "paid":
        after = before.moved("cancel", now, reasons=["paid_outside"])
        counted = _counted(opened, 1) if before.requested_at is None else []
    else:
        after = before.moved("cancel", now, reasons=[f"invoice_{status}"])
        counted = [] if before.requested_at is None else _counted(opened, -1)
    return after, [*payments.changed(before, after, "cancelled", now), *counted]


def cancel_if_ended(tenant_id: str, payment_id: str) -> Payment | None:
    """Cancel a payment whose invoice is paid from outside or cancelled, and return it; None if it has gone."""

    def plan() -> Plan[Payment | None]:
        opened = opening.by_itself(tenant_id, payment_id)
        if opened is None:
            return Plan(None)
        return Plan(*(ended(opened, clock.now()) or (opened.payment, [])))

    return changes.make(plan)


def requested(opened: Opened, event: Event, now: Instant) -> Step:
    """Return a payment whose release is asked for now, or held if the gate is closed.

    Raises PaymentTransitionNotAllowed.
    """
    return asked(opened, opened.payment, event, now, told="release_requested")


def by_people(opened: Opened, event: Event, now: Instant) -> Step:
    """Return the same for what somebody asks for, whom it is told if the gateway of the tenant cannot make it.

    Raises PaymentTransitionNotAllowed, possible.AmountNotTaken, possible.PayeeMissing.
    """
    step, payment = requested(opened, event, now), opened.payment
    due = opened.invoice.amount_due_minor_units
    possible.require(opened.settings.gateway, due, payment.currency, opened.payee_account(now))
    return step


def asked(opened: Opened, since: Payment, event: Event, now: Instant, *, told: str) -> Step:
    """Return a payment that has become `since` in the same change, and whose release is asked for now.

    While the gate is closed it is held instead. `told` is how the event calls it.
    Raises PaymentTransitionNotAllowed.
    """
    before, reasons = opened.payment, closed(opened)
    if reasons:
        after = since.moved("hold", now, reasons=reasons)
        return after, payments.changed(before, after, "held", now)
    moment = clock.to_rfc3339(now)
    after = since.moved(
        event,
        now,
        requested_by=actors.current().id,
        requested_at=moment,
        due_at=clock.to_rfc3339(now + patience.MINUTE),
        failure=None,
    )
    return after, [
        *payments.changed(before, after, told, now),
        *(_counted(opened, 1) if event == "release" else []),
        still_open(opened),
    ]


def held(before: Payment, reasons: list[str], now: Instant) -> Step:
    """Return a payment that is held for these reasons. Raises PaymentTransitionNotAllowed."""
    after = before.moved("hold", now, reasons=reasons)
    return after, payments.changed(before, after, "held", now)


def still_open(opened: Opened) -> Check:
    """Return the check that the gate is as it was read."""
    return Check(opened.gate_key, unchanged(opened.gate.version))


def by_itself(tenant_id: str, payment_id: str) -> Payment | None:
    """Ask for the release of an invoiced payment, or note for what people it waits; return it, None if it has gone."""

    def plan() -> Plan[Payment | None]:
        now = clock.now()
        opened = opening.by_itself(tenant_id, payment_id)
        if opened is None or opened.payment.status != "invoiced":
            return Plan(None if opened is None else opened.payment)
        if (gone := ended(opened, now)) is not None:
            return Plan(*gone)
        approvers = owning_teams.without(opened, entitlement.independent(opened))
        before, reasons = opened.payment, entitlement.waits_for_people(opened, approvers)
        if not reasons:
            after, writes = requested(opened, "release", now)
            return Plan(after, [*writes, *owning_teams.checks(opened, min(approvers))])
        if [*before.reasons] == reasons and before.due_at is None:
            return Plan(before)
        after = before.touched(now, reasons=reasons, due_at=None)
        return Plan(after, payments.changed(before, after, "awaited", now))

    return changes.make(plan)


def again(tenant_id: str, payment_id: str) -> Payment | None:
    """Ask for the release of a failed payment once more, if that is due; return it, None if it has gone."""

    def plan() -> Plan[Payment | None]:
        now = clock.now()
        opened = opening.by_itself(tenant_id, payment_id)
        if opened is None or opened.payment.status != "failed" or not is_due(opened.payment, now):
            return Plan(None if opened is None else opened.payment)
        return Plan(*requested(opened, "retry", now))

    return changes.make(plan)


def is_due(payment: Payment, now: Instant) -> bool:
    """Return whether something of a payment is due by now."""
    return payment.due_at is not None and payment.due_at <= clock.to_rfc3339(now)


def _counted(opened: Opened, sign: int) -> list[Write]:
    """Return the write by which an invoice counts as asked for, or as asked for no more.

    The milestone does not go back once all of its amount is asked for.
    """
    if opened.invoice.kind == "retention":
        return []
    before = opened.billing
    asked = before.requested_minor_units + sign * opened.invoice.invoiced.net_minor_units
    is_whole = asked == opened.gate.amount_minor_units
    return [billings.changed(before, before._replace(requested_minor_units=asked, is_committed=is_whole))]
