"""Payments over REST: how they are looked at, released and held."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Final

from functions.payments import resolver
from functions.payments.access import AmountsHidden, FinanceRequired, PersonRequired
from functions.payments.gateways.possible import AmountNotTaken, PayeeMissing
from functions.payments.payments import PaymentNotFound, PaymentTransitionNotAllowed
from functions.payments.releases import commands, reading
from functions.payments.releases.disputes import DisputeOpen
from functions.payments.releases.entitlement import PayeeChangedLately, SeparationOfPayment
from functions.payments.resolver import BODY, KEYED, READ, RELEASE, api
from functions.payments.transition import Status
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.callers.project_members import ProjectNotFound
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.releases.shapes import PaymentConfirmed, PaymentHeld

replies = Replies("functions.payments.releases.replies")

SENT = Body("functions.payments.releases.shapes")
PAYMENTS: Final = "/api/v1/payments"
PAYMENT: Final = f"{PAYMENTS}/<payment_id>"
PROBLEMS = ProblemForm(attrgetter("members"), replies.PaymentTransitionProblem)
"""A refused transition says which ones are allowed."""
MOVING: Final = (PaymentNotFound, FinanceRequired, VersionChanged, PaymentTransitionNotAllowed)
RELEASING: Final = (*MOVING, PersonRequired, SeparationOfPayment, PayeeChangedLately)
POSSIBLE: Final = (AmountNotTaken, PayeeMissing)

OfProject = Annotated[
    str | None, Query(max_length=64, description="Only those of this project, of its newest invoices first.")
]
OfStatus = Annotated[Status | None, Query(description="Only of this status.")]


@api.operation(
    "GET",
    PAYMENTS,
    scope=READ,
    summary="List payments",
    answers={200: replies.Payments},
    refusals=(Malformed, ProjectNotFound, AmountsHidden),
)
def list_payments(
    project_id: OfProject = None, status: OfStatus = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """List the payments of a project, or of all projects whose money you see, the newest first.

    A page may have fewer items than `limit`, even none, and be followed by another as long as there is a `next_cursor`.
    """
    if project_id is None:
        found = reading.page(api.caller, status, limit=limit, cursor=cursor)
    else:
        found = reading.of_project(api.caller, project_id, status, limit=limit, cursor=cursor)
    return resolver.page(found)


@api.operation(
    "GET",
    PAYMENT,
    scope=READ,
    summary="Show a payment",
    answers={200: replies.PaymentWithAttempts},
    refusals=(PaymentNotFound,),
)
def show_payment(payment_id: str) -> Response:
    """Show a payment, what it waits for, and how often a gateway was asked to make it."""
    return answer(200, reading.payment(api.caller, payment_id))


@api.operation(
    "POST",
    f"{PAYMENT}/release",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Release a payment",
    answers={200: replies.Payment},
    refusals=(Malformed, *RELEASING, *POSSIBLE, *KEYED),
    problems=PROBLEMS,
)
def release_payment(payment_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Ask for the release of an invoiced payment; for managers and finance, as people.

    Whoever created, owns or approved the milestone is refused. While its gate is closed the payment is held instead.
    """
    claim = resolver.claim(idempotency_key)
    return answer(200, commands.release(api.caller, payment_id, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PAYMENT}/retry",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Try a failed payment again",
    answers={200: replies.Payment},
    refusals=(Malformed, *RELEASING, *POSSIBLE, *KEYED),
    problems=PROBLEMS,
)
def retry_payment(payment_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Ask once more for the release of a payment that has failed, under the same id; for whoever may release it."""
    claim = resolver.claim(idempotency_key)
    return answer(200, commands.retry(api.caller, payment_id, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PAYMENT}/hold",
    scope=RELEASE,
    summary="Hold a payment",
    answers={200: replies.Payment},
    refusals=(*BODY, *MOVING, *KEYED),
    problems=PROBLEMS,
)
def hold_payment(
    payment_id: str,
    sent: Annotated["PaymentHeld", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Hold a payment, with a reason; for managers and finance. One that a gateway is asked for cannot be stopped."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, commands.hold(api.caller, payment_id, sent.reason, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PAYMENT}/resume",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Let a held payment go on",
    answers={200: replies.Payment},
    refusals=(Malformed, *RELEASING, DisputeOpen, *KEYED),
    problems=PROBLEMS,
)
def resume_payment(payment_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Let a held payment go on from where it was stopped; for whoever may release it."""
    claim = resolver.claim(idempotency_key)
    return answer(200, commands.resume(api.caller, payment_id, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PAYMENT}/confirm",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Say what became of a payment",
    answers={200: replies.Payment},
    refusals=(*BODY, *RELEASING, *KEYED),
    problems=PROBLEMS,
)
def confirm_payment(
    payment_id: str,
    sent: Annotated["PaymentConfirmed", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Say whether the money has moved, for the gateway `manual` and where the outcome is in doubt.

    For whoever may release it.
    """
    claim = resolver.claim(idempotency_key, sent)
    fields = sent.model_dump()
    return answer(200, commands.confirm(api.caller, payment_id, **fields, if_match=if_match, claim=claim))
