"""Ranks: texts that say by their order how elements are ordered, with room between any two of them.

A rank is read as digits behind a point, to the base 62, so there is one between any two
(https://www.figma.com/blog/realtime-editing-of-ordered-sequences/). None ends with a zero, or there would be nothing
between it and the same without the zero. A rank that comes from a number has a letter that says how many digits the
number has, so that 9 sorts before 10.
"""

from typing import Final

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST: Final = 64
"""Above so many characters ranks are spread; 300 to 350 moves into one gap bring them there."""

_BASE: Final = len(DIGITS)
_LENGTHS: Final = "abcdefghij"
_MIDDLE: Final = DIGITS[_BASE // 2]


def of_number(number: int) -> str:
    """Return the rank of whoever has this number, from 0 on, and was never moved: it grows with the number."""
    digits = ""
    rest = number
    while rest or not digits:
        rest, digit = divmod(rest, _BASE)
        digits = DIGITS[digit] + digits
    return f"{_LENGTHS[len(digits) - 1]}{digits}{_MIDDLE}"


def between(low: str, high: str) -> str:
    """Return a rank between two; "" is before all of them. Raises ValueError unless the first one is the lower."""
    if low >= high:
        raise ValueError(f"there is no rank between {low} and {high}")
    same = 0
    while (low[same] if same < len(low) else DIGITS[0]) == high[same]:
        same += 1
    return high[:same] + _between(low[same:], high[same:])


def _between(low: str, high: str) -> str:
    """Return the digits between two that differ in the first; no digits are less than all."""
    first, other = DIGITS.index(low[0]) if low else 0, DIGITS.index(high[0])
    if other - first > 1:
        return DIGITS[(first + other) // 2]
    if len(high) > 1:
        return high[0]
    return DIGITS[first] + _above(low[1:])


def _above(low: str) -> str:
    """Return digits that are more than these, and still behind the same point."""
    kept = ""
    for digit in low:
        place = DIGITS.index(digit)
        if place < _BASE - 1:
            return kept + DIGITS[(place + _BASE) // 2]
        kept += digit
    return kept + _MIDDLE
