"""What an operator and its value test, for a field of a type. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules import literals, text
from functions.audience.segments.rules.dates import Today
from functions.audience.segments.rules.form import Anniversary, Begins, Between, Contains, IsSet, OneOf, Test
from functions.audience.segments.rules.literals import Reader, Unfit
from functions.audience.segments.rules.subjects import Type


class _Asked(NamedTuple):
    """A value of a rule, the type of the field beside it, and what reads it."""

    type: Type
    raw: Any
    reader: Reader
    today: Today


class Tested(NamedTuple):
    """A test, and whether it is the leads that fail it which match."""

    test: Test
    is_negated: bool


def read(operator: str, its_type: Type, raw: Any, reader: Reader, today: Today) -> Tested:
    """Return what is tested. Raises Unfit for a value that does not fit the operator or the type."""
    if raw is None:
        return Tested(IsSet(), is_negated=_is_unset(operator))
    if operator in _SETTING:
        raise Unfit("TYPE_MISMATCH", f"{operator} takes no value")
    return Tested(_TESTS[operator](_Asked(its_type, raw, reader, today)), is_negated=operator in _NEGATED)


_SETTING: Final = {"IS_SET": False, "IS_NOT_SET": True}
_BY_NULL: Final = {**_SETTING, "!=": False, "=": True}
_NEGATED: Final = frozenset({"!=", "NOT_IN", "NOT_CONTAINS"})


def _is_unset(operator: str) -> bool:
    """Return whether an operator without a value asks for leads in which the field is not set."""
    if operator not in _BY_NULL:
        raise Unfit("TYPE_MISMATCH", "null goes with = and != only")
    return _BY_NULL[operator]


def _equal(asked: _Asked) -> Test:
    if asked.type == "texts" and isinstance(asked.raw, list):
        return _one_of(asked)
    return OneOf(frozenset({asked.reader.one(asked.type, asked.raw)}))


def _one_of(asked: _Asked) -> Test:
    return OneOf(frozenset(asked.reader.several(asked.type, asked.raw)))


def _between(asked: _Asked) -> Test:
    low, high = asked.reader.ends(asked.type, asked.raw)
    return Between(low.kind, low.value, high.value)


def _above(asked: _Asked, *, with_end: bool) -> Test:
    end = asked.reader.end(asked.type, asked.raw)
    return Between(end.kind, end.value, None, with_low=with_end)


def _below(asked: _Asked, *, with_end: bool) -> Test:
    end = asked.reader.end(asked.type, asked.raw)
    return Between(end.kind, None, end.value, with_high=with_end)


def _contains(asked: _Asked) -> Test:
    return Contains(text.fold(literals.words(asked.raw)))


def _begins(asked: _Asked) -> Test:
    return Begins(text.fold(literals.words(asked.raw)))


def _on(asked: _Asked) -> Test:
    return _dated(asked.today.whole_day, asked.raw)


def _within(asked: _Asked) -> Test:
    return _dated(asked.today.since, asked.raw)


def _dated(read_date: Callable[[str], Test], raw: Any) -> Test:
    written = literals.words(raw)
    try:
        return read_date(written)
    except ValueError as error:
        raise Unfit("INVALID_DATE", str(error)) from error


def _anniversary(asked: _Asked) -> Test:
    days = asked.today.days_of_year(literals.days_later(asked.raw))
    return Anniversary(days, asked.today.time_zone)


_TESTS: Final[Mapping[str, Callable[[_Asked], Test]]] = {
    "=": _equal,
    "!=": _equal,
    "IN": _one_of,
    "NOT_IN": _one_of,
    ">": lambda asked: _above(asked, with_end=False),
    ">=": lambda asked: _above(asked, with_end=True),
    "<": lambda asked: _below(asked, with_end=False),
    "<=": lambda asked: _below(asked, with_end=True),
    "BETWEEN": _between,
    "CONTAINS": _contains,
    "NOT_CONTAINS": _contains,
    "BEGINS_WITH": _begins,
    "ON": _on,
    "WITHIN": _within,
    "ANNIVERSARY": _anniversary,
}
