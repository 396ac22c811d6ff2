"""Goals over REST: set, look at, change, move from status to status, delete, import."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from functions.goals import lifecycle, list_shapes, readers, reading, resolver
from functions.goals.goals import GoalNotFound
from functions.goals.list_shapes import (
    DueAfter,
    DueBefore,
    Filter,
    IsOverdue,
    OfCategory,
    OfTag,
    Sort,
    Statuses,
)
from functions.goals.resolver import BODY, GOAL, GOALS, KEYED, READ, WRITE, Consistent, api
from functions.goals.sharing import shares
from functions.goals.tasks import due_dates
from functions.goals.transfer import imports
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.goals.shapes import GoalDraft, GoalImport, GoalPatch, Moment

SENT = Body("functions.goals.shapes")

replies = Replies("functions.goals.replies")

At = Annotated[
    "Moment | None",
    Query(
        "functions.goals.shapes",
        quick=readers.instant,
        description="For this instant, from the last change of progress on, if nothing changes until then.",
    ),
]


@api.operation("POST", GOALS, scope=WRITE, summary="Set a goal", answers={201: replies.Goal}, refusals=(*BODY, *KEYED))
def create_goal(draft: Annotated["GoalDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Set a goal. Without `start_at` it starts now; its deadline is a day that ends in its `time_zone`."""
    created = lifecycle.create(resolver.caller(), draft, claim=resolver.claim(idempotency_key, draft))
    return answer(201, created, headers={"Location": f"{GOALS}/{created['goal_id']}"})


@api.operation(
    "GET",
    GOALS,
    scope=READ,
    summary="List your goals",
    answers={200: replies.Goals},
    refusals=(Malformed, InvalidInput),
)
def list_goals(
    status: Statuses = None,
    sort: Sort = "-created",
    category: OfCategory = None,
    tag: OfTag = None,
    due_after: DueAfter = None,
    due_before: DueBefore = None,
    is_overdue: IsOverdue = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List your goals with their progress and milestones; the answers come with a single goal.

    `status` and `sort` go with one filter: `category`, `tag`, `is_overdue`, or `due_after` and `due_before`, which are
    one. A page may be shorter than `limit`, even empty, and still be followed by another: go on while there is a
    `next_cursor`.
    """
    given = Filter(category=category, tag=tag, due_after=due_after, due_before=due_before, is_overdue=is_overdue)
    asked = list_shapes.asked(status, sort, given)
    return resolver.page(reading.list_goals(resolver.caller(), asked, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{GOALS}/counts",
    scope=READ,
    summary="Count your goals",
    answers={200: replies.GoalCounts},
)
def count_goals() -> Response:
    """Say how many of your goals have each status. Costs the same however many there are."""
    return answer(200, reading.counts(resolver.caller()))


@api.operation(
    "POST",
    f"{GOALS}/import",
    scope=WRITE,
    summary="Import a goal with its history",
    answers={201: replies.Imported},
    refusals=(*BODY, imports.WrongEntry, *KEYED),
)
def import_goal(sent: Annotated["GoalImport", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Bring a goal along with up to 1,000 entries of its history; all or nothing, reached milestones as they were."""
    imported = imports.run(resolver.caller(), sent, claim=resolver.claim(idempotency_key, sent))
    return answer(201, imported, headers={"Location": f"{GOALS}/{imported['goal_id']}"})


@api.operation(
    "GET",
    f"{GOALS}/progress",
    scope=READ,
    summary="List the progress of your goals",
    answers={200: replies.GoalsProgress},
    refusals=(Malformed, InvalidInput),
)
def list_progress(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List how far each of your goals is, newest goal first."""
    return resolver.page(reading.list_progress(resolver.caller(), limit=limit, cursor=cursor))


@api.operation(
    "GET", GOAL, scope=READ, summary="Read a goal", answers={200: replies.Goal}, refusals=(GoalNotFound, InvalidInput)
)
def read_goal(goal_id: str, consistent: Consistent = False) -> Response:
    """Read a goal with its progress, its milestones and its answers."""
    return answer(200, reading.goal(resolver.caller(), goal_id, consistent=consistent))


@api.operation(
    "PATCH",
    GOAL,
    scope=WRITE,
    summary="Change a goal",
    answers={200: replies.Goal},
    refusals=(*BODY, GoalNotFound, shares.NotYours, VersionChanged, due_dates.DueDatesBeyondDeadline),
)
def patch_goal(goal_id: str, sent: Annotated["GoalPatch", SENT], if_match: IfMatch = None) -> Response:
    """Change what is sent, leave the rest; null clears an optional field. The status changes by its own operations."""
    return answer(200, lifecycle.patch(resolver.caller(), goal_id, sent, if_match=if_match))


@api.operation(
    "DELETE",
    GOAL,
    scope=WRITE,
    summary="Delete a goal",
    answers={204: None},
    refusals=(Malformed, GoalNotFound, shares.NotYours, VersionChanged),
)
def delete_goal(goal_id: str, if_match: IfMatch = None) -> Response:
    """Delete a goal with its tasks, achievements and shares; it is gone for every reader at once."""
    lifecycle.delete(resolver.caller(), goal_id, if_match=if_match)
    return answer(204)


@api.operation(
    "GET",
    f"{GOAL}/progress",
    scope=READ,
    summary="Read how far a goal is",
    answers={200: replies.GoalProgress},
    refusals=(GoalNotFound, reading.InstantBeforeLastChange, InvalidInput),
)
def read_progress(goal_id: str, at: At = None, consistent: Consistent = False) -> Response:
    """Read how far a goal is now, or at an instant if nothing changes until then. Costs the same for any goal."""
    return answer(200, reading.goal_progress(resolver.caller(), goal_id, at=at, consistent=consistent))


@api.operation(
    "GET",
    f"{GOAL}/milestones",
    scope=READ,
    summary="List a goal's milestones",
    answers={200: replies.Milestones},
    refusals=(GoalNotFound,),
)
def list_milestones(goal_id: str) -> Response:
    """List the four milestones of a goal: which are reached, since when, and when time alone will reach the others."""
    return answer(200, {"items": reading.goal_progress(resolver.caller(), goal_id)["milestones"]})


@api.operation(
    "GET",
    "/api/v1/milestone-achievements",
    scope=READ,
    summary="List your achievements",
    answers={200: replies.Achievements},
    refusals=(Malformed, InvalidInput),
)
def list_achievements(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the milestones that your goals reached for the first time, newest first."""
    return resolver.page(reading.list_achievements(resolver.caller(), limit=limit, cursor=cursor))


def _movable(action: str) -> Callable[..., Response]:
    """Return the operation that moves a goal to another status."""
    leaves, status, _ = lifecycle.TRANSITIONS[action]

    def move_goal(goal_id: str, idempotency_key: IdempotencyKey = None) -> Response:
        return answer(
            200, lifecycle.transition(resolver.caller(), goal_id, action, claim=resolver.claim(idempotency_key))
        )

    move_goal.__name__ = f"{action}_goal"
    move_goal.__doc__ = f"Make a goal {status} that is {' or '.join(sorted(leaves))}."
    return move_goal


for _action in lifecycle.TRANSITIONS:
    api.operation(
        "POST",
        f"{GOAL}/{_action}",
        scope=WRITE,
        summary=f"{_action.capitalize()} a goal",
        answers={200: replies.Goal},
        refusals=(GoalNotFound, shares.NotYours, lifecycle.TransitionNotAllowed, InvalidInput, *KEYED),
    )(_movable(_action))
