"""What an address answers against what a probe expects. Pure.

A value is compared with one of its own kind: a text `"5"` is not the number 5, and the number 5.0 is.
Patterns are those of RE2, which takes a time that grows with the text alone.
"""

import json
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal

Comparison = Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "contains", "regex"]
Scalar = str | int | Decimal | bool | None

_PATTERN_BYTES: Final = 256 * 1024
"""What a compiled pattern may take."""
_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
ORDERED: Final = frozenset(_ORDERS)
"""The comparisons that take a number or a text."""


class NotComparable(ValueError):
    """What was answered is of a kind that the comparison does not take."""


def require_pattern(text: str) -> None:
    """Require that a text is a pattern of RE2. Raises ValueError."""
    _compiled(text)


def holds(comparison: Comparison, found: Any, expected: Any) -> bool:
    """Return whether what was found is as expected. Raises NotComparable."""
    match comparison:
        case "eq":
            return _is_same(found, expected)
        case "ne":
            return not _is_same(found, expected)
        case "in":
            return any(_is_same(found, each) for each in expected)
        case "contains":
            return _contains(found, expected)
        case "regex":
            return bool(_compiled(expected).search(_text(found)))
    _require_order(found, expected)
    return _ORDERS[comparison](found, expected)


def written(found: Any) -> str:
    """Return a value as JSON, of lists and maps only how many they hold."""
    match found:
        case dict():
            return f"{{{len(found)} members}}"
        case list():
            return f"[{len(found)} items]"
        case Decimal():
            return str(found)
    return json.dumps(found, ensure_ascii=False)


def _kind(value: Any) -> type:
    return Decimal if isinstance(value, int) and not isinstance(value, bool) else type(value)


def _is_same(found: Any, expected: Any) -> bool:
    """Return whether two values are of one kind and equal; a list or a map is nothing that is expected."""
    return _kind(found) is _kind(expected) and not isinstance(found, list | dict) and bool(found == expected)


def _contains(found: Any, expected: Any) -> bool:
    if isinstance(found, list):
        return any(_is_same(each, expected) for each in found)
    if isinstance(expected, str):
        return expected in _text(found)
    raise NotComparable


def _require_order(found: Any, expected: Any) -> None:
    if _kind(found) is not _kind(expected) or _kind(found) not in (Decimal, str):
        raise NotComparable


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise NotComparable
    return found


def _compiled(text: str) -> Any:
    # Few functions match anything: no cold start waits for it.
    import re2  # noqa: PLC0415

    options = re2.Options()
    options.max_mem = _PATTERN_BYTES
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise ValueError("must be a pattern of RE2: it has no look-around and no backreferences") from error
