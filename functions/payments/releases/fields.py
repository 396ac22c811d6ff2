"""Payments over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.graphql import View, claim, graphql, if_match, with_minor_units, with_money
from functions.payments.releases import commands, disputes, reading, refunds
from functions.payments.resolver import DISPUTE, READ, RELEASE
from functions.payments.transition import Status
from shared.api.graphql import connection, limit_of
from shared.callers.step_up import RECENT_SECOND_FACTOR

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "payment", scope=READ)
def payment(payment_id: str) -> View:
    """Resolve one payment."""
    return _shown(reading.payment(graphql.caller, payment_id))


@graphql.field("Query", "payments", scope=READ)
def payments(
    project_id: str | None = None,
    status: Status | None = None,
    limit: int | None = None,
    next_token: str | None = None,
) -> View:
    """Resolve a page of payments."""
    caller, most = graphql.caller, limit_of(limit)
    if project_id is None:
        found, token = reading.page(caller, status, limit=most, cursor=next_token)
    else:
        found, token = reading.of_project(caller, project_id, status, limit=most, cursor=next_token)
    return connection(([_shown(each) for each in found], token))


@graphql.field("Mutation", "releasePayment", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def release_payment(payment_id: str, expected_version: int | None = None) -> View:
    """Ask for the release of a payment."""
    match = if_match(expected_version)
    return _shown(commands.release(graphql.caller, payment_id, if_match=match, claim=claim()))


@graphql.field("Mutation", "retryPayment", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def retry_payment(payment_id: str, expected_version: int | None = None) -> View:
    """Try a failed payment again."""
    match = if_match(expected_version)
    return _shown(commands.retry(graphql.caller, payment_id, if_match=match, claim=claim()))


@graphql.field("Mutation", "holdPayment", scope=RELEASE)
def hold_payment(payment_id: str, reason: str, expected_version: int | None = None) -> View:
    """Hold a payment."""
    from functions.payments.releases import shapes  # noqa: PLC0415

    sent, match = shapes.PaymentHeld.model_validate({"reason": reason}), if_match(expected_version)
    return _shown(commands.hold(graphql.caller, payment_id, sent.reason, if_match=match, claim=claim()))


@graphql.field("Mutation", "resumePayment", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def resume_payment(payment_id: str, expected_version: int | None = None) -> View:
    """Let a held payment go on."""
    match = if_match(expected_version)
    return _shown(commands.resume(graphql.caller, payment_id, if_match=match, claim=claim()))


@graphql.field("Mutation", "confirmPayment", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def confirm_payment(
    payment_id: str,
    is_made: bool,  # noqa: FBT001 - as clients send it
    reference: str | None = None,
    expected_version: int | None = None,
) -> View:
    """Say what became of a payment."""
    from functions.payments.releases import shapes  # noqa: PLC0415

    sent = shapes.PaymentConfirmed.model_validate({"is_made": is_made, "reference": reference})
    fields, match = sent.model_dump(), if_match(expected_version)
    return _shown(commands.confirm(graphql.caller, payment_id, **fields, if_match=match, claim=claim()))


@graphql.field("Mutation", "refundPayment", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def refund_payment(
    payment_id: str, reason: str, amount_minor_units: str | None = None, expected_version: int | None = None
) -> View:
    """Pay a part of a payment back, or all that is left of it."""
    from functions.payments.releases import shapes  # noqa: PLC0415

    given = with_minor_units({"reason": reason, "amount_minor_units": amount_minor_units}, "amount_minor_units")
    sent, match = shapes.PaymentRefunded.model_validate(given), if_match(expected_version)
    back = refunds.refund(
        graphql.caller, payment_id, sent.amount_minor_units, sent.reason, if_match=match, claim=claim()
    )
    return _shown(back)


@graphql.field("Mutation", "disputePayment", scope=DISPUTE)
def dispute_payment(payment_id: str, reason: str, expected_version: int | None = None) -> View:
    """Open a dispute about a payment."""
    from functions.payments.releases import shapes  # noqa: PLC0415

    sent, match = shapes.PaymentDisputed.model_validate({"reason": reason}), if_match(expected_version)
    return _shown(disputes.dispute(graphql.caller, payment_id, sent.reason, if_match=match, claim=claim()))


@graphql.field("Mutation", "resolvePaymentDispute", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def resolve_payment_dispute(
    payment_id: str,
    input: dict[str, Any],  # noqa: A002 - the name clients expect
    expected_version: int | None = None,
) -> View:
    """Settle the dispute about a payment."""
    from functions.payments.releases import shapes  # noqa: PLC0415

    given = with_minor_units(with_minor_units(input, "release_minor_units"), "refund_minor_units")
    split, match = shapes.DisputeResolved.model_validate(given).split(), if_match(expected_version)
    return _shown(disputes.resolve(graphql.caller, payment_id, split, if_match=match, claim=claim()))


def _shown(view: View) -> View:
    """Return a payment with its amounts as `Money`, also those of its dispute and its refunds."""
    currency, dispute = view["currency"], view["dispute"]
    shown = with_money(view)
    if dispute is not None:
        shown["dispute"] = with_money(dispute | {"currency": currency})
    if "refunds" in view:
        shown["refunds"] = [with_money(each | {"currency": currency}) for each in view["refunds"]]
    return shown
