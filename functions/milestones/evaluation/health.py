"""Whether this context is well: its storage answers, and the evaluator is where it should be."""

import time
from typing import Any, Final

from functions.milestones import lookups
from functions.milestones.evaluation import client
from shared import clock
from shared.errors import Unavailable
from shared.storage import table

SERVICE: Final = "milepost-milestones"
_SECONDS = 1.0
# Anybody may ask, and nobody may make us ask the evaluator more often than that.
_KEPT_SECONDS = 10.0

_known: list[tuple[float, str]] = []


def look() -> dict[str, Any]:
    """Return the state of the context: `degraded` when the evaluator is away. Raises Unavailable with the table."""
    # Any key will do: what is asked is whether there is an answer.
    table.get(lookups.key("health"))
    found = _evaluator()
    return {
        "status": "degraded" if found == "unreachable" else "healthy",
        "service": SERVICE,
        "storage": "dynamodb",
        "evaluator": found,
        "timestamp": clock.to_rfc3339(clock.now()),
    }


def forget() -> None:
    """Let go of what was found."""
    _known.clear()


def _evaluator() -> str:
    now = time.monotonic()
    if not _known or now >= _known[0][0] + _KEPT_SECONDS:
        _known[:] = [(now, _asked())]
    return _known[0][1]


def _asked() -> str:
    try:
        if not client.is_configured():
            return "not configured"
        return "reachable" if client.is_reachable(seconds=_SECONDS) else "unreachable"
    except Unavailable:
        return "unreachable"
