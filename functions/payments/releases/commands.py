"""What people do with a payment by its table of transitions: release it, try it again, hold it, let it go on."""

from collections.abc import Callable

from functions.payments import payments
from functions.payments.gateways.manual import Manual
from functions.payments.payments import PaymentTransitionNotAllowed
from functions.payments.releases import concluding, disputes, entitlement, opening, owning_teams, requesting, views
from functions.payments.releases.opening import Opened
from functions.payments.releases.requesting import Step
from functions.payments.releases.views import View
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

Act = Callable[[Opened, Instant], Step]


def release(caller: Caller, payment_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Ask for the release of a payment and return it, held with the reasons if the gate is closed; three calls.

    Raises PaymentNotFound, FinanceRequired, PersonRequired, SeparationOfPayment, PayeeChangedLately, AmountNotTaken,
    PayeeMissing, versions.VersionChanged, PaymentTransitionNotAllowed.
    """

    def act(opened: Opened, now: Instant) -> Step:
        return requesting.by_people(opened, "release", now)

    return _done(caller, payment_id, _by_outsider(caller, act), if_match=if_match, claim=claim)


def retry(caller: Caller, payment_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Ask once more for the release of a failed payment, under the same id, and return it. Raises as `release`."""

    def act(opened: Opened, now: Instant) -> Step:
        return requesting.by_people(opened, "retry", now)

    return _done(caller, payment_id, _by_outsider(caller, act), if_match=if_match, claim=claim)


def hold(caller: Caller, payment_id: str, reason: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Hold a payment that no gateway is asked to make now, and return it.

    Raises PaymentNotFound, FinanceRequired, versions.VersionChanged, PaymentTransitionNotAllowed.
    """

    def act(opened: Opened, now: Instant) -> Step:
        after = opened.payment.moved("hold", now, reasons=["people"], note=reason)
        return after, payments.changed(opened.payment, after, "held", now)

    return _done(caller, payment_id, act, if_match=if_match, claim=claim)


def resume(caller: Caller, payment_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Let a held payment go on from where it was stopped, and return it.

    It is for whoever may release it; one that a gateway was asked for is asked about at once.
    Raises as `release`, and DisputeOpen.
    """

    def act(opened: Opened, now: Instant) -> Step:
        disputes.require_undisputed(opened.payment)
        after = opened.payment.moved("resume", now, due_at=clock.to_rfc3339(now), note=None)
        return after, payments.changed(opened.payment, after, "resumed", now)

    return _done(caller, payment_id, _by_outsider(caller, act), if_match=if_match, claim=claim)


def confirm(
    caller: Caller,
    payment_id: str,
    *,
    is_made: bool,
    reference: str | None,
    if_match: str | None,
    claim: Claim | None = None,
) -> Answer:
    """Say what became of a payment that a person makes, or whose outcome is in doubt, and return it.

    Raises as `release`.
    """

    def act(opened: Opened, now: Instant) -> Step:
        payment = opened.payment
        is_by_hand = payment.status == "processing" and payment.gateway == Manual.name
        if not is_by_hand and payment.held_from != "processing":
            raise PaymentTransitionNotAllowed(payment.held, "confirm")
        if is_made:
            return concluding.settled(opened, reference or payment.payment_id, now)
        return concluding.failed(opened, "not_made", now)

    return _done(caller, payment_id, _by_outsider(caller, act), if_match=if_match, claim=claim)


def _by_outsider(caller: Caller, act: Act) -> Act:
    """Return an act that is only for whoever may release the payment."""

    def by_outsider(opened: Opened, now: Instant) -> Step:
        entitlement.require_person(caller, opened)
        after, writes = act(opened, now)
        return after, [*writes, *owning_teams.checks(opened, caller.user_id)]

    return by_outsider


def _done(caller: Caller, payment_id: str, act: Act, *, if_match: str | None, claim: Claim | None) -> Answer:
    def plan() -> Plan[View]:
        opened = opening.payment(caller, payment_id)
        opened.require_acting()
        versions.require(if_match, opened.payment.version)
        after, writes = act(opened, clock.now())
        return Plan(views.payment(after), writes, owning_teams.refuse)

    return changes.make(plan, claim=claim)
