"""Rates and shares in percent with at most four decimals, held as whole millionths: 9.975 % is 99,750. Pure."""

import re
from typing import Final

from functions.payments.money.rounding import half_up

WHOLE: Final = 1_000_000
"""The rate of 100 %."""
_DECIMALS: Final = 4
_ONE_PERCENT: Final = 10_000
# Up to 100,000 %: more is a mistake, and the digits that are read stay bounded.
_PERCENT: Final = re.compile(r"(?P<units>[0-9]{1,6})(\.(?P<decimals>[0-9]{1,4}))?", re.ASCII)


def from_percent(text: str) -> int:
    """Return the rate of a percentage such as `9.975`, in millionths.

    Raises ValueError for a text that is no number of at most six digits and four decimals without a sign.
    """
    found = _PERCENT.fullmatch(text)
    if not found:
        raise ValueError(f"must be a percentage with at most {_DECIMALS} decimals, such as 9.975")
    return int(found["units"]) * _ONE_PERCENT + int((found["decimals"] or "").ljust(_DECIMALS, "0"))


def to_percent(rate: int) -> str:
    """Return a rate in percent, with no more decimals than it takes: `18`, `9.975`."""
    units, decimals = divmod(rate, _ONE_PERCENT)
    return f"{units}.{decimals:0{_DECIMALS}}".rstrip("0").rstrip(".")


def of(amount: int, rate: int) -> int:
    """Return what the rate is of an amount, both ways of rounding a half away from zero; in its minor units."""
    return half_up(amount * rate, WHOLE)
