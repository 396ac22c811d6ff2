"""What a caller can look at: goals, their progress and milestones. Reading changes nothing, whatever the time is."""

from functions.goals import achievements, goals, listings, views
from functions.goals.listings import Asked
from functions.goals.sharing import shares
from functions.goals.sharing.shares import Access
from functions.goals.views import View
from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotAllowed
from shared.storage import cursors

Listed = tuple[list[View], str | None]


class InstantBeforeLastChange(NotAllowed):
    """422: progress can be asked for from the last change on, not before it."""


def goal(caller: Caller, goal_id: str, *, consistent: bool = False) -> View:
    """Return a goal with its progress, its milestones and its answers. Raises GoalNotFound."""
    access = shares.open_goal(caller, goal_id, consistent=consistent)
    return {**_shown(access), "answers": goals.answers_of(access.goal)}


def goal_alone(caller: Caller, goal_id: str) -> View:
    """Return a goal with its progress and its milestones; one read for the owner. Raises GoalNotFound."""
    return _shown(shares.open_goal(caller, goal_id))


def answers(caller: Caller, goal_id: str) -> dict[str, str] | None:
    """Return the answers of a goal that the caller may open. Raises GoalNotFound."""
    return goals.answers_of(shares.open_goal(caller, goal_id).goal)


def goal_progress(caller: Caller, goal_id: str, *, at: Instant | None = None, consistent: bool = False) -> View:
    """Return how far a goal is, now or at an instant if nothing changes until then; one read for the owner.

    Raises GoalNotFound, InstantBeforeLastChange.
    """
    shown = shares.open_goal(caller, goal_id, consistent=consistent).goal
    if at is None:
        return views.goal_progress(shown, goals.present(shown))
    if at < shown.ledger.changed_at:
        changed = clock.to_rfc3339(shown.ledger.changed_at)
        raise InstantBeforeLastChange(f"at: must not be before the last change, {changed}.")
    return views.goal_progress(shown, at)


def list_goals(caller: Caller, asked: Asked, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the caller's goals that are asked for, with their progress.

    One query for each status and one call for the goals; of all in the order of their creation, one query.
    """
    after = None if cursor is None else cursors.place_in(cursor, asked.list_id)
    now = clock.now()
    if asked.is_of_all:
        found, place = goals.page(caller.user_id, limit=limit, cursor=after, oldest_first=not asked.descending)
    else:
        partition = goals.partition(caller.user_id)
        goal_ids, place = listings.page(partition, asked, limit=limit, place=after, now=now)
        found = [goal for goal in goals.of_ids(caller.user_id, goal_ids) if asked.takes(goal, now)]
    shown = [views.goal(each, goals.present(each), role=shares.OWNER) for each in found]
    return shown, None if place is None else cursors.bind(place, asked.list_id)


def counts(caller: Caller) -> dict[str, int]:
    """Return how many of the caller's goals have each status, and how many there are; one read."""
    found = goals.counts(caller.user_id)
    return {**found, "total": sum(found.values())}


def list_progress(caller: Caller, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the progress of the caller's goals, newest goal first; one query."""
    found, next_cursor = goals.page(caller.user_id, limit=limit, cursor=cursor)
    return [views.goal_progress(each, goals.present(each)) for each in found], next_cursor


def list_achievements(caller: Caller, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the caller's achievements, newest first; one query."""
    found = achievements.page(caller.user_id, limit=limit, cursor=cursor)
    return [achievements.view(item) for item in found.items], found.next_cursor


def _shown(access: Access) -> View:
    return views.goal(access.goal, goals.present(access.goal), role=access.role)
