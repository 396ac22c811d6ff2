"""What time alone brings to a goal, announced when it comes: milestones reached, and a deadline that has passed.

A goal has one schedule, at the next instant at which something is due. `look` is called when it fires and after every
change of the goal. It believes nobody: it reads the goal, announces what is due by now, and makes the schedule what it
must be. So it may be called early, late, twice and in any order, and one call makes good for those that were lost.
Nothing is announced of a goal whose owner is removed or disabled: what came due meanwhile is announced when they are
back (`look_at_all`).
"""

from typing import Final

from functions.goals import goal_writes, goals, progress
from functions.goals.goals import Goal
from shared import clock, config
from shared.callers import auth
from shared.clock import Instant
from shared.messaging import appointments, queues
from shared.messaging.appointments import Wanted
from shared.storage import changes, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan

KIND: Final = "goals.goal"
"""What its timers are called."""
LOOKED_AT_TOGETHER = 25
_WINDOW_MINUTES = 5
"""How late a deadline may be announced: many end at one midnight, and none of them needs the minute."""


def look(owner_id: str, goal_id: str, *, anew: bool = False) -> None:
    """Announce what time has brought to a goal by now, and schedule the next look, or none when nothing will be due.

    Nothing is asked of the Scheduler while the instant stays; with `anew` it is, for the schedule may be gone.
    """
    goal = _announced(owner_id, goal_id)
    while appointments.keep(appointment_key(owner_id, goal_id), _wanted(owner_id, goal_id, goal), anew=anew):
        # Somebody who read an earlier version may have been slower and set its schedule after ours, or we ours after
        # that of a later one: whoever sets it last sees here which version it should have been of.
        seen, goal = goal, _announced(owner_id, goal_id)
        if _version(goal) == _version(seen):
            return
        anew = True


def look_at_all(owner_id: str, cursor: str | None) -> None:
    """Look at a page of the goals of somebody, set their schedules anew, and have the next page done by a message.

    Each message is a call of its own, so that any number of goals takes no longer than a function may.
    """
    next_cursor = look_at_page(owner_id, cursor)
    if next_cursor is not None:
        queues.send(config.schedule_queue_url(), {"returned_id": owner_id, "cursor": next_cursor})


def look_at_page(owner_id: str, cursor: str | None) -> str | None:
    """Look at a page of the goals of somebody, set their schedules anew, and return where the next page begins."""
    found, next_cursor = goals.page(owner_id, limit=LOOKED_AT_TOGETHER, cursor=cursor)
    for goal in found:
        look(owner_id, goal.goal_id, anew=True)
    return next_cursor


def appointment_key(owner_id: str, goal_id: str) -> Key:
    """Return where the appointment of a goal's schedule is kept.

    It is not on the goal: that is twice as large, is in the index as well, and every change of it writes it whole.
    """
    return Key(goals.partition(owner_id), f"APPOINTMENT#{goal_id}")


def due_at(goal: Goal) -> Instant | None:
    """Return when time alone next does something that is to be announced; None when it never will."""
    by_time = [progress.next_reached(goal.ledger), goal.ledger.end if _can_become_overdue(goal) else None]
    return min([each for each in by_time if each is not None], default=None)


def _wanted(owner_id: str, goal_id: str, goal: Goal | None) -> Wanted:
    """Return the schedule that a goal must have. A milestone is announced in its minute, a deadline soon after it."""
    at = None if goal is None else due_at(goal)
    # One that is reached at the end of its goal is no less a milestone.
    is_deadline = goal is not None and at == goal.ledger.end != progress.next_reached(goal.ledger)
    message = {"goal_id": goal_id, "owner_id": owner_id}
    group = owner_id if goal is None else goal.tenant_id
    window_minutes = _WINDOW_MINUTES if is_deadline else 0
    return Wanted(goal_id, at, message, window_minutes=window_minutes, kind=KIND, group=group)


def _can_become_overdue(goal: Goal) -> bool:
    return goal.status == "active" and goal.overdue_end != goal.ledger.end


def _version(goal: Goal | None) -> int | None:
    return None if goal is None else goal.version


def _announced(owner_id: str, goal_id: str) -> Goal | None:
    """Return the goal with everything announced that is due by now; None when it is gone, or its owner is."""

    def plan() -> Plan[Goal | None]:
        item = table.get(goals.key(owner_id, goal_id), consistent=True)
        if item is None:
            return Plan(None)
        goal = goals.from_item(item)
        at = goals.present(goal)
        due = due_at(goal)
        if due is None or due > at:
            return Plan(goal)
        return _announcing(goal, at) if _is_owner_here(goal) else Plan(None)

    return changes.make(plan)


def _is_owner_here(goal: Goal) -> bool:
    return auth.is_member(table.get(auth.membership_key(goal.tenant_id, goal.owner_id), consistent=True))


def _announcing(goal: Goal, at: Instant) -> Plan[Goal]:
    """Return the plan that records what time has reached. It is no change of anybody's, so `updated_at` stays."""
    end, ledger = goal.ledger.end, progress.advance(goal.ledger, at)
    after = goal._replace(ledger=ledger, version=goal.version + 1)
    if end is None or end > at or not _can_become_overdue(goal):
        return Plan(after, goal_writes.written(goal, after, at))
    after = after._replace(overdue_end=end)
    writes = goal_writes.written(goal, after, at)
    ended_at = clock.to_rfc3339(end)
    overdue = goals.happened("goal.overdue", after, at, deadline=goal.deadline, ended_at=ended_at)
    return Plan(after, [*writes, overdue])
