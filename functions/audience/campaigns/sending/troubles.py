"""When a campaign goes so wrong that it is paused by itself. Pure."""

from collections.abc import Mapping
from typing import Final

_WINDOW: Final = 100
_MOST_ERRORS: Final = 0.5
_ENOUGH: Final = 500
_MOST_BOUNCES: Final = 0.05
_MOST_COMPLAINTS: Final = 0.003
_ERRORS: Final = ("failed", "unknown")
_REACHED: Final = ("sent", "delivered", "opened", "clicked", "bounced")
_BESIDE: Final = ("complained",)


class Watch:
    """What has been heard of the counters of a campaign, so that the last hundred outcomes can be told.

    `accepted` is what they were when somebody resumed it, who took that for good enough.
    """

    def __init__(self, accepted: Mapping[str, int]) -> None:
        self._accepted = accepted
        self._heard: list[tuple[int, int]] = []

    def reason(self, totals: Mapping[str, int]) -> str | None:
        """Return why the campaign should pause, None if it should go on."""
        since_then = {
            each: totals.get(each, 0) - self._accepted.get(each, 0) for each in (*_ERRORS, *_REACHED, *_BESIDE)
        }
        errors = sum(since_then[each] for each in _ERRORS)
        outcomes = errors + sum(since_then[each] for each in _REACHED)
        earlier = [each for each in self._heard if each[0] <= outcomes - _WINDOW]
        # Nothing had been sent before the first: so the first hundred are a window too.
        since = earlier[-1] if earlier else (0, 0)
        self._heard.append((outcomes, errors))
        window = outcomes - since[0]
        if window >= _WINDOW and errors - since[1] > _MOST_ERRORS * window:
            return "too_many_errors"
        return _of_receipts(since_then, outcomes)


def _of_receipts(totals: Mapping[str, int], outcomes: int) -> str | None:
    if outcomes < _ENOUGH:
        return None
    if totals.get("bounced", 0) > _MOST_BOUNCES * outcomes:
        return "too_many_bounces"
    return "too_many_complaints" if totals.get("complained", 0) > _MOST_COMPLAINTS * outcomes else None
