"""Which variant wins: the one with most clicks, or opens, for the messages that were sent of it. Pure.

Where that is the same, opens decide of clicks and clicks of opens; where those are the same too, as without any, it is
the variant that is named first.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal

By = Literal["clicks", "opens"]

_SENT: Final = ("sent", "delivered", "opened", "clicked", "bounced")
_OPENED: Final = ("opened", "clicked")
_CLICKED: Final = ("clicked",)


def choose(counted: Sequence[Mapping[str, int]], by: By) -> int:
    """Return the number of the variant that wins, by how many recipients of each are in which state."""

    def standing(number: int) -> tuple[Fraction, Fraction, int]:
        clicks, opens = _rate(counted[number], _CLICKED), _rate(counted[number], _OPENED)
        return (clicks, opens, -number) if by == "clicks" else (opens, clicks, -number)

    return max(range(len(counted)), key=standing)


def _rate(counts: Mapping[str, int], states: Sequence[str]) -> Fraction:
    sent = sum(counts.get(each, 0) for each in _SENT)
    return Fraction(sum(counts.get(each, 0) for each in states), sent) if sent else Fraction(0)
