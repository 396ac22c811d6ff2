"""Disputes: client or payee says that a payment is not right before it is made, and a third person splits it.

A dispute holds the payment. Whoever settles it has opened none of it, and may release the payment. What they give back
to the client is refunded as soon as the payment is made, so release and refund together are its amount.
"""

from typing import Final, NamedTuple

from functions.payments import payments, transition
from functions.payments.payments import Payment, PaymentTransitionNotAllowed
from functions.payments.releases import entitlement, opening, owning_teams, requesting, views
from functions.payments.releases.opening import Opened
from functions.payments.releases.requesting import Step
from functions.payments.releases.views import View
from functions.payments.transition import Event
from shared import actors, clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, Forbidden, InvalidInput
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

REASON: Final = "dispute"


class DisputeOpen(Conflict):
    """409: a dispute about the payment is open."""

    def __init__(self) -> None:
        super().__init__("A dispute about the payment is open. It goes on once a third person has settled that.")


class DisputeNotFound(Conflict):
    """409: no dispute about the payment is open."""

    code = "NoDisputeOpen"

    def __init__(self) -> None:
        super().__init__("No dispute about the payment is open.")


class ThirdPersonRequired(Forbidden):
    """403: whoever has opened a dispute does not settle it."""

    def __init__(self) -> None:
        super().__init__("You have opened the dispute. Somebody else has to settle it.")


class Split(NamedTuple):
    """How a dispute is settled: what goes to the payee and what back to the client, in minor units, and why."""

    release_minor_units: int
    refund_minor_units: int
    resolution: str


def dispute(
    caller: Caller, payment_id: str, reason: str, *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Open a dispute about a payment that is not made yet, which holds it, and return the payment.

    Raises PaymentNotFound, versions.VersionChanged, DisputeOpen, PaymentTransitionNotAllowed.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        before = opening.payment(caller, payment_id).payment
        versions.require(if_match, before.version)
        require_undisputed(before)
        opened = {"opened_by": caller.user_id, "opened_at": clock.to_rfc3339(now), "reason": reason}
        after = _held(before, now)._replace(dispute=opened)
        return Plan(views.payment(after), payments.changed(before, after, "disputed", now))

    return changes.make(plan, claim=claim)


def resolve(
    caller: Caller, payment_id: str, split: Split, *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Settle the dispute about a payment, ask for its release, and return it, held if the gate is closed.

    Raises PaymentNotFound, FinanceRequired, PersonRequired, SeparationOfPayment, ThirdPersonRequired, DisputeNotFound,
    InvalidInput, versions.VersionChanged.
    """

    def plan() -> Plan[View]:
        opened = opening.payment(caller, payment_id)
        opened.require_acting()
        versions.require(if_match, opened.payment.version)
        after, writes = _resolved(caller, opened, split, clock.now())
        outside = owning_teams.checks(opened, caller.user_id)
        return Plan(views.payment(after), [*writes, *outside], owning_teams.refuse)

    return changes.make(plan, claim=claim)


def require_undisputed(payment: Payment) -> None:
    """Require that no dispute about a payment is open. Raises DisputeOpen."""
    if payment.is_disputed:
        raise DisputeOpen


def _held(before: Payment, now: Instant) -> Payment:
    """Return a payment that a dispute holds, also one that is held for something else.

    Raises PaymentTransitionNotAllowed, also for one that a gateway was asked for.
    """
    if before.status == "on_hold" and before.held_from != "processing":
        return before.touched(now, reasons=[*before.reasons, REASON])
    if not transition.is_allowed(before.held, "hold"):
        raise PaymentTransitionNotAllowed(before.held, "dispute")
    return before.moved("hold", now, reasons=[REASON])


def _resolved(caller: Caller, opened: Opened, split: Split, now: Instant) -> Step:
    before = opened.payment
    entitlement.require_person(caller, opened)
    if not before.is_disputed:
        raise DisputeNotFound
    if before.dispute is not None and before.dispute["opened_by"] == caller.user_id:
        raise ThirdPersonRequired
    if split.release_minor_units + split.refund_minor_units != opened.invoice.amount_due_minor_units:
        raise InvalidInput.of("refund_minor_units", "must be what is due of the invoice, less what is released")
    settled = {
        **(before.dispute or {}),
        **split._asdict(),
        "resolved_by": actors.current().id,
        "resolved_at": clock.to_rfc3339(now),
    }
    resumed = before.moved("resume", now)._replace(dispute=settled, to_refund_minor_units=split.refund_minor_units)
    event: Event = "retry" if resumed.status == "failed" else "release"
    if resumed.status == "release_requested":
        after = resumed._replace(due_at=clock.to_rfc3339(now))
        return after, payments.changed(before, after, "dispute_resolved", now)
    return requesting.asked(opened, resumed, event, now, told="dispute_resolved")
