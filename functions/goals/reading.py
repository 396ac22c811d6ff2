"""What a caller can look at: goals, their progress and milestones. Reading changes nothing, whatever the time is."""

from functions.goals import achievements, goals, shares, views
from functions.goals.goals import Goal
from functions.goals.shares import Access
from functions.goals.views import View
from shared import clock
from shared.auth import Caller
from shared.clock import Instant
from shared.errors import NotAllowed

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


def list_goals(caller: Caller, *, status: str | None, by_deadline: bool, limit: int, cursor: str | None) -> Listed:
    """Return a page of the caller's goals with their progress: newest first, or next deadline first in one status."""
    found, next_cursor = _page(caller, status=status, by_deadline=by_deadline, limit=limit, cursor=cursor)
    return [views.goal(each, goals.present(each), role=shares.OWNER) for each in found], next_cursor


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


def _page(
    caller: Caller, *, status: str | None, by_deadline: bool, limit: int, cursor: str | None
) -> tuple[list[Goal], str | None]:
    if status is None and not by_deadline:
        return goals.page(caller.user_id, limit=limit, cursor=cursor)
    return goals.page_of_status(caller.user_id, status or "active", by_deadline=by_deadline, limit=limit, cursor=cursor)
