"""The Lambda handler of the sweeps of search: a rule asks for each of them on its schedule."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.search.sweeps import erasures, orphans, wakes
from shared.messaging import handling
from shared.messaging.timers import Invocation

_SWEEPS: Final[Mapping[str, Callable[[Callable[[], bool]], int]]] = {
    "wake": wakes.run,
    "remove_orphans": orphans.run,
    "erase": erasures.run,
}
# For what is under way when the time ends: a page of objects to remove takes as long.
_KEPT_MILLISECONDS: Final = 15_000


def handler(event: Mapping[str, Any], context: Invocation) -> dict[str, int]:
    """Sweep what the `action` of the event names; answers how much was found."""
    action = event["action"]
    with handling.of_run(context, action=action):
        found = _SWEEPS[action](lambda: context.get_remaining_time_in_millis() > _KEPT_MILLISECONDS)
    return {"found": found}
