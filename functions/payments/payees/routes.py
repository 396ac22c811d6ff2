"""The payee of a tenant over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.payments import resolver
from functions.payments.access import PersonRequired
from functions.payments.payees import changing
from functions.payments.payees.changing import NothingToWithdraw, ProposalNotOpen, SecondPersonRequired
from functions.payments.resolver import ADMIN, BODY, KEYED, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.payees.shapes import PayeeConfirmed, PayeeSent

replies = Replies("functions.payments.payees.replies")

SENT = Body("functions.payments.payees.shapes")
PAYEE: Final = "/api/v1/payment-payee"


@api.operation(
    "GET",
    PAYEE,
    scope=ADMIN,
    summary="Show the payee",
    answers={200: replies.Payee},
    refusals=(),
)
def show_payment_payee() -> Response:
    """Show where the payments of your tenant go, and what is to change about that."""
    return answer(200, changing.show(api.caller))


@api.operation(
    "PUT",
    PAYEE,
    scope=ADMIN,
    assurance=RECENT_SECOND_FACTOR,
    summary="Propose a payee",
    answers={200: replies.Payee},
    refusals=(*BODY, PersonRequired, VersionChanged),
)
def put_payment_payee(sent: Annotated["PayeeSent", SENT], if_match: IfMatch = None) -> Response:
    """Propose where payments are to go; another person has to confirm it. It takes the place of an open proposal."""
    return answer(200, changing.propose(api.caller, sent.details(), if_match=if_match))


@api.operation(
    "POST",
    f"{PAYEE}/confirm",
    scope=ADMIN,
    assurance=RECENT_SECOND_FACTOR,
    summary="Confirm a proposed payee",
    answers={200: replies.Payee},
    refusals=(*BODY, PersonRequired, SecondPersonRequired, ProposalNotOpen, VersionChanged, *KEYED),
)
def confirm_payment_payee(
    sent: Annotated["PayeeConfirmed", SENT], idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Confirm a payee that another person has proposed. Payments go there a day later, and until then as before."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, changing.confirm(api.caller, sent.proposal_id, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PAYEE}/withdraw",
    scope=ADMIN,
    assurance=RECENT_SECOND_FACTOR,
    summary="Withdraw a change of the payee",
    answers={200: replies.Payee},
    refusals=(Malformed, PersonRequired, NothingToWithdraw, VersionChanged, *KEYED),
)
def withdraw_payment_payee(idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Take back what is proposed, and what is confirmed and has not taken effect yet."""
    claim = resolver.claim(idempotency_key)
    return answer(200, changing.withdraw(api.caller, if_match=if_match, claim=claim))
