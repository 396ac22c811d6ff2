"""Whether a rule takes every lead in effect, however it is written: `visits >= 0` does, as an empty `AND` does. Pure.

It looks for a lead that the rule refuses. What such a lead may have in each place is drawn from the rule's own literals
(`points.py`), and what is found is evaluated: so a rule that is said to refuse somebody does refuse somebody. Where
nobody is found, or the search would take too long, the rule counts as one of everybody: that asks once too often.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules import points, segment
from functions.audience.segments.rules.facts import Facts
from functions.audience.segments.rules.form import Every, Leaf, Node, Not, leaves
from functions.audience.segments.rules.points import Place
from shared.instants import Instant

_MOST_STEPS: Final = 2_000
_MOST_LEADS: Final = 500
_OPTIONS: Final = 4


class _Goal(NamedTuple):
    """A node, and whether the lead that is looked for satisfies it."""

    node: Node
    holds: bool


class _TooLong(Exception):
    """The search has taken as many steps as it may."""


_Asked = Mapping[Place, Sequence[_Goal]]


def takes_everybody(node: Node, *, now: Instant) -> bool:
    """Return whether no lead that there can be at `now` is refused by a rule, as far as can be told."""
    return somebody_refused(node, now=now) is None


def somebody_refused(node: Node, *, now: Instant) -> Facts | None:
    """Return a lead that a rule refuses and that there can be at `now`, None where none was found."""
    try:
        return _Search(node, now).found((_Goal(node, holds=False),), {})
    except _TooLong:
        return None


class _Search:
    """The search for a lead that a rule refuses: conjunctions first, then one alternative after the other."""

    def __init__(self, node: Node, now: Instant) -> None:
        self._node = node
        self._now = now
        self._places = points.places(leaves(node), now=now)
        self._held: dict[int, int] = {}
        self._leads_by_place: dict[Place, Sequence[Facts]] = {}
        self._steps = 0
        self._leads = 0

    def found(self, goals: Sequence[_Goal], asked: _Asked) -> Facts | None:
        """Return a lead that meets all goals, besides those that were asked of its places before."""
        self._step()
        met, choices = self._gathered(goals, asked)
        if met is None:
            return None
        if not choices:
            return next((each for each in self._leads_of(met) if not segment.holds(self._node, each)), None)
        first = min(choices, key=lambda each: len(_parts(each.node)))
        others = [each for each in choices if each is not first]
        tried = (self.found((_Goal(part, first.holds), *others), met) for part in _parts(first.node))
        return next((each for each in tried if each is not None), None)

    def _gathered(self, goals: Sequence[_Goal], asked: _Asked) -> tuple[_Asked | None, list[_Goal]]:
        """Return what the goals ask of each place, None if no place can meet it, and the goals that leave a choice."""
        found, choices, waiting = dict(asked), list[_Goal](), list(goals)
        while waiting:
            goal = waiting.pop()
            if isinstance(goal.node, Leaf):
                place = points.place_of(goal.node.subject)
                found[place] = (*found.get(place, ()), goal)
                if not self._options(place, found[place]):
                    return None, []
            elif isinstance(goal.node, Not):
                waiting.append(_Goal(goal.node.part, not goal.holds))
            elif isinstance(goal.node, Every) is goal.holds:
                waiting.extend(_Goal(part, goal.holds) for part in goal.node.parts)
            else:
                choices.append(goal)
        return found, choices

    def _options(self, place: Place, goals: Sequence[_Goal]) -> list[Any]:
        """Return some of what may stand in a place so that the goals are met."""
        self._step()
        values = self._places[place].values
        fit = self._fitting(place, goals)
        numbers = (number for number in range(len(values)) if fit >> number & 1)
        return [values[each] for each in itertools.islice(numbers, _OPTIONS)] or self._several(place, goals)

    def _fitting(self, place: Place, goals: Iterable[_Goal]) -> int:
        """Return a set of values of a place, as bits: those that meet all the goals."""
        found = (1 << len(self._places[place].values)) - 1
        for goal in goals:
            found &= self._holding(goal.node, place) if goal.holds else ~self._holding(goal.node, place)
        return found

    def _holding(self, node: Node, place: Place) -> int:
        """Return the values of a place with which a leaf holds, as bits."""
        if id(node) not in self._held:
            leads = self._alone(place)
            self._held[id(node)] = sum(1 << number for number, each in enumerate(leads) if segment.holds(node, each))
        return self._held[id(node)]

    def _alone(self, place: Place) -> Sequence[Facts]:
        """Return a lead for each value of a place, which has nothing besides."""
        if place not in self._leads_by_place:
            self._leads_by_place[place] = [points.facts({place: each}) for each in self._places[place].values]
        return self._leads_by_place[place]

    def _several(self, place: Place, goals: Sequence[_Goal]) -> list[Any]:
        """Return a list of several elements that meets the goals, where a place may have lists."""
        found = self._places[place]
        needed = [each for each in goals if isinstance(each.node, Leaf) and each.holds is not each.node.is_negated]
        allowed = self._fitting(place, [each for each in goals if each not in needed])
        chosen: dict[int, Any] = {}
        for goal in needed if found.most else ():
            fit = allowed & self._fitting(place, [goal])
            if fit == 0:
                return []
            first = (fit & -fit).bit_length() - 1
            chosen[first] = found.values[first][0]
        return [tuple(chosen.values())] if 0 < len(chosen) <= found.most else []

    def _leads_of(self, asked: _Asked) -> Iterator[Facts]:
        """Yield leads that there can be and that have in each place what is asked of it."""
        places = list(asked)
        for chosen in itertools.product(*(self._options(place, asked[place]) for place in places)):
            self._leads += 1
            if self._leads > _MOST_LEADS:
                raise _TooLong
            values = dict(zip(places, chosen, strict=True))
            if points.may_be(values):
                yield points.facts(values)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _TooLong


def _parts(node: Node) -> Sequence[Node]:
    return () if isinstance(node, (Leaf, Not)) else node.parts
