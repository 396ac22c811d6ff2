"""Numbers of rules as SQL compares them without loss: whole ones with whole ones, doubles with doubles. Pure."""

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from functions.audience.segments.rules.form import Between

Number = int | Decimal

_LOWEST: Final = -(2**63)
_HIGHEST: Final = 2**63 - 1
_LARGEST: Final = Decimal(repr(1.7976931348623157e308))


def whole(numbers: Iterable[Any]) -> list[int]:
    """Return those of the numbers that a column of whole numbers can hold."""
    return [int(each) for each in numbers if each == math.floor(each) and _LOWEST <= each <= _HIGHEST]


def doubles(numbers: Iterable[Any]) -> list[float]:
    """Return those of the numbers that are what a double is written as."""
    nearest = [(each, float(each)) for each in numbers if abs(each) <= _LARGEST]
    return [found + 0.0 for each, found in nearest if Decimal(repr(found)) == each]


def whole_ends(test: Between) -> tuple[int | None, int | None]:
    """Return the lowest and the highest whole number of a range, both of them in it; None: without an end."""
    low, high = _number(test.low), _number(test.high)
    lowest = None if low is None else math.ceil(low) if test.with_low else math.floor(low) + 1
    highest = None if high is None else math.floor(high) if test.with_high else math.ceil(high) - 1
    return _within(lowest), _within(highest)


def double_ends(test: Between) -> tuple[float | None, float | None]:
    """Return the lowest and the highest double of a range, both of them in it; None: without an end."""
    low, high = _number(test.low), _number(test.high)
    lowest = None if low is None else -_highest_below(-low, with_end=test.with_low)
    return lowest, None if high is None else _highest_below(high, with_end=test.with_high)


def _highest_below(end: Any, *, with_end: bool) -> float:
    """Return the highest double whose decimal form is below the end, or is the end itself."""
    if abs(end) > _LARGEST:
        return math.copysign(math.inf, end)
    found = float(end)
    written = Decimal(repr(found))
    is_in = written < end or (with_end and written == end)
    return found if is_in else math.nextafter(found, -math.inf)


def _within(end: int | None) -> int | None:
    """Return an end that a column of whole numbers can be compared with: nothing lies beyond its own ends."""
    return None if end is None else max(_LOWEST, min(_HIGHEST, end))


def _number(end: object) -> Number | None:
    return end if isinstance(end, (int, Decimal)) else None
