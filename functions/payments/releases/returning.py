"""The refund of a payment whose gateway moves the money back itself: asked for, sent under its id, and concluded.

It goes as the payment went: what is about to be sent is written before, an unknown outcome is asked about by the id of
the refund, and only a certain failure ends it. Another refund has another id, and so another key.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from functions.payments import payments
from functions.payments.gateways.gateways import Gateway, Outcome, Return, Reverser
from functions.payments.payments import Payment
from functions.payments.releases import opening, patience, refunds
from functions.payments.releases.opening import Opened
from functions.payments.releases.requesting import Step, is_due
from shared import clock
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan

_UNKNOWN: Final = Outcome("unknown")


def advance(payment: Payment, gateway: Gateway | None, now: Instant) -> Payment | None:
    """Do what is due of the refund of a payment, and return the payment; None if it has gone on meanwhile."""
    refunding = payment.refunding or {}
    if gateway is None:
        return _conclude(payment, _UNKNOWN, is_certain=False)
    reverser, sent = cast(Reverser, gateway), _return(payment, refunding)
    if refunding["sent_at"] is None:
        marked = _mark(payment)
        return None if marked is None else _conclude(marked, reverser.give_back(sent), is_certain=True)
    outcome, since = reverser.find_return(sent), clock.from_rfc3339(refunding["sent_at"])
    if outcome.what == "absent" and patience.may_repeat(since, now):
        return _conclude(payment, reverser.give_back(sent), is_certain=False)
    return _conclude(payment, outcome, is_certain=True)


def _return(payment: Payment, refunding: Mapping[str, Any]) -> Return:
    return Return(
        payment_id=payment.payment_id,
        refund_id=refunding["refund_id"],
        reference=payment.reference or "",
        amount_minor_units=refunding["amount_minor_units"],
        currency=payment.currency,
    )


def _mark(payment: Payment) -> Payment | None:
    """Write that the gateway is about to be asked, and return the payment; None if somebody else does that."""

    def plan() -> Plan[Payment | None]:
        now = clock.now()
        found = payments.find(payment.tenant_id, payment.payment_id)
        if found is None or found.version != payment.version or not is_due(found, now):
            return Plan(None)
        sent = {**(found.refunding or {}), "sent_at": clock.to_rfc3339(now)}
        after = found.touched(now, refunding=sent, due_at=clock.to_rfc3339(patience.next_look(now, now)))
        return Plan(after, payments.changed(found, after, None, now))

    return changes.make(plan)


def _conclude(asked: Payment, outcome: Outcome, *, is_certain: bool) -> Payment | None:
    def plan() -> Plan[Payment | None]:
        now = clock.now()
        opened = opening.by_itself(asked.tenant_id, asked.payment_id)
        if opened is None or not _is_same(opened.payment, asked):
            return Plan(None)
        return Plan(*_concluded(opened, outcome, now, is_certain=is_certain))

    return changes.make(plan)


def _is_same(found: Payment, asked: Payment) -> bool:
    wanted, held = asked.refunding, found.refunding
    return wanted is not None and held is not None and held["refund_id"] == wanted["refund_id"]


def _concluded(opened: Opened, outcome: Outcome, now: Instant, *, is_certain: bool) -> Step:
    payment, refunding = opened.payment, opened.payment.refunding or {}
    since = clock.from_rfc3339(refunding["sent_at"] or payment.updated_at)
    amount = refunding["amount_minor_units"]
    match outcome.what:
        case "made" if outcome.moved == (amount, payment.currency):
            by = refunding["refunded_by"]
            return refunds.refunded(opened, refunding["refund_id"], amount, refunding["reason"], now, by=by)
        case "refused" if is_certain:
            return _failed(payment, outcome.reason or "refused", now)
        case "absent" if refunding["sent_at"] is not None and patience.has_failed(since, now):
            return _failed(payment, "not_made", now)
        case _:
            return _waiting(payment, since, now)


def _failed(before: Payment, reason: str, now: Instant) -> Step:
    """Return a payment of which nothing was paid back; people ask again."""
    after = before.touched(now, refunding=None, due_at=None, failure=reason)
    return after, payments.changed(before, after, "refund_failed", now)


def _waiting(before: Payment, since: Instant, now: Instant) -> Step:
    """Return a payment whose refund is asked about again; after a day people are told, once."""
    refunding = before.refunding or {}
    is_new = patience.is_hopeless(since, now) and not refunding["is_late"]
    after = before.touched(
        now,
        refunding={**refunding, "is_late": refunding["is_late"] or is_new},
        due_at=clock.to_rfc3339(patience.next_look(since, now)),
    )
    return after, payments.changed(before, after, "stalled" if is_new else None, now)
