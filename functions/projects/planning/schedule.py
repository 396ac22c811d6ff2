"""When each milestone of a project can and must be worked on: the critical path method. Pure.

Days are numbers of working days (`shared/calendars.py`); an end is the number of the day after the last one.
"""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Final, NamedTuple

from functions.projects.dependencies.dependencies import Dependency, Type


class Work(NamedTuple):
    """A milestone to be planned: how many working days it takes, and before which one it does not begin, if any."""

    length: int
    not_before: int | None
    needs: Sequence[Dependency]


class Slot(NamedTuple):
    """When a milestone is planned: the earliest and the latest that the whole is not late by."""

    earliest_start: int
    earliest_end: int
    latest_start: int
    latest_end: int

    @property
    def slack(self) -> int:
        """By how many working days it may be late."""
        return self.latest_start - self.earliest_start


FROM_START: Final = frozenset[Type]({"start_to_start", "start_to_finish"})
TO_END: Final = frozenset[Type]({"finish_to_finish", "start_to_finish"})


def of(works: Mapping[str, Work], first: int) -> dict[str, Slot]:
    """Return when each milestone is planned, none of them before the first day.

    All dependencies count, whatever their conditions; those on what is not planned do not.
    """
    needed = {each: [edge.from_id for edge in work.needs] for each, work in works.items()}
    order = [each for each in TopologicalSorter(needed).static_order() if each in works]
    starts = _earliest(works, order, first)
    end = max((starts[each] + works[each].length for each in order), default=first)
    latest = _latest(works, order, end)
    return {
        each: Slot(starts[each], starts[each] + works[each].length, latest[each], latest[each] + works[each].length)
        for each in order
    }


def _earliest(works: Mapping[str, Work], order: Sequence[str], first: int) -> dict[str, int]:
    starts: dict[str, int] = {}
    for each in order:
        work = works[each]
        start = first if work.not_before is None else max(first, work.not_before)
        for edge in work.needs:
            if edge.from_id in starts:
                start = max(start, starts[edge.from_id] + _offset(edge, works[edge.from_id], work))
        starts[each] = start
    return starts


def _latest(works: Mapping[str, Work], order: Sequence[str], end: int) -> dict[str, int]:
    starts = {each: end - works[each].length for each in order}
    for each in reversed(order):
        for edge in works[each].needs:
            if edge.from_id in starts:
                offset = _offset(edge, works[edge.from_id], works[each])
                starts[edge.from_id] = min(starts[edge.from_id], starts[each] - offset)
    return starts


def _offset(edge: Dependency, prerequisite: Work, work: Work) -> int:
    """Return by how many working days a start is after the start of its prerequisite at least."""
    begun = 0 if edge.type in FROM_START else prerequisite.length
    needed = work.length if edge.type in TO_END else 0
    return begun + edge.lag_days - needed
