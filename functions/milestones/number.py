"""Numbers as they are written: targets and values are decimals, so that nothing is added by the way they are kept.

JSON numbers with a fraction or an exponent reach us as IEEE doubles (RFC 8259, section 6); each stands for the
shortest decimal that denotes it, which is what was written if that had at most 15 digits. Integers are exact.
"""

import math
from decimal import Decimal
from typing import Any


def read(value: Any) -> Decimal:
    """Return the decimal of a JSON number. Raises ValueError for what is no number, or not a finite one."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")
    if not _is_finite(value):
        raise ValueError("must be a finite number")
    written = Decimal(repr(value))
    return Decimal(int(written)) if isinstance(value, float) and abs(value) < 1e16 and value.is_integer() else written


def shown(number: Decimal) -> int | float:
    """Return the JSON number of a decimal that `read` has returned."""
    return int(number) if number.as_tuple().exponent == 0 else float(number)


def _is_finite(value: int | float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        # An integer that no double comes near.
        return False
