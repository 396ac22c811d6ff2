"""What conditions of dependencies may name: the milestone that depends, its prerequisite, and their project. Pure.

There are no amounts: a condition would tell those who may not see one how large it is.
"""

from collections.abc import Mapping
from typing import Any, Final

from shared.conditions.expressions import Names

_MILESTONE: Final[Names] = {
    "kind": "text",
    "priority": "text",
    "status": "text",
    "progress": "number",
    "weight": "number",
    "attempt": "number",
    "start_on": "date",
    "due_on": "date",
}
_PROJECT: Final[Names] = {"currency": "text", "status": "text", "time_zone": "text"}

NAMES: Final[Names] = {"milestone": _MILESTONE, "prerequisite": _MILESTONE, "project": _PROJECT}
"""The variables of a condition, beside `now`."""


def of(milestone: Any, prerequisite: Any, project: Any) -> dict[str, Mapping[str, Any]]:
    """Return the values of the variables for three records that have these fields."""
    return {
        "milestone": {name: getattr(milestone, name) for name in _MILESTONE},
        "prerequisite": {name: getattr(prerequisite, name) for name in _MILESTONE},
        "project": {name: getattr(project, name) for name in _PROJECT},
    }
