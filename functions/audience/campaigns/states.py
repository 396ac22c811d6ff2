"""Which state of a campaign may follow which. Pure."""

from collections.abc import Mapping
from typing import Final, Literal

Status = Literal["draft", "scheduled", "preparing", "running", "paused", "completed", "cancelled", "failed"]

OVER: Final = frozenset[Status]({"completed", "cancelled", "failed"})
"""After these nothing is sent any more, and nothing changes."""
EDITABLE: Final = frozenset[Status]({"draft", "scheduled"})
"""In these a campaign may be changed; preparing freezes it."""

_FOLLOWING: Final[Mapping[Status, frozenset[Status]]] = {
    "draft": frozenset({"scheduled", "preparing", "cancelled"}),
    "scheduled": frozenset({"preparing", "cancelled", "failed"}),
    "preparing": frozenset({"running", "cancelled", "failed"}),
    "running": frozenset({"paused", "completed", "cancelled"}),
    "paused": frozenset({"running", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
    "failed": frozenset(),
}


def may_follow(before: Status, after: Status) -> bool:
    """Return whether a campaign in one state may come into the other."""
    return after in _FOLLOWING[before]
