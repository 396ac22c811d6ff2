"""Conditions: expressions that are true or false. Pure.

What is missing or null is an error, never false. `and` and `or` stop at the operand that decides.
"""

from collections.abc import Mapping
from typing import Any

from shared.conditions import expressions
from shared.conditions.errors import KindMismatch
from shared.conditions.expressions import Expression, Names
from shared.instants import Instant


def read(text: str, names: Names) -> Expression:
    """Return the condition of a text over declared names.

    Raises NotReadable, TooLarge, NameUnknown, KindMismatch: also for an expression that is neither true nor false.
    """
    found = expressions.read(text, names)
    if found.kind not in ("boolean", "any"):
        raise KindMismatch(found.part.position, "A condition is true or false. Compare the value with another")
    return found


def holds(condition: Expression, values: Mapping[str, Any], *, now: Instant, time_zone: str = "UTC") -> bool:
    """Return whether a condition is true over plain JSON values. Raises KindMismatch, ValueMissing, NotComputable."""
    value = condition.value(values, now=now, time_zone=time_zone)
    if not isinstance(value, bool):
        raise KindMismatch(condition.part.position, "The value is neither true nor false")
    return value
