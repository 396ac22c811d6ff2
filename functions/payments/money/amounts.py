"""Amounts: whole minor units of a currency of ISO 4217, up to 10^15 in magnitude. Pure."""

from typing import Final

from shared import currencies
from shared.errors import InvalidInput, NotAllowed

LARGEST: Final = 10**15
"""In minor units; every number up to here is one that JSON readers keep exactly."""


class AmountTooLarge(NotAllowed):
    """422: an amount would be more than 10^15 minor units."""

    def __init__(self) -> None:
        super().__init__("An amount would be more than 1,000,000,000,000,000 minor units.")


def require_currency(code: str, *, field: str = "currency") -> str:
    """Return the code of a currency that there is. Raises InvalidInput, which names the field."""
    if code not in currencies.DECIMALS:
        raise InvalidInput.of(field, "must be the code of a currency (ISO 4217), such as EUR")
    return code


def require_possible(minor_units: int) -> int:
    """Return an amount that can be kept. Raises AmountTooLarge."""
    if abs(minor_units) > LARGEST:
        raise AmountTooLarge
    return minor_units


def written(minor_units: int, currency: str) -> str:
    """Return an amount with the decimals of its currency: `331,875.00` of EUR, `331,875` of JPY, `-0.125` of KWD."""
    decimals = currencies.DECIMALS[currency]
    units, rest = divmod(abs(minor_units), 10**decimals)
    sign = "-" if minor_units < 0 else ""
    return f"{sign}{units:,}.{rest:0{decimals}}" if decimals else f"{sign}{units:,}"
