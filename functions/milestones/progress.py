"""How far milestones are: pure, no I/O, no clock."""

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

MOST = 100.0


def percent(current: Decimal, target: Decimal) -> float:
    """Return how much of the target is reached, 0 to 100: the double next to the exact quotient.

    It is 100 if and only if the target is reached, however close to it the value may be.
    """
    if current >= target:
        return MOST
    if current <= 0:
        return 0.0
    return min(float(Fraction(current) * 100 / Fraction(target)), math.nextafter(MOST, 0))


def weighted(parts: Iterable[tuple[int, float]]) -> float:
    """Return the mean of percentages by their weights, 0 to 100; 0 of none."""
    known = list(parts)
    total = sum(weight for weight, _ in known)
    return math.fsum(weight * percentage for weight, percentage in known) / total if total else 0.0
