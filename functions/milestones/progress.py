"""How far milestones are: pure, no I/O, no clock."""

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from shared.wording import Ratio

MOST = 100.0
ALL: Ratio = (100, 1)
NOTHING: Ratio = (0, 1)


def percent(current: Decimal, target: Decimal) -> float:
    """Return how much of the target is reached, 0 to 100: the double next to the exact quotient.

    It is 100 if and only if the target is reached, however close to it the value may be.
    """
    if current >= target:
        return MOST
    if current <= 0:
        return 0.0
    return min(float(Fraction(current) * 100 / Fraction(target)), math.nextafter(MOST, 0))


def of(status: str, current: Decimal, target: Decimal) -> float:
    """Return how far a milestone is, 0 to 100. A completed one is at 100, whatever its value: the evaluator judges."""
    return MOST if status == "completed" else percent(current, target)


def exactly(status: str, current: Decimal, target: Decimal) -> Ratio:
    """Return how far a milestone is as an exact percentage, by the same rule as `of`."""
    return ALL if status == "completed" else ratio(current, target)


def weighted(parts: Iterable[tuple[int, float]]) -> float:
    """Return the mean of percentages by their weights, 0 to 100; 0 of none."""
    known = list(parts)
    total = sum(weight for weight, _ in known)
    return math.fsum(weight * percentage for weight, percentage in known) / total if total else 0.0


def ratio(current: Decimal, target: Decimal) -> Ratio:
    """Return how much of the target is reached as an exact percentage, 0 to 100."""
    if current >= target:
        return ALL
    return (Fraction(current) * 100 / Fraction(target)).as_integer_ratio() if current > 0 else NOTHING


def weighted_ratio(parts: Iterable[tuple[int, Ratio]]) -> Ratio:
    """Return the exact mean of percentages by their weights; 0 of none."""
    known = list(parts)
    sums = [(weight * numerator, denominator) for weight, (numerator, denominator) in known]
    # In pairs and without cancelling, so that thousands of unlike denominators take milliseconds.
    while len(sums) > 1:
        sums = [_added(*sums[place : place + 2]) for place in range(0, len(sums), 2)]
    total = sum(weight for weight, _ in known)
    return (sums[0][0], sums[0][1] * total) if total else NOTHING


def _added(one: Ratio, other: Ratio = NOTHING) -> Ratio:
    if one[1] == other[1]:
        return one[0] + other[0], one[1]
    return one[0] * other[1] + other[0] * one[1], one[1] * other[1]
