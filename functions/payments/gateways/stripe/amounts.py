"""Amounts as Stripe counts them, where that is not as ISO 4217 does. Pure.

https://docs.stripe.com/currencies#special-cases and #zero-decimal: ISK and UGX have no decimals, and are sent with two
that are 00; MGA is sent without decimals; the last of three decimals is 0.
"""

from collections.abc import Mapping
from typing import Final

from shared import currencies

DECIMALS: Final[Mapping[str, int]] = {"ISK": 2, "UGX": 2, "MGA": 0}
"""The decimals that Stripe sends a currency with, where ISO 4217 has others."""
_THREE: Final = 3


def to_stripe(minor_units: int, currency: str) -> int | None:
    """Return an amount as it is sent to Stripe, None for one that Stripe cannot move."""
    decimals = currencies.DECIMALS[currency]
    more = DECIMALS.get(currency, decimals) - decimals
    if more >= 0:
        is_taken = decimals != _THREE or minor_units % 10 == 0
        return minor_units * _power(more) if is_taken else None
    units, rest = divmod(minor_units, _power(-more))
    return None if rest else units


def from_stripe(amount: int, currency: str) -> int | None:
    """Return the minor units of ISO 4217 that Stripe means, None for what it never sends."""
    decimals = currencies.DECIMALS.get(currency)
    if decimals is None:
        return None
    more = DECIMALS.get(currency, decimals) - decimals
    if more < 0:
        return amount * _power(-more)
    units, rest = divmod(amount, _power(more))
    return None if rest else units


def _power(decimals: int) -> int:
    return int(10**decimals)
