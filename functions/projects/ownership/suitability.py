"""How well somebody suits a milestone: skills, time, and how often they were on time. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

_SKILLS: Final = 0.5
_TIME: Final = 0.3
_PUNCTUALITY: Final = 0.2
_UNKNOWN: Final = 0.5
_DIGITS: Final = 4


class Suitability(NamedTuple):
    """The parts, each from 0 to 1, and the score that they make; `matched` are the skills that are wanted."""

    score: float
    skill_overlap: float
    availability: float
    on_time_rate: float
    matched: Sequence[str]


def of(skills: Sequence[str], wanted: Sequence[str], workload_percent: int, due: int, on_time: int) -> Suitability:
    """Return 0.5 skill overlap + 0.3 max(0, 1 - workload) + 0.2 on-time rate, rounded to four digits.

    The overlap is that part of the wanted skills which somebody has, whatever their case; 0 if none are wanted. The
    rate is how many of their milestones with a last day, `due`, were `on_time`; one half if there were none.
    """
    asked = {each.casefold() for each in wanted}
    matched = sorted({each for each in skills if each.casefold() in asked})
    overlap = len({each.casefold() for each in matched}) / len(asked) if asked else 0.0
    availability = max(0.0, 1 - workload_percent / 100)
    rate = min(1.0, on_time / due) if due else _UNKNOWN
    score = _SKILLS * overlap + _TIME * availability + _PUNCTUALITY * rate
    rounded = [round(each, _DIGITS) for each in (score, overlap, availability, rate)]
    return Suitability(rounded[0], rounded[1], rounded[2], rounded[3], matched)
