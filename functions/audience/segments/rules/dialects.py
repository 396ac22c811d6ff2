"""What SQL calls the same in different engines: DuckDB, and Trino, which Athena speaks. Pure.

Whatever is not here is written alike in both. `$1` is the first parameter everywhere; `statements.py` gives Athena its
question marks.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from functions.audience.segments.rules import segment

Add = Callable[[Any], str]
"""Adds a parameter and returns its name in SQL."""


class Dialect(Protocol):
    """How an engine writes what a rule asks for. Each method returns an expression of SQL."""

    def one_of(self, among: str, value: str) -> str:
        """Whether a list has a value."""

    def contains(self, text: str, part: str) -> str:
        """Whether a text has another one in it."""

    def entry(self, entries: str, key: str) -> str:
        """What a map has under a key, unknown if nothing."""

    def kept(self, elements: str, name: str, predicate: str) -> str:
        """The elements of a list for which a predicate holds."""

    def each(self, elements: str, name: str, expression: str) -> str:
        """What an expression makes of each element of a list."""

    def size(self, elements: str) -> str:
        """How many elements a list has."""

    def latest(self, elements: str) -> str:
        """The largest of a list of whole numbers, unknown if it is empty."""

    def total(self, elements: str) -> str:
        """The sum of a list of whole numbers."""

    def joined(self, texts: str) -> str:
        """The texts of a list, with a space between two of them."""

    def yearly(self, instant: str, starts: Sequence[int], ends: Sequence[int], add: Add) -> str:
        """Whether an instant is within a span of its year; the first year is `segment.FIRST_YEAR`."""


class _DuckDb:
    def one_of(self, among: str, value: str) -> str:
        return f"list_contains({among}, {value})"

    def contains(self, text: str, part: str) -> str:
        return f"contains({text}, {part})"

    def entry(self, entries: str, key: str) -> str:
        return f"{entries}[{key}]"

    def kept(self, elements: str, name: str, predicate: str) -> str:
        return f"list_filter({elements}, lambda {name}: {predicate})"

    def each(self, elements: str, name: str, expression: str) -> str:
        return f"list_transform({elements}, lambda {name}: {expression})"

    def size(self, elements: str) -> str:
        return f"len({elements})"

    def latest(self, elements: str) -> str:
        return f"list_max({elements})"

    def total(self, elements: str) -> str:
        return f"list_sum({elements})"

    def joined(self, texts: str) -> str:
        return f"array_to_string({texts}, ' ')"

    def yearly(self, instant: str, starts: Sequence[int], ends: Sequence[int], add: Add) -> str:
        """Look at the year of the instant in UTC, and at the two beside it."""
        first, last = add(starts), add(ends)
        # Lists begin with 1: that is the place of the year before.
        before = f"year(epoch_ms({instant})) - {segment.FIRST_YEAR}"
        return " OR ".join(
            f"COALESCE({instant} >= {first}[{before} + {later}] AND {instant} < {last}[{before} + {later}], false)"
            for later in (0, 1, 2)
        )


class _Trino:
    def one_of(self, among: str, value: str) -> str:
        return f"contains({among}, {value})"

    def contains(self, text: str, part: str) -> str:
        return f"strpos({text}, {part}) > 0"

    def entry(self, entries: str, key: str) -> str:
        # A subscript would fail for a key that is not there.
        return f"element_at({entries}, {key})"

    def kept(self, elements: str, name: str, predicate: str) -> str:
        return f"filter({elements}, {name} -> {predicate})"

    def each(self, elements: str, name: str, expression: str) -> str:
        return f"transform({elements}, {name} -> {expression})"

    def size(self, elements: str) -> str:
        return f"cardinality({elements})"

    def latest(self, elements: str) -> str:
        return f"array_max({elements})"

    def total(self, elements: str) -> str:
        # A sum of bigint may overflow, which fails the query.
        nothing = "CAST(0 AS DECIMAL(38, 0))"
        return f"reduce({elements}, {nothing}, (s, e) -> CAST(s + e AS DECIMAL(38, 0)), s -> s)"

    def joined(self, texts: str) -> str:
        return f"array_join({texts}, ' ')"

    def yearly(self, instant: str, starts: Sequence[int], ends: Sequence[int], add: Add) -> str:
        """Look at all years: what Athena charges for is what it reads."""
        spans = f"zip_with({add(starts)}, {add(ends)}, (s, e) -> {instant} >= s AND {instant} < e)"
        return f"contains({spans}, true)"


DUCKDB: Final[Dialect] = _DuckDb()
TRINO: Final[Dialect] = _Trino()
