"""Until when somebody is to see to an escalation, and to resolve it, at each of its levels. Pure.

A level begins when the one before has run out, however late that is noticed.
"""

from collections.abc import Mapping
from typing import Final

from functions.projects.escalations import Escalation, Severity
from shared.instants import SECOND, Instant, from_stored, to_rfc3339

HOURS: Final[Mapping[Severity, int]] = {"critical": 4, "high": 24, "medium": 48, "low": 72}
"""How many hours there are to resolve an escalation, by its severity."""
LAST_LEVEL: Final = 2
"""The first level tells the primary owner of the milestone, the last one the managers of its project."""
_HOUR: Final = 3600 * SECOND
_RESPONSES: Final = 4
"""Somebody is to see to an escalation within this part of its time."""


def due(severity: Severity, raised: Instant) -> Instant:
    """Return until when an escalation that is raised at an instant is to be resolved."""
    return raised + HOURS[severity] * _HOUR


def respond_by(severity: Severity, raised: Instant, *, has_somebody: bool) -> Instant:
    """Return until when somebody is to see to an escalation; at once passes on a level that has nobody."""
    return raised + HOURS[severity] * _HOUR // _RESPONSES if has_somebody else raised


def restarted(escalation: Escalation, now: Instant) -> Escalation:
    """Return an escalation whose level begins now; one that somebody sees to already waits for nobody."""
    waits = escalation.status == "pending"
    response = to_rfc3339(respond_by(escalation.severity, now, has_somebody=True)) if waits else None
    return escalation._replace(due_at=to_rfc3339(due(escalation.severity, now)), respond_by=response)


def rises_at(escalation: Escalation) -> Instant | None:
    """Return when an escalation goes to the next level by itself; None at the last one, and once it is over."""
    if not escalation.is_open or escalation.level >= LAST_LEVEL:
        return None
    response = escalation.respond_by if escalation.status == "pending" else None
    return min(from_stored(each) for each in (escalation.due_at, response) if each is not None)
