"""Splitting an amount by shares without losing or making a minor unit. Pure.

Each part is rounded cumulatively: what all shares up to it are worth, less what is already out. So a part is never
more than a minor unit away from its own share, and the last one ends at the total. Amounts are in minor units.
"""

from collections.abc import Sequence
from itertools import accumulate

from functions.payments.money.rounding import half_up


def next_part(total: int, *, shares_to: int, of: int, already_out: int) -> int:
    """Return the part that brings what is out to `shares_to` of `of` shares of the total. Raises ZeroDivisionError."""
    return half_up(total * shares_to, of) - already_out


def split(total: int, shares: Sequence[int]) -> list[int]:
    """Return the part of the total for each share, in their order; the parts sum to the total.

    Raises ZeroDivisionError if the shares sum to nothing.
    """
    whole = sum(shares)
    ends = [half_up(total * share, whole) for share in accumulate(shares)]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]
