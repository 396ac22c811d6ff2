"""The payee of a tenant over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.graphql import View, claim, graphql, if_match, without_nulls
from functions.payments.payees import changing
from functions.payments.resolver import ADMIN
from shared.callers.step_up import RECENT_SECOND_FACTOR


@graphql.field("Query", "paymentPayee", scope=ADMIN)
def payment_payee() -> View:
    """Resolve the payee."""
    return changing.show(graphql.caller)


@graphql.field("Mutation", "proposePaymentPayee", scope=ADMIN, assurance=RECENT_SECOND_FACTOR)
def propose_payment_payee(
    input: dict[str, Any],  # noqa: A002 - the name clients expect
    expected_version: int | None = None,
) -> View:
    """Propose a payee."""
    from functions.payments.payees import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.PayeeSent.model_validate(without_nulls(input))
    return changing.propose(graphql.caller, sent.details(), if_match=if_match(expected_version), claim=claim())


@graphql.field("Mutation", "confirmPaymentPayee", scope=ADMIN, assurance=RECENT_SECOND_FACTOR)
def confirm_payment_payee(proposal_id: str, expected_version: int | None = None) -> View:
    """Confirm a proposed payee."""
    return changing.confirm(graphql.caller, proposal_id, if_match=if_match(expected_version), claim=claim())


@graphql.field("Mutation", "withdrawPaymentPayee", scope=ADMIN, assurance=RECENT_SECOND_FACTOR)
def withdraw_payment_payee(expected_version: int | None = None) -> View:
    """Withdraw a change of the payee."""
    return changing.withdraw(graphql.caller, if_match=if_match(expected_version), claim=claim())
