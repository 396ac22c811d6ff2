"""Terms over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.graphql import View, graphql, if_match, without_nulls
from functions.payments.resolver import ADMIN, READ, WRITE
from functions.payments.terms import changing


@graphql.field("Query", "paymentTerms", scope=READ)
def payment_terms(project_milestone_id: str) -> View:
    """Resolve the terms of a milestone."""
    return changing.show(graphql.caller, project_milestone_id)


@graphql.field("Query", "usualPaymentTerms", scope=READ)
def usual_payment_terms() -> View:
    """Resolve the usual terms of the tenant."""
    return changing.usual(graphql.caller)


@graphql.field("Mutation", "putUsualPaymentTerms", scope=ADMIN)
def put_usual_payment_terms(
    input: dict[str, Any],  # noqa: A002 - the name clients expect
    expected_version: int | None = None,
) -> View:
    """Set the usual terms of the tenant."""
    from functions.payments.terms import shapes  # noqa: PLC0415 - as below

    sent = shapes.PaymentTermsSent.model_validate(without_nulls(input)).fields()
    return changing.put_usual(graphql.caller, sent, if_match=if_match(expected_version))


@graphql.field("Mutation", "putPaymentTerms", scope=WRITE)
def put_payment_terms(
    project_milestone_id: str,
    input: dict[str, Any],  # noqa: A002 - the name clients expect
    expected_version: int | None = None,
) -> View:
    """Give a milestone terms of its own."""
    from functions.payments.terms import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.PaymentTermsSent.model_validate(without_nulls(input)).fields()
    return changing.put(graphql.caller, project_milestone_id, sent, if_match=if_match(expected_version))
