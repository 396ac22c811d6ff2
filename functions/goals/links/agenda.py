"""What stands in a calendar: until when goals and tasks are due, and when milestones were or will be reached.

Of a goal that is active: its deadline, its open tasks with a due date, its milestones. Of one that is paused,
completed or archived: the milestones that it has reached, and nothing that would remind anybody of it.
"""

import hashlib
from collections.abc import Iterator
from datetime import date

from functions.goals import calendar_entries, goals, listings, progress
from functions.goals.goals import Goal
from functions.goals.links import ics
from functions.goals.links.ics import Event
from functions.goals.links.links import Opened
from functions.goals.listings import Asked
from functions.goals.tasks import due_tasks
from functions.goals.tasks.due_tasks import DueTask
from shared import clock, days
from shared.clock import Instant

MOST_GOALS = 200
MOST_TASKS = 500

_PAGE = 100
_NEXT = Asked(statuses=("active",), order="deadline", descending=False)
_OVERDUE_SHOWN = 30 * clock.DAY


def calendar(opened: Opened) -> str:
    """Return the calendar that a link leads to: of its goal, or of all active goals of its owner."""
    if opened.goal is not None:
        return ics.calendar(opened.goal.title, _of_goal(opened.goal))
    return ics.calendar("Milepost", _of_all(opened.owner_id))


def _of_goal(goal: Goal) -> Iterator[Event]:
    """Yield the events of a goal; one query, none unless it is active."""
    yield from _events(goal, goals.present(goal))
    if goal.status == "active":
        dues = due_tasks.of_goal(goal.owner_id, goal.goal_id, limit=MOST_TASKS)
        yield from (_due(each, goal) for each in dues)


def _of_all(owner_id: str) -> Iterator[Event]:
    """Yield the events of the 200 active goals that end first, and of the 500 of their tasks that are due first.

    Two calls for each hundred of goals, and one for the tasks. Those overdue for more than 30 days are left out: they
    would be the first, and in time the only ones.
    """
    active = {goal.goal_id: goal for goal in _active(owner_id)}
    for goal in active.values():
        yield from _events(goal, goals.present(goal))
    for each in due_tasks.soonest(owner_id, since=clock.now() - _OVERDUE_SHOWN, limit=MOST_TASKS):
        if each.goal_id in active:
            yield _due(each, active[each.goal_id])


def _active(owner_id: str) -> Iterator[Goal]:
    place = None
    for _ in range(MOST_GOALS // _PAGE):
        found, place = listings.page(goals.partition(owner_id), _NEXT, limit=_PAGE, place=place, now=clock.now())
        yield from goals.of_ids(owner_id, found)
        if place is None:
            return


def _events(goal: Goal, at: Instant) -> Iterator[Event]:
    revised = calendar_entries.revised_at(goal, progress.as_of(goal.ledger, at))
    for which, entry in calendar_entries.of_goal(goal, at).items():
        summary, revised_at = f"{goal.title}: {entry.what}", revised[which]
        yield Event(
            _uid(goal.goal_id, which), entry.day, summary, revised_at, _sequence(goal, revised_at), entry.is_certain
        )


def _due(task: DueTask, goal: Goal) -> Event:
    """Return the event of a task: at its instant, or all of the day that it ends."""
    known = calendar_entries.revisions(goal)
    last_day = days.last_day_of(task.due_at, goal.time_zone)
    when: date | Instant = task.due_at if last_day == days.day_of(task.due_at, goal.time_zone) else last_day
    # Which instants end a day is a matter of the zone, so a change of the zone may show any task otherwise.
    own = goal.updated_at if task.revised_at is None else task.revised_at
    revised_at = max(known.title, known.time_zone, own)
    return Event(_uid(task.task_id), when, f"{goal.title}: {task.title}", revised_at, _sequence(goal, revised_at))


def _sequence(goal: Goal, revised_at: Instant) -> int:
    """Return a number that grows with every revision of an entry: the seconds since the goal was made."""
    return max(revised_at - goal.created_at, 0) // clock.SECOND


def _uid(*parts: str) -> str:
    """Return a name that lasts and tells nobody an id: the ids have 80 random bits."""
    return f"{hashlib.sha256('#'.join(parts).encode()).hexdigest()[:32]}@milepost"
