"""Payments over GraphQL: what the fields of all subjects share."""

from typing import Any, Final

from shared.api.graphql import Fields

View = dict[str, Any]

graphql = Fields()

_AMOUNT: Final = "_minor_units"


def with_money(view: View) -> View:
    """Return a view whose amounts are `Money` of its currency: minor units are text, as an Int of GraphQL has 32 bits.

    `debits_minor_units` becomes `debits`; an amount that is null stays so.
    """
    currency = view["currency"]
    return {name.removesuffix(_AMOUNT): _money(name, value, currency) for name, value in view.items()}


def _money(name: str, value: Any, currency: str) -> Any:
    if not name.endswith(_AMOUNT) or value is None:
        return value
    return {"minor_units": str(value), "currency": currency}
