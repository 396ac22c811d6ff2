"""The settings of invoices over GraphQL, on the functions that REST calls too."""

from typing import Any, Final

from functions.payments.graphql import View, graphql, if_match, with_minor_units, with_money, without_nulls
from functions.payments.resolver import ADMIN
from functions.payments.settings import changing
from shared.errors import InvalidInput

LIMITS: Final = "auto_release_limits"
LAYERS: Final = "financing_layers"


@graphql.field("Query", "paymentSettings", scope=ADMIN)
def payment_settings() -> View:
    """Resolve the settings."""
    return _shown(changing.show(graphql.caller))


@graphql.field("Mutation", "updatePaymentSettings", scope=ADMIN)
def update_payment_settings(
    input: dict[str, Any],  # noqa: A002 - the name clients expect
    expected_version: int | None = None,
) -> View:
    """Change settings."""
    from functions.payments.settings import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.PaymentSettingsPatch.model_validate(_read(input)).fields()
    return _shown(changing.change(graphql.caller, sent, if_match=if_match(expected_version)))


def _read(sent: dict[str, Any]) -> dict[str, Any]:
    """Return an input as REST takes it. Raises InvalidInput for an amount that is none, and a currency sent twice."""
    limits = sent.get(LIMITS)
    sent = {name: value for name, value in sent.items() if value is not None or name not in (LIMITS, LAYERS)}
    if LAYERS in sent:
        sent[LAYERS] = [without_nulls(with_minor_units(each, "above_minor_units")) for each in sent[LAYERS]]
    if limits is None:
        return sent
    found = {each["currency"]: with_minor_units(each, "minor_units")["minor_units"] for each in limits}
    if len(found) < len(limits):
        raise InvalidInput.of(LIMITS, "must have each currency once")
    return {**sent, LIMITS: found}


def _shown(view: View) -> View:
    limits = [{"currency": name, "minor_units": str(most)} for name, most in view[LIMITS].items()]
    return {**view, LIMITS: limits, LAYERS: [with_money(each) for each in view[LAYERS]]}
