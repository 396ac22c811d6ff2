"""What people do about an escalation by its table of transitions, and the writes by which one changes."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from functions.projects import escalations, open_escalations
from functions.projects.escalation import deadline, holding, levels, opening, transition, views
from functions.projects.escalation.opening import Opened
from functions.projects.escalation.transition import Event
from functions.projects.escalation.views import View
from functions.projects.escalation_policies import rule as rules
from functions.projects.escalations import Escalation, Status
from functions.projects.milestones import happenings
from functions.projects.reports import delays
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

TOLD: Final[Mapping[Event, str]] = {
    "acknowledge": "acknowledged",
    "escalate": "escalated",
    "resolve": "resolved",
    "close": "closed",
    "reject": "rejected",
}
"""What the events are called that tell of a transition."""


class EscalationTransitionNotAllowed(Conflict):
    """409: the present status of the escalation does not allow this transition."""

    def __init__(self, status: Status, event: Event) -> None:
        super().__init__(f"An escalation that is {status} does not take `{event}`.")
        self._told = {"from": status, "event": event, "allowed": transition.allowed(status)}

    @property
    def members(self) -> Mapping[str, Any]:
        """The status, the event, and the events that the status takes."""
        return self._told


class EscalationAtLastLevel(Conflict):
    """409: the escalation is at the last level of its policy, and goes no further."""

    def __init__(self, level: int) -> None:
        super().__init__(f"The escalation is at level {level}, which is the last one. Resolve it, or reject it.")


class Change(NamedTuple):
    """An escalation after an event, and the event."""

    after: Escalation
    event: Event
    reason: str | None = None


def advance(
    caller: Caller,
    escalation_id: str,
    event: Event,
    *,
    if_match: str | None,
    reason: str | None = None,
    claim: Claim | None = None,
) -> Answer:
    """Let an event of people happen to an escalation and return it.

    Raises EscalationNotFound, RoleRequired, versions.VersionChanged, EscalationTransitionNotAllowed,
    EscalationAtLastLevel, gates.PaymentCommitted.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.escalation(caller, escalation_id)
        versions.require(if_match, opened.escalation.version)
        _MAY[event](opened)
        change = moved(opened, event, now, reason=reason, by=caller.user_id)
        return Plan(views.escalation(change.after, opened.of.standing), writes_of(opened, change, now))

    return changes.make(plan, claim=claim)


def moved(opened: Opened, event: Event, now: Instant, *, by: str, reason: str | None = None) -> Change:
    """Return an escalation after an event. Raises EscalationTransitionNotAllowed, EscalationAtLastLevel."""
    before = opened.escalation
    if not transition.is_allowed(before.status, event):
        raise EscalationTransitionNotAllowed(before.status, event)
    if event == "escalate" and rules.is_last(before.policy, before.level):
        raise EscalationAtLastLevel(before.level)
    moment = clock.to_rfc3339(now)
    after = before._replace(
        status=transition.after(before.status, event), updated_at=moment, version=before.version + 1
    )
    match event:
        case "acknowledge":
            after = deadline.acknowledged(after, by, moment)
        case "escalate":
            after = levels.next_one(after, opened.of.primary, now)
        case "resolve":
            after = after._replace(resolved_at=moment, resolution=reason)
        case _:
            after = after._replace(ended_at=moment)
    return Change(after, event, reason)


def writes_of(opened: Opened, change: Change, now: Instant) -> list[Write]:
    """Return the writes of an escalation after an event, and of what that does to its milestone."""
    before, after, place = opened.escalation, change.after, opened.partition
    milestone, writes = opened.milestone, list[Write]()
    if before.is_open and not after.is_open:
        milestone, writes = holding.ended(opened.of, after, now)
        writes.append(open_escalations.without(place, opened.of.escalations, after))
    if change.event == "reject":
        writes += delays.rejected(after)
    concerns = concerned(before, change)
    told = happenings.of_escalation(TOLD[change.event], after, milestone, now, reason=change.reason, concerns=concerns)
    return [escalations.changed(place, before, after), *writes, *told]


def concerned(before: Escalation, change: Change) -> list[Concern]:
    """Return who is to hear of an event: whom a new level tells, and whoever has raised the escalation."""
    people = [*change.after.notified] if change.event == "escalate" else []
    raised_by = [] if before.raised_by in (escalations.SYSTEM, *people) else [Concern(before.raised_by, "owner")]
    return [*(Concern(each, "on_call") for each in people), *raised_by]


def _by_workers(opened: Opened) -> None:
    opened.of.require_worker()


def _by_the_concerned(opened: Opened) -> None:
    opened.require_concerned()


def _by_managers(opened: Opened) -> None:
    opened.of.standing.require("manager")


_MAY: Final[Mapping[Event, Callable[[Opened], None]]] = {
    "acknowledge": _by_workers,
    "escalate": _by_the_concerned,
    "resolve": _by_workers,
    "close": _by_the_concerned,
    "reject": _by_managers,
}
"""Who may let which event of people happen."""
