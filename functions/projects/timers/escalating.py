"""How escalations are raised that nobody raises, once for each cause, and resolved when the cause is gone.

One that is open stands for other causes of its kind that come meanwhile, and is resolved when the last of them is gone.
"""

from collections.abc import Sequence
from typing import Final

from functions.projects import escalations, open_escalations
from functions.projects.escalation import commands, raising
from functions.projects.escalation.opening import Opened
from functions.projects.escalations import Escalation
from functions.projects.timers import causes
from functions.projects.timers.causes import Cause
from functions.projects.timers.seeing import Seen
from shared import clock, ids
from shared.clock import Instant
from shared.storage.writes import Write

_OVER: Final = "What had raised it is over."


def due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes of the next escalation that is to be raised or resolved by itself, none if there is none."""
    standing = causes.all_of(seen, now)
    keys = {each.key for each in standing}
    known = seen.opened.escalations.causes
    lasting = [each.key for each in standing if each.key in known]
    over = _over(seen, keys)
    if over is not None:
        left = next((each for each in standing if each.key in over.stands_for), None)
        return _resolved(seen, over, lasting, now) if left is None else _passed_on(seen, over, left, lasting, now)
    new = [each for each in standing if each.key not in known and not causes.waits(each, seen)]
    if new:
        return _raised(seen, new[0], lasting, now)
    # People have resolved what a cause had raised before it was gone: it may return.
    is_gone = len(lasting) < len(known)
    return [open_escalations.knowing(seen.partition, seen.opened.escalations, lasting)] if is_gone else []


def _raised(seen: Seen, cause: Cause, known: Sequence[str], now: Instant) -> list[Write]:
    """Return the writes by which a cause is known, and escalated unless an escalation of its kind is open."""
    opened, keys, kind = seen.opened, [*known, cause.key], cause.kind
    if cause.blocks_work:
        kind = opened.escalations.free(kind) or kind
    if kind in opened.escalations.by_kind:
        return [open_escalations.knowing(seen.partition, opened.escalations, keys), *_joined(seen, cause, known, now)]
    fields = {
        "kind": kind,
        "severity": cause.severity,
        "reason_code": cause.reason_code,
        "details": cause.details,
        "blocks_work": cause.blocks_work,
        "trigger": cause.trigger,
        "trigger_id": cause.trigger_id,
    }
    raised = raising.new(opened, ids.new(escalations.ID, at=now), fields, now)
    return raising.writes_of(opened, raised, now, causes=keys)


def _joined(seen: Seen, cause: Cause, known: Sequence[str], now: Instant) -> list[Write]:
    """Return the writes by which the open escalation of the kind stands for a cause as well.

    What people have raised ends when they say so. One that blocks work ends with what blocks it.
    """
    found = next((each for each in seen.escalations if each.kind == cause.kind), None)
    if found is None or found.trigger is None or found.blocks_work:
        return []
    others = [each for each in found.stands_for if each in known]
    return [_changed(seen, found, found._replace(stands_for=[*others, cause.key]), now)]


def _passed_on(seen: Seen, over: Escalation, cause: Cause, known: Sequence[str], now: Instant) -> list[Write]:
    """Return the writes by which an escalation whose cause is gone is about another one that it stands for."""
    others = [each for each in over.stands_for if each in known and each != cause.key]
    after = over._replace(trigger=cause.trigger, trigger_id=cause.trigger_id, stands_for=others)
    return [
        _changed(seen, over, after, now),
        open_escalations.knowing(seen.partition, seen.opened.escalations, known),
    ]


def _changed(seen: Seen, before: Escalation, after: Escalation, now: Instant) -> Write:
    new = after._replace(version=before.version + 1, updated_at=clock.to_rfc3339(now))
    return escalations.changed(seen.partition, before, new)


def _over(seen: Seen, standing: set[str]) -> Escalation | None:
    """Return an open escalation whose cause is gone, None if there is none."""
    raised = [each for each in seen.escalations if each.trigger is not None and each.is_open]
    return next((each for each in raised if each.cause not in standing), None)


def _resolved(seen: Seen, over: Escalation, lasting: Sequence[str], now: Instant) -> list[Write]:
    """Return the writes by which an escalation is over, and causes that are gone are known no more: they may return."""
    known = seen.opened.escalations._replace(causes=[*lasting])
    opened = Opened(over, seen.opened._replace(escalations=known))
    change = commands.moved(opened, "resolve", now, by=escalations.SYSTEM, reason=_OVER)
    return commands.writes_of(opened, change, now)
