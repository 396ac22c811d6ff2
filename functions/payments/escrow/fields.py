"""Deposits over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.escrow import deposits, returning
from functions.payments.graphql import View, claim, graphql, with_minor_units, with_money
from functions.payments.resolver import READ, RELEASE, WRITE
from shared.callers.step_up import RECENT_SECOND_FACTOR

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "projectDeposits", scope=READ)
def project_deposits(project_id: str, currency: str | None = None) -> View:
    """Resolve what is held for a project."""
    held = deposits.held(graphql.caller, project_id, currency)
    waiting = [_waiting(each, held["currency"]) for each in held["waiting"]]
    return with_money({**held, "waiting": waiting, "returns": [with_money(each) for each in held["returns"]]})


@graphql.field("Mutation", "makeDeposit", scope=WRITE)
def make_deposit(project_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Deposit an amount for a project."""
    from functions.payments.escrow import shapes  # noqa: PLC0415

    draft = shapes.DepositDraft.model_validate(with_minor_units(input, "amount_minor_units"))
    return with_money(deposits.make(graphql.caller, project_id, draft.fields(), claim=claim()))


@graphql.field("Mutation", "returnDeposits", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def return_deposits(project_id: str, reason: str, amount_minor_units: str | None = None) -> View:
    """Pay an amount of the deposits for a project back, or all that is left of them."""
    from functions.payments.escrow import shapes  # noqa: PLC0415

    given = with_minor_units({"reason": reason, "amount_minor_units": amount_minor_units}, "amount_minor_units")
    sent = shapes.DepositReturned.model_validate(given)
    back = returning.give_back(graphql.caller, project_id, sent.amount_minor_units, sent.reason, claim=claim())
    return with_money(back)


def _waiting(payment: View, currency: str) -> View:
    shown = with_money({**payment, "currency": currency})
    del shown["currency"]
    return shown
