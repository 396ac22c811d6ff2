"""Until when somebody is to see to an escalation, and to resolve it, at each of its levels. Pure.

A level begins when the one before has run out, however late that is noticed.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from functions.projects.escalation_policies import rule as rules
from functions.projects.escalation_policies.rule import Rule
from functions.projects.escalations import Escalation, Severity
from shared.calendars import business_hours
from shared.calendars.business_hours import Hours
from shared.instants import SECOND, Instant, from_stored, to_rfc3339

HOURS: Final[Mapping[Severity, int]] = {"critical": 4, "high": 24, "medium": 48, "low": 72}
"""How many hours there are to resolve an escalation, by its severity."""
_HOUR: Final = 3600 * SECOND
_RESPONSES: Final = 4
"""Somebody is to see to an escalation within this part of its time."""


def begun(escalation: Escalation, told: Sequence[str], rule: Rule, hours: Hours | None, now: Instant) -> Escalation:
    """Return an escalation whose level begins now, and tells these people.

    One that somebody sees to already waits for nobody; a level that tells nobody passes on at once. `hours` are the
    business hours that it counts, None for hours that pass.
    """
    span = HOURS[escalation.severity] * _HOUR
    waits = escalation.status == "pending"
    response = span // _RESPONSES if told else 0
    again = range(1, rule.repeats + 1) if waits and told else ()

    def after(milliseconds: int) -> str:
        return to_rfc3339(business_hours.after(hours, now, milliseconds) if milliseconds else now)

    return escalation._replace(
        due_at=after(span),
        respond_by=after(response) if waits else None,
        notified=[*told],
        remind_at=[after(response * each // (rule.repeats + 1)) for each in again],
    )


def acknowledged(escalation: Escalation, by: str, moment: str) -> Escalation:
    """Return an escalation that somebody sees to: nobody is waited for, and nobody told again."""
    return escalation._replace(acknowledged_by=by, acknowledged_at=moment, respond_by=None, notified=[], remind_at=[])


def reminded(escalation: Escalation, now: Instant) -> Escalation:
    """Return an escalation whose people have been told again by now."""
    moment = to_rfc3339(now)
    return escalation._replace(
        remind_at=[each for each in escalation.remind_at if each > moment],
        updated_at=moment,
        version=escalation.version + 1,
    )


def rises_at(escalation: Escalation) -> Instant | None:
    """Return when an escalation goes to the next level by itself; None at the last one, and once it is over."""
    if not escalation.is_open or rules.is_last(escalation.policy, escalation.level):
        return None
    response = escalation.respond_by if escalation.status == "pending" else None
    return min(from_stored(each) for each in (escalation.due_at, response) if each is not None)


def reminds_at(escalation: Escalation) -> Instant | None:
    """Return when the people of a level are told again, None if they are not."""
    if escalation.status != "pending":
        return None
    return min((from_stored(each) for each in escalation.remind_at), default=None)
