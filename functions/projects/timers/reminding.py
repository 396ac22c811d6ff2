"""How people are reminded of a layer that waits for them, at half of its time and at four fifths."""

from functions.projects.layers import clocks, layers
from functions.projects.layers.layers import MOST_CONCERNED, Layer
from functions.projects.milestones import happenings, submitting
from functions.projects.timers.seeing import Seen
from shared.clock import Instant
from shared.storage.writes import Write


def due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes of the next reminder that is due, none if there is none.

    Several that have become due are one, and none is sent when the layer itself is due.
    """
    for layer in seen.layers:
        at = clocks.next_reminder(layer)
        if at is not None and at <= now:
            return _reminded(seen, layer, now)
    return []


def _reminded(seen: Seen, layer: Layer, now: Instant) -> list[Write]:
    after = clocks.reminded(layer, now)
    written: list[Write] = [layers.changed(seen.partition, layer, after)]
    if clocks.is_due(layer, now):
        return written
    awaited, more = submitting.concerned(after.awaited), {"due_at": layer.due_at}
    first, named = awaited[:MOST_CONCERNED], {**submitting.named_in_events(after), **more}
    written += submitting.told("reminded", after, seen.milestone, now, more=more, concerns=first)
    for start in range(MOST_CONCERNED, len(awaited), MOST_CONCERNED):
        some = awaited[start : start + MOST_CONCERNED]
        told = happenings.announced("reminded", seen.milestone, now, noun="layer", more=named, concerns=some)
        written.append(told)
    return written
