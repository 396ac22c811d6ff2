"""Exports and restores of goals over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.goals import resolver
from functions.goals.goals import GoalNotFound
from functions.goals.resolver import BODY, GOAL, GOALS, KEYED, READ, WRITE, api
from functions.goals.sharing import shares
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.goals.transfer.shapes import GoalRestore, RestoreEnd, TasksRestore

replies = Replies("functions.goals.transfer.replies")

SENT = Body("functions.goals.transfer.shapes")

# What it takes to export and restore is imported where it is asked for, the shapes too: nobody else waits for it on a
# cold start.

RESTORE = f"{GOALS}/restore"


@api.operation(
    "GET",
    f"{GOAL}/export",
    scope=READ,
    summary="Export a goal",
    answers={200: replies.GoalExport},
    refusals=(Malformed, GoalNotFound, shares.NotYours, InvalidInput),
)
def export_goal(goal_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Read all that there is of a goal of yours, as a restore takes it: with its history, and its tasks page by page.

    Shares and links are not in it. When `version` is another one on a later page, the goal has changed: begin anew.
    """
    from functions.goals.transfer import exports  # noqa: PLC0415

    return answer(200, exports.page(resolver.caller(), goal_id, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    RESTORE,
    scope=WRITE,
    summary="Begin to restore a goal",
    answers={201: replies.RestoreBegun},
    refusals=(*BODY, *KEYED),
)
def begin_restore(sent: Annotated["GoalRestore", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Send a goal as an export answers it. Its tasks follow under the id that this answers, within an hour."""
    from functions.goals.transfer import restores  # noqa: PLC0415

    return answer(201, restores.begin(resolver.caller(), sent, claim=resolver.claim(idempotency_key, sent)))


@api.operation(
    "POST",
    f"{RESTORE}/<goal_id>/tasks",
    scope=WRITE,
    summary="Send tasks of a goal to be restored",
    answers={200: replies.TasksRestored},
    refusals=(*BODY, GoalNotFound, *KEYED),
)
def restore_tasks(
    goal_id: str, sent: Annotated["TasksRestore", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Send up to 49 tasks as an export answers them. Nobody sees them before the goal is there."""
    from functions.goals.transfer import restores  # noqa: PLC0415

    return answer(
        200, restores.add_tasks(resolver.caller(), goal_id, sent, claim=resolver.claim(idempotency_key, sent))
    )


@api.operation(
    "POST",
    f"{RESTORE}/<goal_id>/finish",
    scope=WRITE,
    summary="Finish the restore of a goal",
    answers={201: replies.GoalRestored},
    refusals=(*BODY, GoalNotFound, *KEYED),
)
def finish_restore(
    goal_id: str, sent: Annotated["RestoreEnd", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Let the goal appear, with the progress, the milestones and the chart it had.

    Its tasks are counted, and what was sent of its past must agree with them; otherwise it is refused, and may be
    begun anew.
    """
    from functions.goals.transfer import restores  # noqa: PLC0415

    claim = resolver.claim(idempotency_key, sent)
    restored = restores.finish(resolver.caller(), goal_id, task_count=sent.task_count, claim=claim)
    return answer(201, restored, headers={"Location": f"{GOALS}/{goal_id}"})
