"""Whether a layer applies to what is under review: a condition of its policy, judged when it would open. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from shared.conditions import conditions
from shared.conditions.errors import ExpressionError
from shared.conditions.expressions import Names
from shared.instants import Instant

_MILESTONE: Final[Names] = {
    "kind": "text",
    "priority": "text",
    "weight": "number",
    "attempt": "number",
    "start_on": "date",
    "due_on": "date",
    "estimated_hours": "number",
    "actual_hours": "number",
    "amount_minor_units": "number",
    "currency": "text",
    "tags": "list",
    "metadata": "map",
    "custom_fields": "map",
}
_AMOUNTS: Final = frozenset({"milestone.amount_minor_units", "milestone.currency"})

NAMES: Final[Names] = {"milestone": _MILESTONE, "evidence": {"count": "number"}}
"""The variables of the condition, beside `now`; `evidence.count` is how many pieces are there."""


def tells_amounts(condition: str) -> bool:
    """Return whether a condition names the amount, which not everybody may see. Raises ExpressionError."""
    return bool(_AMOUNTS & conditions.read(condition, NAMES).reads)


def facts(milestone: Any, count: int) -> dict[str, Mapping[str, Any]]:
    """Return the values of the variables for the record of a milestone with so many pieces of evidence."""
    return {"milestone": {name: getattr(milestone, name) for name in _MILESTONE}, "evidence": {"count": count}}


def applies(condition: str | None, values: Mapping[str, Any], now: Instant) -> bool:
    """Return whether a layer applies; one whose condition has no value here applies, so that nothing is skipped."""
    if condition is None:
        return True
    try:
        return conditions.holds(conditions.read(condition, NAMES), values, now=now)
    except ExpressionError:
        return True
