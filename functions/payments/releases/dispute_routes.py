"""Refunds and disputes over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.payments import resolver
from functions.payments.gateways.possible import AmountNotTaken
from functions.payments.payments import PaymentNotFound, PaymentTransitionNotAllowed
from functions.payments.releases import disputes, refunds
from functions.payments.releases.disputes import DisputeNotFound, DisputeOpen, ThirdPersonRequired
from functions.payments.releases.refunds import RefundInProgress, RefundTooHigh
from functions.payments.releases.routes import PAYMENT, PROBLEMS, RELEASING, SENT, replies
from functions.payments.resolver import BODY, DISPUTE, KEYED, RELEASE, api
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.releases.shapes import DisputeResolved, PaymentDisputed, PaymentRefunded


@api.operation(
    "POST",
    f"{PAYMENT}/refund",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Refund a payment",
    answers={200: replies.Payment},
    refusals=(*BODY, *RELEASING, RefundTooHigh, RefundInProgress, AmountNotTaken, *KEYED),
    problems=PROBLEMS,
)
def refund_payment(
    payment_id: str,
    sent: Annotated["PaymentRefunded", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Pay a part of a payment back, or all that is left of it; for whoever may release it.

    A gateway that moves the money back itself is asked first; `refunding_minor_units` says what it is asked for.
    """
    claim = resolver.claim(idempotency_key, sent)
    back = refunds.refund(api.caller, payment_id, sent.amount_minor_units, sent.reason, if_match=if_match, claim=claim)
    return answer(200, back)


@api.operation(
    "POST",
    f"{PAYMENT}/dispute",
    scope=DISPUTE,
    summary="Open a dispute about a payment",
    answers={200: replies.Payment},
    refusals=(*BODY, PaymentNotFound, VersionChanged, PaymentTransitionNotAllowed, DisputeOpen, *KEYED),
    problems=PROBLEMS,
)
def dispute_payment(
    payment_id: str,
    sent: Annotated["PaymentDisputed", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Say that a payment that is not made yet is not right, which holds it.

    For all who see the money of its project.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, disputes.dispute(api.caller, payment_id, sent.reason, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PAYMENT}/dispute/resolve",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Settle the dispute about a payment",
    answers={200: replies.Payment},
    refusals=(*BODY, *RELEASING, DisputeNotFound, ThirdPersonRequired, *KEYED),
    problems=PROBLEMS,
)
def resolve_payment_dispute(
    payment_id: str,
    sent: Annotated["DisputeResolved", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Split a disputed payment between payee and client, and release it; for a third person who may release it.

    What goes back to the client is refunded as soon as the payment is made.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, disputes.resolve(api.caller, payment_id, sent.split(), if_match=if_match, claim=claim))
