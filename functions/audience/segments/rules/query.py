"""A rule as a condition of SQL over the columns of leads; it must match exactly the leads of `segment.py`.

DuckDB and Athena get theirs from this one writer, which differs by their dialect only.

Everything that a rule says is a parameter. SQL has three truth values and rules two: each leaf is false where SQL knows
no answer, so that NOT is the complement. Pure.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules import columns, predicate
from functions.audience.segments.rules.dialects import DUCKDB, Dialect
from functions.audience.segments.rules.form import (
    Attribute,
    Begins,
    Campaign,
    Consent,
    Contains,
    Either,
    IsSet,
    Leaf,
    Metadata,
    Node,
    Not,
    Orders,
    Test,
)
from functions.audience.segments.rules.predicate import Element


class Condition(NamedTuple):
    """A condition, and the values of its parameters: `$1` is the first."""

    sql: str
    parameters: Sequence[Any]


def of(node: Node, dialect: Dialect = DUCKDB) -> Condition:
    """Return the condition that the leads of a rule satisfy."""
    writer = _Writer(dialect)
    return Condition(writer.node(node, _of_lead), writer.parameters)


class _Source(NamedTuple):
    """Where a test finds its values: one expression, or the elements of a list."""

    is_set: str
    element: Element
    several: str | None = None


Attributes = Callable[[Attribute, Test, str, Dialect], _Source]
"""What finds an attribute for a test, given a name for the elements of a list."""


class _Writer:
    """Writes one condition, and collects its parameters."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.parameters: list[Any] = []
        self._names = 0

    def node(self, node: Node, attributes: Attributes) -> str:
        if isinstance(node, Leaf):
            return self._leaf(node, attributes)
        if isinstance(node, Not):
            return f"(NOT {self.node(node.part, attributes)})"
        parts = [self.node(each, attributes) for each in node.parts]
        return f"({(' OR ' if isinstance(node, Either) else ' AND ').join(parts)})" if parts else "true"

    def _leaf(self, leaf: Leaf, attributes: Attributes) -> str:
        name, first = self._name(), len(self.parameters)
        if isinstance(leaf.subject, Attribute):
            source = attributes(leaf.subject, leaf.test, name, self.dialect)
        else:
            source = _SOURCES[type(leaf.subject)](self, leaf.subject, name)
        if isinstance(leaf.test, IsSet):
            found = source.is_set
        else:
            found = predicate.of(leaf.test, source.element, self.dialect, self._add)
        if found == predicate.NEVER:
            # Engines refuse parameters that their SQL does not name.
            del self.parameters[first:]
        elif source.several is not None and not isinstance(leaf.test, IsSet):
            satisfying = self.dialect.kept(source.several, name, f"COALESCE({found}, false)")
            found = f"{self.dialect.size(satisfying)} > 0"
        return f"({'NOT ' if leaf.is_negated else ''}COALESCE({found}, false))"

    def metadata(self, subject: Metadata, name: str) -> _Source:
        value = self.dialect.entry("metadata", self._add(".".join(subject.keys)))
        element = Element(
            text=f"{name}.text",
            folded=f"{name}.folded",
            double=f"{name}.number",
            truth=f"{name}.truth",
            instant=f"{name}.instant",
            day=f"{name}.day",
        )
        return _Source(f"{value} IS NOT NULL", element, several=value)

    def consent(self, subject: Consent, _: str) -> _Source:
        return _text(self.dialect.entry("consent", self._add(subject.subject)), None)

    def campaign(self, subject: Campaign, name: str) -> _Source:
        if subject.campaign_id is not None:
            message = self.dialect.entry("campaigns", self._add(subject.campaign_id))
            return _instant(f"{message}.{subject.happening}")
        happened = self.dialect.each("map_values(campaigns)", name, f"{name}.{subject.happening}")
        there = self.dialect.kept(happened, name, f"{name} IS NOT NULL")
        return _Source(f"{self.dialect.size(there)} > 0", Element(instant=name), several=happened)

    def orders(self, subject: Orders, name: str) -> _Source:
        wanted = []
        if subject.window is not None:
            start, end = self._add(subject.window.start), self._add(subject.window.end)
            wanted.append(f"{name}.ordered_at >= {start} AND {name}.ordered_at < {end}")
        if subject.where is not None:
            wanted.append(self.node(subject.where, functools.partial(_of_order, name)))
        orders = self.dialect.kept("orders", name, " AND ".join(wanted))
        if subject.measure == "count":
            return _whole(f"COALESCE({self.dialect.size(orders)}, 0)")
        if subject.measure == "sum":
            amounts = self.dialect.each(orders, name, f"{name}.amount")
            return _whole(f"COALESCE({self.dialect.total(amounts)}, 0)")
        return _instant(self.dialect.latest(self.dialect.each(orders, name, f"{name}.ordered_at")))

    def _name(self) -> str:
        self._names += 1
        return f"x{self._names}"

    def _add(self, value: Any) -> str:
        self.parameters.append(value)
        return f"${len(self.parameters)}"


_SOURCES: Final[Mapping[type, Callable[[_Writer, Any, str], _Source]]] = {
    Metadata: _Writer.metadata,
    Consent: _Writer.consent,
    Campaign: _Writer.campaign,
    Orders: _Writer.orders,
}


def _of_lead(attribute: Attribute, test: Test, name: str, dialect: Dialect) -> _Source:
    column = attribute.name
    if column in columns.LISTS:
        return _texts(column, test, name, dialect)
    if attribute.kind == "text":
        return _text(column, f"{column}_folded")
    return _whole(column) if attribute.kind == "number" else _instant(column)


def _of_order(order: str, attribute: Attribute, test: Test, name: str, dialect: Dialect) -> _Source:
    if attribute.kind == "text":
        return _texts(f"{order}.skus", test, name, dialect)
    return _whole(f"{order}.amount") if attribute.kind == "number" else _instant(f"{order}.ordered_at")


def _texts(column: str, test: Test, name: str, dialect: Dialect) -> _Source:
    is_folded = isinstance(test, Contains | Begins)
    element = Element(folded=name) if is_folded else Element(text=name)
    return _Source(f"{dialect.size(column)} > 0", element, several=f"{column}_folded" if is_folded else column)


def _text(column: str, folded: str | None) -> _Source:
    return _Source(f"{column} IS NOT NULL", Element(text=column, folded=folded or column))


def _whole(expression: str) -> _Source:
    return _Source(f"{expression} IS NOT NULL", Element(whole=expression))


def _instant(expression: str) -> _Source:
    return _Source(f"{expression} IS NOT NULL", Element(instant=expression))
