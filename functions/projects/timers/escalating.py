"""How escalations are raised that nobody raises, once for each cause, and resolved when the cause is gone."""

from collections.abc import Sequence
from typing import Final

from functions.projects import escalations, open_escalations
from functions.projects.escalation import commands, raising
from functions.projects.escalation.opening import Opened
from functions.projects.escalations import Escalation
from functions.projects.timers import causes
from functions.projects.timers.causes import Cause
from functions.projects.timers.seeing import Seen
from shared import ids
from shared.clock import Instant
from shared.storage.writes import Write

_OVER: Final = "What had raised it is over."


def due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes of the next escalation that is to be raised or resolved by itself, none if there is none."""
    standing = causes.all_of(seen, now)
    keys = {each.key for each in standing}
    over = _over(seen, keys)
    if over is not None:
        return _resolved(seen, over, keys, now)
    known = seen.opened.escalations.causes
    lasting = [each.key for each in standing if each.key in known]
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
        return [open_escalations.knowing(seen.partition, opened.escalations, keys)]
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


def _over(seen: Seen, standing: set[str]) -> Escalation | None:
    """Return an open escalation whose cause is gone, None if there is none."""
    raised = [each for each in seen.escalations if each.trigger is not None and each.is_open]
    return next((each for each in raised if each.cause not in standing), None)


def _resolved(seen: Seen, over: Escalation, standing: set[str], now: Instant) -> list[Write]:
    """Return the writes by which an escalation is over, and causes that are gone are known no more: they may return."""
    before = seen.opened.escalations
    known = before._replace(causes=[each for each in before.causes if each in standing])
    opened = Opened(over, seen.opened._replace(escalations=known))
    change = commands.moved(opened, "resolve", now, by=escalations.SYSTEM, reason=_OVER)
    return commands.writes_of(opened, change, now)
