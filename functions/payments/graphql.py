"""Payments over GraphQL: what the fields of all subjects share."""

import re
from collections.abc import Mapping
from typing import Any, Final

from shared.api.graphql import Fields
from shared.errors import InvalidInput
from shared.storage.idempotency import Claim

View = dict[str, Any]

graphql = Fields()

_AMOUNT: Final = "_minor_units"
_MINOR_UNITS: Final = re.compile(r"[0-9]{1,16}", re.ASCII)


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


def claim() -> Claim | None:
    """Return the claim of the `Idempotency-Key` that came with the field."""
    return graphql.claim(f"USER#{graphql.caller.user_id}")


def if_match(expected_version: int | None) -> str | None:
    """Return the `If-Match` that REST would be sent for this version."""
    return None if expected_version is None else f'"{expected_version}"'


def without_nulls(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input without what is null: an optional argument of GraphQL that is not given may be sent so."""
    return {name: value for name, value in sent.items() if value is not None}


def with_minor_units(sent: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an input with an amount, which GraphQL has as text, as a number. Raises InvalidInput."""
    text = sent.get(name)
    if text is None:
        return dict(sent)
    if not _MINOR_UNITS.fullmatch(text):
        raise InvalidInput.of(name, "must be a whole number of minor units, such as 250000")
    return {**sent, name: int(text)}
