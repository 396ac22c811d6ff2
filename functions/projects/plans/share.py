"""Shares of a total: how an amount is divided by percentages without a unit lost or made up. Pure."""

from collections.abc import Sequence
from typing import Final

WHOLE: Final = 100 * 10_000
"""100 %, in ten thousandths of a percent: shares have four decimals at most."""


def split(total: int, shares: Sequence[int]) -> list[int]:
    """Return the parts of a total, whose sum it is, by shares that add up to `WHOLE`.

    Each is rounded down, and what is left goes to those that lost most by that; of equals, to the first.
    """
    parts = [total * each // WHOLE for each in shares]
    lost = [total * each % WHOLE for each in shares]
    by_loss = sorted(range(len(shares)), key=lambda place: (-lost[place], place))
    for place in by_loss[: total - sum(parts)]:
        parts[place] += 1
    return parts
