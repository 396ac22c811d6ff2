"""When a layer is due, and when its people are reminded of it. Pure.

Hours of a layer are those that pass, or business hours of its project. They stop while its milestone is escalated.
"""

from collections.abc import Sequence
from typing import Final

from functions.projects.layers.layers import Layer
from functions.projects.layers.policy import Rule
from shared import instants
from shared.calendars import business_hours
from shared.calendars.business_hours import Hours
from shared.instants import SECOND, Instant

_HOUR: Final = 3600 * SECOND
_REMINDED_AT: Final = (50, 80)
"""At how many percent of their time people are reminded."""


def started(layer: Layer, hours: Hours | None, now: Instant) -> Layer:
    """Return a layer whose hours begin now. `hours` are the business hours of its project."""
    rule, span = layer.policy, layer.policy.due_hours * _HOUR
    reminded = [_after(rule, hours, now, span * percent // 100) for percent in _REMINDED_AT]
    return layer._replace(opened_at=_text(now), due_at=_after(rule, hours, now, span), remind_at=reminded)


def resumed(layer: Layer, hours: Hours | None, paused: Instant, now: Instant) -> Layer:
    """Return an open layer whose hours go on now, after they have stopped at an instant or when it opened."""
    if layer.opened_at is None or layer.due_at is None:
        return layer
    counted = hours if layer.policy.calendar == "business" else None
    paused = max(paused, instants.from_stored(layer.opened_at))
    due, *reminded = [
        _text(business_hours.resumed(counted, instants.from_stored(each), paused, now))
        for each in (layer.due_at, *layer.remind_at)
    ]
    return layer._replace(due_at=due, remind_at=reminded)


def reminded(layer: Layer, now: Instant) -> Layer:
    """Return a layer whose people have been reminded by now."""
    return layer._replace(remind_at=[each for each in layer.remind_at if each > _text(now)])


def is_due(layer: Layer, now: Instant) -> bool:
    """Return whether an open layer should have been decided by now."""
    at = due_at(layer)
    return at is not None and at <= now


def due_at(layer: Layer) -> Instant | None:
    """Return when an open layer is due, None for one that is not open."""
    return None if layer.status != "open" or layer.due_at is None else instants.from_stored(layer.due_at)


def next_reminder(layer: Layer) -> Instant | None:
    """Return when the people of an open layer are to be reminded next, None if never."""
    return _first(layer.remind_at) if layer.status == "open" else None


def _first(texts: Sequence[str]) -> Instant | None:
    return min((instants.from_stored(each) for each in texts), default=None)


def _after(rule: Rule, hours: Hours | None, since: Instant, span: int) -> str:
    return _text(business_hours.after(hours if rule.calendar == "business" else None, since, span))


def _text(at: Instant) -> str:
    return instants.to_rfc3339(at)
