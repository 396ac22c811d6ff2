"""Whether a document fits its collection: each value is of the type of its field before the engine sees it.

What the schema does not name is stored and answered, and not searched.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from functions.search.collections.fields import ID, Field
from shared import instants
from shared.errors import FieldError

MAX_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 10
MAX_VALUES: Final = 1000
MAX_COUNTED_BYTES: Final = 1000
"""What a value may have that is counted or sorted by: the engine compares it whole."""
LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1

ID_PATTERN: Final = r"^[A-Za-z0-9_.:~-]{1,128}$"
"""What an id may be: it is part of a key and of a path."""

_ID: Final = re.compile(ID_PATTERN, re.ASCII)


def is_id(text: str) -> bool:
    """Return whether a document may have this id."""
    return _ID.fullmatch(text) is not None


def errors(fields: Sequence[Field], document: Mapping[str, Any]) -> list[FieldError]:
    """Return why a document does not fit the fields, nothing for one that does."""
    unfit = _unfit(document)
    if unfit is not None:
        return [{"field": "document", "reason": unfit}]
    return [{"field": f"document.{name}", "reason": reason} for name, reason in faults(fields, document)]


def faults(fields: Sequence[Field], document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the names of the fields that a document has other values in, each with the reason."""
    for field in fields:
        reason = _reason(field, document.get(field.name))
        if reason is not None and field.name != ID:
            yield field.name, reason


def number_of(field: Field, value: Any) -> int | float:
    """Return a value that is no text as the engine compares it: instants in milliseconds, truth as 0 and 1."""
    if field.type == "datetime":
        return instants.from_rfc3339(value)
    if field.type == "float":
        # There is one zero: -0.0 is equal to it, and has other bits.
        return float(value) + 0.0
    return int(value)


def text(document: Mapping[str, Any]) -> str:
    """Return a document as the table keeps it."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _unfit(document: Mapping[str, Any]) -> str | None:
    """Return why a document cannot be stored, whatever its fields are."""
    if _is_deep(document):
        return f"must not be nested more than {MAX_DEPTH} levels deep"
    try:
        size = len(text(document).encode())
    except UnicodeEncodeError:
        return "must not hold half of a character (a lone surrogate)"
    except ValueError:
        return "must not hold NaN or an infinite number"
    return f"must have at most {MAX_BYTES} bytes of JSON" if size > MAX_BYTES else None


def _is_deep(document: Mapping[str, Any]) -> bool:
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        inside = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [each for values in inside for each in values if isinstance(each, (dict, list))]
        if not level:
            return False
    return True


def _reason(field: Field, value: Any) -> str | None:
    if value is None:
        return None if field.optional else "is missing; give it, or make the field optional"
    reason = _REASONS[field.type](value)
    if reason is None and field.is_text and (field.facet or field.sort):
        return _uncountable(value)
    return reason


def _uncountable(value: Any) -> str | None:
    longest = max((len(each.encode()) for each in ([value] if isinstance(value, str) else value)), default=0)
    reason = f"must have at most {MAX_COUNTED_BYTES} bytes in a field with facets or that is sorted by"
    return reason if longest > MAX_COUNTED_BYTES else None


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be a text"


def _texts(value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return "must be a list of texts"
    return f"must have at most {MAX_VALUES} texts" if len(value) > MAX_VALUES else None


def _whole(value: Any) -> str | None:
    if type(value) is int and LOWEST <= value <= HIGHEST:
        return None
    return "must be a whole number from -2^63 to 2^63 - 1, written without a fraction"


def _number(value: Any) -> str | None:
    try:
        is_finite = type(value) in {int, float} and math.isfinite(float(value))
    except OverflowError:
        is_finite = False
    return None if is_finite else "must be a finite number"


def _truth(value: Any) -> str | None:
    return None if type(value) is bool else "must be true or false"


def _instant(value: Any) -> str | None:
    try:
        # What lies outside the years 1 to 9999 once it is in UTC could not be written again.
        instants.to_rfc3339(instants.from_rfc3339(value if isinstance(value, str) else ""))
    except (ValueError, OverflowError):
        return "must be an RFC 3339 timestamp with an offset, e.g. 2026-01-31T09:30:00Z"
    return None


_REASONS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "string": _text,
    "string[]": _texts,
    "int64": _whole,
    "float": _number,
    "bool": _truth,
    "datetime": _instant,
}
