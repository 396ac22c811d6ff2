"""What a test asks of one value, in the SQL of an engine. Pure.

SQL has three truth values; a predicate may be unknown, which its leaf makes false.
"""

import functools
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules import operand, segment
from functions.audience.segments.rules.dates import day_of_year
from functions.audience.segments.rules.dialects import Add, Dialect
from functions.audience.segments.rules.form import (
    Anniversary,
    Begins,
    Between,
    Contains,
    During,
    Kind,
    OneOf,
    Test,
)
from shared import days
from shared.instants import Instant

NEVER: Final = "false"
"""The predicate that no value satisfies."""


class Element(NamedTuple):
    """One value that a test looks at: an expression for each kind that it can be of, unknown if it is of another."""

    text: str | None = None
    folded: str | None = None
    whole: str | None = None
    double: str | None = None
    truth: str | None = None
    instant: str | None = None
    day: str | None = None


class _Writer(NamedTuple):
    """What the predicates of a rule are written with."""

    dialect: Dialect
    add: Add


def of(test: Test, element: Element, dialect: Dialect, add: Add) -> str:
    """Return the predicate of a test; it holds parameters of `add` unless it is `NEVER`."""
    found = _PREDICATES[type(test)](test, element, _Writer(dialect, add))
    return " OR ".join(f"({each})" for each in found) or NEVER


def _one_of(test: OneOf, element: Element, to: _Writer) -> list[str]:
    def of_kind(kind: Kind) -> list[Any]:
        return [each.value for each in test.values if each.kind == kind]

    choices = [
        (element.text, of_kind("text")),
        (element.whole, operand.whole(of_kind("number"))),
        (element.double, operand.doubles(of_kind("number"))),
        (element.truth, of_kind("truth")),
        (element.instant, of_kind("instant")),
    ]
    return [to.dialect.one_of(to.add(sorted(among)), value) for value, among in choices if value and among]


def _between(test: Between, element: Element, to: _Writer) -> list[str]:
    if test.kind == "text":
        return _texts(test, element.text, to)
    if test.kind == "instant":
        return _range(element.instant, *operand.whole_ends(test), to)
    return [
        *_range(element.whole, *operand.whole_ends(test), to),
        *_range(element.double, *operand.double_ends(test), to),
    ]


def _texts(test: Between, value: str | None, to: _Writer) -> list[str]:
    """Return the range of a text. Its bytes in UTF-8, which engines compare, have the order of its characters."""
    if value is None:
        return []
    parts = [] if test.low is None else [f"{value} {'>=' if test.with_low else '>'} {to.add(test.low)}"]
    if test.high is not None:
        parts.append(f"{value} {'<=' if test.with_high else '<'} {to.add(test.high)}")
    return [" AND ".join(parts)]


def _range(value: str | None, lowest: float | None, highest: float | None, to: _Writer) -> list[str]:
    if value is None:
        return []
    parts = [] if lowest is None else [f"{value} >= {to.add(lowest)}"]
    return [" AND ".join(parts if highest is None else [*parts, f"{value} <= {to.add(highest)}"])]


def _contains(test: Contains, element: Element, to: _Writer) -> list[str]:
    return [to.dialect.contains(element.folded, to.add(test.folded))] if element.folded else []


def _begins(test: Begins, element: Element, to: _Writer) -> list[str]:
    return [f"starts_with({element.folded}, {to.add(test.folded)})"] if element.folded else []


def _during(test: During, element: Element, to: _Writer) -> list[str]:
    return [
        *_range(element.instant, test.window.start, test.window.end - 1, to),
        *_range(element.day, test.first, test.last, to),
    ]


def _anniversary(test: Anniversary, element: Element, to: _Writer) -> list[str]:
    found = []
    if element.instant is not None:
        starts, ends = _days_of_years(test.days, test.time_zone)
        found.append(to.dialect.yearly(element.instant, starts, ends, to.add))
    if element.day is not None:
        found.append(to.dialect.one_of(to.add(sorted(test.days)), f"{element.day} % 10000"))
    return found


@functools.lru_cache(maxsize=64)
def _days_of_years(days_of_year: frozenset[int], time_zone: str) -> tuple[list[Instant], list[Instant]]:
    """Return when these days begin in each year, and when they end; a year without one has an end before its start."""
    starts, ends = [], []
    for year in range(segment.FIRST_YEAR, segment.LAST_YEAR + 1):
        found = [day for day in map(date.fromordinal, _ordinals(year)) if day_of_year(day) in days_of_year]
        starts.append(days.start_of(found[0], time_zone) if found else 0)
        ends.append(days.start_of(date.fromordinal(found[-1].toordinal() + 1), time_zone) if found else 0)
    return starts, ends


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())


_PREDICATES: Final[Mapping[type, Callable[[Any, Element, _Writer], list[str]]]] = {
    OneOf: _one_of,
    Between: _between,
    Contains: _contains,
    Begins: _begins,
    During: _during,
    Anniversary: _anniversary,
}
