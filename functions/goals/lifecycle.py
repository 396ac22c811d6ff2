"""What a caller can do with a goal as a whole: set it, change it, move it from status to status, delete it."""

import calendar
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from functions.goals import deadline, goal_writes, goals, progress, views
from functions.goals.goals import Goal
from functions.goals.progress import Ledger
from functions.goals.sharing import shares
from functions.goals.sharing.shares import Access
from functions.goals.tasks import due_dates
from functions.goals.views import View
from shared import clock, days, ids
from shared.callers import tenant_settings
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Claim
from shared.storage.writes import Write

if TYPE_CHECKING:
    from functions.goals.shapes import GoalDraft, GoalPatch, Weights

MOST_YEARS_AHEAD = 10
DEFAULT_TASK_SHARE = 70

TRANSITIONS: Mapping[str, tuple[frozenset[str], str, str]] = {
    "pause": (frozenset({"active"}), "paused", "paused"),
    "resume": (frozenset({"paused"}), "active", "resumed"),
    "complete": (frozenset({"active", "paused"}), "completed", "completed"),
    "reopen": (frozenset({"completed", "archived"}), "active", "reopened"),
    "archive": (frozenset({"active", "paused", "completed"}), "archived", "archived"),
}
"""For each action: the statuses it leaves from, the one it leads to, and its past participle."""


class TransitionNotAllowed(Conflict):
    """409: the present status does not allow this transition."""


def create(caller: Caller, draft: "GoalDraft", *, claim: Claim | None = None) -> View:
    """Set a new goal and return it. Raises InvalidInput for a deadline that the rules do not allow."""
    now = clock.now()
    goal = drafted(caller, draft, now)
    answers = _answers_sent(draft)
    writes = [
        *goal_writes.written(None, goal, now),
        *goal_writes.answers_written(goal, answers),
        goals.happened("goal.created", goal, now),
    ]
    view = {**views.goal(goal, now, role="owner"), "answers": answers}
    return changes.make(lambda: Plan(view, writes), claim=claim)


def drafted(caller: Caller, draft: "GoalDraft", now: Instant) -> Goal:
    """Return the goal that a draft makes of this caller. Raises InvalidInput for a deadline that is not allowed."""
    start = now if draft.start_at is None else draft.start_at
    time_zone = draft.time_zone or tenant_settings.of(caller.tenant_id).time_zone
    end = end_of_goal(draft.deadline, time_zone, start, now)
    task_share = draft.weights.task if draft.weights else DEFAULT_TASK_SHARE
    goal = Goal(
        goal_id=ids.new("goal", at=now),
        owner_id=caller.user_id,
        tenant_id=caller.tenant_id,
        title=draft.title,
        status="active",
        time_zone=time_zone,
        ledger=progress.open_ledger(start=start, end=end, task_share=task_share, opened_at=min(start, now)),
        created_at=now,
        updated_at=now,
        version=1,
        description=draft.description,
        category=draft.category,
        tags=draft.tags or (),
        deadline=None if draft.deadline is None else draft.deadline.isoformat(),
        has_answers=draft.answers is not None,
    )
    return goal._replace(ledger=progress.advance(goal.ledger, now))


def patch(caller: Caller, goal_id: str, sent: "GoalPatch", *, if_match: str | None = None) -> View:
    """Change fields of a goal and return it; what was not sent stays.

    Raises Stale, InvalidInput, or DueDatesBeyondDeadline when open tasks are due later than the new deadline and
    `clamp_tasks` was not sent.
    """

    def plan() -> Plan[View]:
        access = shares.open_goal(caller, goal_id, consistent=True)
        shares.require_owner(access)
        versions.require(if_match, access.goal.version)
        return _patched(access, sent)

    if sent.clamp_tasks:
        if_match = due_dates.clamp_until_few_are_left(
            caller, goal_id, lambda goal: _new_end(goal, sent), if_match=if_match
        )
    return changes.make(plan)


def transition(caller: Caller, goal_id: str, action: str, *, claim: Claim | None = None) -> View:
    """Pause, resume, complete, reopen or archive a goal and return it. Raises TransitionNotAllowed."""
    leaves, status, participle = TRANSITIONS[action]

    def plan() -> Plan[View]:
        access = shares.open_goal(caller, goal_id, consistent=True)
        shares.require_owner(access)
        goal = access.goal
        if goal.status not in leaves:
            raise TransitionNotAllowed(f"A goal that is {goal.status} cannot be {participle}.")
        at = goals.present(goal)
        ledger = progress.change(goal.ledger, at, fixed=_fixed(status, goal.ledger, at))
        after = goal._replace(status=status, ledger=ledger, updated_at=at, version=goal.version + 1)
        writes = [*goal_writes.written(goal, after, at), goals.happened(f"goal.{participle}", after, at)]
        return Plan(_shown(after, at, after.has_answers), writes)

    return changes.make(plan, claim=claim)


def delete(caller: Caller, goal_id: str, *, if_match: str | None = None) -> None:
    """Delete a goal: gone for every reader at once; what remains of it is removed by a consumer. Raises Stale."""

    def opened() -> Goal:
        access = shares.open_goal(caller, goal_id, consistent=True)
        shares.require_owner(access)
        return access.goal

    remove(opened, if_match=if_match)


def remove(opened: Callable[[], Goal], *, if_match: str | None) -> None:
    """Delete a goal that whoever calls may delete, as `opened` says. Raises Stale."""

    def plan() -> Plan[None]:
        goal = opened()
        versions.require(if_match, goal.version)
        gone = goal._replace(status="deleted", version=goal.version + 1)
        return Plan(None, [*goal_writes.removed(goal), goals.happened("goal.deleted", gone, goals.present(goal))])

    changes.make(plan)


def _patched(access: Access, sent: "GoalPatch") -> Plan[View]:
    goal, at = access.goal, goals.present(access.goal)
    fields = sent.sent()
    ledger = _patched_ledger(goal, sent, at)
    late = due_dates.after(goal, ledger.end) if ledger.end != goal.ledger.end else []
    due_dates.require_in_time(late, ledger.end, clamp=sent.clamp_tasks)
    stored = goals.answers_of(goal, consistent=True)
    answers = _answers_sent(sent) if "answers" in fields else stored
    after = goal._replace(ledger=ledger, has_answers=answers is not None, **_plain_fields(fields))
    if after == goal and answers == stored:
        return Plan({**views.goal(goal, at, role="owner"), "answers": stored})
    after = goal_writes.advanced(after._replace(updated_at=at, version=goal.version + 1), at)
    writes: list[Write] = [*goal_writes.written(goal, after, at), goals.happened("goal.updated", after, at)]
    writes += goal_writes.answers_written(after, answers) if answers != stored else []
    writes += due_dates.clamped(late, ledger.end, at)
    return Plan({**views.goal(after, at, role="owner"), "answers": answers}, writes)


def _answers_sent(sent: "GoalDraft | GoalPatch") -> dict[str, str] | None:
    return None if sent.answers is None else sent.answers.model_dump(exclude_none=True)


def _plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those sent fields that a goal stores as they are."""
    plain = {name: fields[name] for name in ("title", "description", "category", "time_zone") if name in fields}
    if "tags" in fields:
        plain["tags"] = fields["tags"] or ()
    if "deadline" in fields:
        plain["deadline"] = fields["deadline"].isoformat() if fields["deadline"] else None
    return plain


def _patched_ledger(goal: Goal, sent: "GoalPatch", at: Instant) -> Ledger:
    fields = sent.sent()
    changed: dict[str, Any] = {}
    if {"deadline", "time_zone", "start_at"} & fields.keys():
        changed["start"] = fields.get("start_at", goal.ledger.start)
        changed["end"] = _new_end(goal, sent)
    if "weights" in fields:
        weights: Weights | None = fields["weights"]
        changed["task_share"] = weights.task if weights else DEFAULT_TASK_SHARE
    same = all(getattr(goal.ledger, name) == value for name, value in changed.items())
    return goal.ledger if same else progress.change(goal.ledger, at, **changed)


def _new_end(goal: Goal, sent: "GoalPatch") -> Instant | None:
    """Return when the goal would end with the fields sent. Raises InvalidInput for a deadline that is not allowed."""
    fields = sent.sent()
    stored = None if goal.deadline is None else date.fromisoformat(goal.deadline)
    day = fields.get("deadline", stored)
    start = fields.get("start_at", goal.ledger.start)
    return end_of_goal(day, fields.get("time_zone", goal.time_zone), start, clock.now())


def end_of_goal(day: date | None, time_zone: str, start: Instant, now: Instant) -> Instant | None:
    """Return when a goal with this deadline ends, None without one. Raises InvalidInput for one that is not allowed."""
    if day is None:
        return None
    if day < days.day_of(start, time_zone):
        raise InvalidInput.of("deadline", "must not be before the day the goal starts")
    today = days.day_of(now, time_zone)
    last_day = calendar.monthrange(today.year + MOST_YEARS_AHEAD, today.month)[1]
    if day > today.replace(year=today.year + MOST_YEARS_AHEAD, day=min(today.day, last_day)):
        raise InvalidInput.of("deadline", f"must not be more than {MOST_YEARS_AHEAD} years ahead")
    return deadline.end_of(day, time_zone)


def _fixed(status: str, ledger: Ledger, at: Instant) -> progress.Ratio | None:
    """Return the progress at which a status holds a goal: completed is 100, archived is whatever it was."""
    if status == "completed":
        return 100, 1
    return progress.hybrid(ledger, at) if status == "archived" else None


def _shown(goal: Goal, at: Instant, has_answers: bool) -> View:  # noqa: FBT001
    return {**views.goal(goal, at, role="owner"), "answers": goals.answers_of(goal) if has_answers else None}
