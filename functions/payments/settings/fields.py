"""The settings of invoices over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.graphql import View, graphql, if_match
from functions.payments.resolver import ADMIN
from functions.payments.settings import changing


@graphql.field("Query", "paymentSettings", scope=ADMIN)
def payment_settings() -> View:
    """Resolve the settings."""
    return changing.show(graphql.caller)


@graphql.field("Mutation", "updatePaymentSettings", scope=ADMIN)
def update_payment_settings(
    input: dict[str, Any],  # noqa: A002 - the name clients expect
    expected_version: int | None = None,
) -> View:
    """Change settings."""
    from functions.payments.settings import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.PaymentSettingsPatch.model_validate(input).fields()
    return changing.change(graphql.caller, sent, if_match=if_match(expected_version))
