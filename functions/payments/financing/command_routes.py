"""Advances over REST, once they are approved: paid out, repaid, and looked at."""

from typing import TYPE_CHECKING, Annotated

from functions.payments import resolver
from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.financing import disbursing, reading, repaying
from functions.payments.financing.deciding import FinancingApproverRequired
from functions.payments.financing.disbursing import PledgesWorthLess
from functions.payments.financing.financings import FinancingNotFound
from functions.payments.financing.repaying import MoreThanOwed
from functions.payments.financing.routes import MOVING, PROBLEMS, REQUEST, SENT, replies
from functions.payments.resolver import BODY, KEYED, READ, RELEASE, api
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import Malformed

if TYPE_CHECKING:
    from functions.payments.financing.shapes import FinancingRepaid


@api.operation(
    "POST",
    f"{REQUEST}/disburse",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Pay an advance out",
    answers={200: replies.Financing},
    refusals=(Malformed, *MOVING, FinancingApproverRequired, BilledMilestoneNotFound, PledgesWorthLess, *KEYED),
    problems=PROBLEMS,
)
def disburse_financing(financing_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Pay an approved advance out, as long as its pledges cover it. Its first instalment is due a month later."""
    claim = resolver.claim(idempotency_key)
    return answer(200, disbursing.disburse(api.caller, financing_id, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{REQUEST}/repay",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Repay an advance",
    answers={200: replies.Financing},
    refusals=(*BODY, *MOVING, MoreThanOwed, *KEYED),
    problems=PROBLEMS,
)
def repay_financing(
    financing_id: str,
    sent: Annotated["FinancingRepaid", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Record that a part of an advance is repaid, or all that is owed today.

    What is due is repaid first. More than that repays the next instalments ahead of time, with the interest until today
    and none of the days after it.
    """
    claim, amount = resolver.claim(idempotency_key, sent), sent.amount_minor_units
    return answer(200, repaying.repay(api.caller, financing_id, amount, if_match=if_match, claim=claim))


@api.operation(
    "GET",
    f"{REQUEST}/schedule",
    scope=READ,
    summary="Show the instalments of an advance",
    answers={200: replies.FinancingSchedule},
    refusals=(FinancingNotFound,),
)
def show_financing_schedule(financing_id: str) -> Response:
    """Show when how much of an advance is to be repaid, and what ends it today.

    Before it is paid out, these are the instalments that it would have if it were today.
    """
    return answer(200, reading.schedule(api.caller, financing_id))


@api.operation(
    "GET",
    f"{REQUEST}/statement",
    scope=READ,
    summary="Show what was repaid of an advance",
    answers={200: replies.FinancingStatement},
    refusals=(Malformed, FinancingNotFound),
)
def show_financing_statement(financing_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Show what was advanced, what is left of it, and each repayment, the first first."""
    return answer(200, reading.statement(api.caller, financing_id, limit=limit, cursor=cursor))
