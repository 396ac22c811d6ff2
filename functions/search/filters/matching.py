"""Whether a document fits a filter, by the document itself: the same that the engine finds, without an index."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from functions.search.collections import values
from functions.search.collections.fields import Field
from functions.search.engine import words
from functions.search.engine.asked import Between, Contains, Either, Every, Filter, Not, Whole

Document = Mapping[str, Any]


def fits(document: Document, condition: Filter, schema: Sequence[Field]) -> bool:
    """Return whether a document that was checked against the schema fits a filter."""
    return _CHECKS[type(condition)](document, condition, schema)


def _whole(document: Document, condition: Whole, schema: Sequence[Field]) -> bool:
    field = schema[condition.field]
    if field.is_text:
        asked = {unicodedata.normalize("NFC", str(each)) for each in condition.values}
        return any(unicodedata.normalize("NFC", text) in asked for text in _texts(document, field))
    found = _number(document, field)
    return found is not None and found in condition.values


def _contains(document: Document, condition: Contains, schema: Sequence[Field]) -> bool:
    asked = condition.words
    for text in _texts(document, schema[condition.field]):
        found = [{word.folded, word.spelled} for word in words.of(text)]
        for start in range(len(found) - len(asked) + 1):
            if all(word in there for word, there in zip(asked, found[start:], strict=False)):
                return True
    return False


def _between(document: Document, condition: Between, schema: Sequence[Field]) -> bool:
    found = _number(document, schema[condition.field])
    if found is None:
        return False
    low, high = condition.low, condition.high
    is_above = low is None or found > low or (condition.with_low and found == low)
    return is_above and (high is None or found < high or (condition.with_high and found == high))


def _not(document: Document, condition: Not, schema: Sequence[Field]) -> bool:
    return not fits(document, condition.part, schema)


def _every(document: Document, condition: Every, schema: Sequence[Field]) -> bool:
    return all(fits(document, part, schema) for part in condition.parts)


def _either(document: Document, condition: Either, schema: Sequence[Field]) -> bool:
    return any(fits(document, part, schema) for part in condition.parts)


def _texts(document: Document, field: Field) -> Iterator[str]:
    value = document.get(field.name)
    yield from [value] if isinstance(value, str) else value or []


def _number(document: Document, field: Field) -> int | float | None:
    value = document.get(field.name)
    return None if value is None else values.number_of(field, value)


_CHECKS: Final[Mapping[type, Callable[[Document, Any, Sequence[Field]], bool]]] = {
    Whole: _whole,
    Contains: _contains,
    Between: _between,
    Not: _not,
    Every: _every,
    Either: _either,
}
