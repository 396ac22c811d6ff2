"""What is to be done about an escalation. The last action that is done resolves it.

All actions lie in the item of the escalation, so of two that are done at once one reads again and sees the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.projects import escalations
from functions.projects.escalation import commands, opening, transition, views
from functions.projects.escalation.commands import EscalationTransitionNotAllowed
from functions.projects.escalation.opening import Opened
from functions.projects.escalation.views import View
from functions.projects.escalations import MOST_ACTIONS, Action, Escalation
from functions.projects.milestones import happenings
from shared import clock, ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput, NotFound
from shared.storage import changes, table, versions
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import PRESENT, Check, Write


class TooManyActions(Conflict):
    """409: an escalation has 20 actions at most."""

    def __init__(self) -> None:
        super().__init__(f"An escalation has {MOST_ACTIONS} actions at most.")


class EscalationActionNotFound(NotFound):
    """404: the escalation has no such action."""

    def __init__(self) -> None:
        super().__init__("The escalation has no action with this id.")


class ActionDone(Conflict):
    """409: the action is done already."""

    def __init__(self) -> None:
        super().__init__("The action is done already.")


def add(
    caller: Caller,
    escalation_id: str,
    fields: Mapping[str, Any],
    *,
    if_match: str | None,
    claim: Claim | None = None,
) -> Answer:
    """Add an action to an open escalation and return the escalation.

    Raises EscalationNotFound, RoleRequired, versions.VersionChanged, EscalationTransitionNotAllowed, TooManyActions,
    InvalidInput.
    """
    action_id = ids.new(escalations.ACTION_ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.escalation(caller, escalation_id)
        before = opened.escalation
        versions.require(if_match, before.version)
        opened.require_concerned()
        _require_open(before)
        if len(before.actions) >= MOST_ACTIONS:
            raise TooManyActions
        action = Action(action_id, fields["title"], caller.user_id, clock.to_rfc3339(now), fields["user_id"])
        action = action._replace(due_on=fields["due_on"])
        after = _touched(before, [*before.actions, escalations.stored(action)], now)
        writes = [escalations.changed(opened.partition, before, after), *_member(opened, action.user_id)]
        return Plan(views.escalation(after, opened.of.standing), [*writes, *_told(opened, after, action, now)])

    return changes.make(plan, claim=claim)


def complete(
    caller: Caller, escalation_id: str, action_id: str, *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Say that an action is done and return the escalation, which the last one resolves.

    Raises EscalationNotFound, EscalationActionNotFound, RoleRequired, versions.VersionChanged, ActionDone,
    EscalationTransitionNotAllowed, gates.PaymentCommitted.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.escalation(caller, escalation_id)
        before = opened.escalation
        versions.require(if_match, before.version)
        action = next((each for each in before.steps if each.action_id == action_id), None)
        if action is None:
            raise EscalationActionNotFound
        if action.user_id != caller.user_id:
            opened.require_concerned()
        _require_open(before)
        if action.done_at is not None:
            raise ActionDone
        done = action._replace(done_by=caller.user_id, done_at=clock.to_rfc3339(now))
        kept = [escalations.stored(done if each == action else each) for each in before.steps]
        after, writes = _after(opened, _touched(before, kept, now), done, now)
        return Plan(views.escalation(after, opened.of.standing), writes)

    return changes.make(plan, claim=claim)


def _after(opened: Opened, touched: Escalation, done: Action, now: Instant) -> tuple[Escalation, list[Write]]:
    """Return the escalation after an action was done, and its writes; without an open action it is resolved."""
    told = _told(opened, touched, done, now)
    if any(each.done_at is None for each in touched.steps):
        return touched, [escalations.changed(opened.partition, opened.escalation, touched), *told]
    change = commands.moved(opened._replace(escalation=touched), "resolve", now, by=opened.of.standing.user_id)
    after = change.after._replace(version=touched.version)
    return after, [*told, *commands.writes_of(opened, change._replace(after=after), now)]


def _touched(before: Escalation, actions: Sequence[Mapping[str, Any]], now: Instant) -> Escalation:
    return before._replace(actions=actions, updated_at=clock.to_rfc3339(now), version=before.version + 1)


def _require_open(found: Escalation) -> None:
    """Require that something is to be done about an escalation. Raises EscalationTransitionNotAllowed."""
    if not transition.is_allowed(found.status, "resolve"):
        raise EscalationTransitionNotAllowed(found.status, "resolve")


def _member(opened: Opened, user_id: str | None) -> list[Write]:
    """Return the check that whoever is to do it is a member of the project. Raises InvalidInput."""
    if user_id is None:
        return []
    place = project_members.key(opened.milestone.tenant_id, opened.milestone.project_id, user_id)
    if table.get(place, consistent=True) is None:
        raise InvalidInput.of("user_id", "must be a member of the project")
    return [Check(place, PRESENT)]


def _told(opened: Opened, after: Escalation, action: Action, now: Instant) -> list[Write]:
    concerns = [] if action.user_id is None or action.done_at else [Concern(action.user_id, "assigned")]
    what = "action_added" if action.done_at is None else "action_completed"
    return happenings.of_escalation(what, after, opened.milestone, now, concerns=concerns)
