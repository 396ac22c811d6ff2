"""Tasks over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.goals import resolver
from functions.goals.goals import GoalNotFound
from functions.goals.resolver import BODY, GOAL, GOALS, KEYED, READ, WRITE, Consistent, api
from functions.goals.sharing import shares
from functions.goals.tasks import lifecycle, tasks
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.goals.shapes import Completion, TaskDraft, TaskPatch

SENT = Body("functions.goals.shapes")

replies = Replies("functions.goals.replies")

TASKS = f"{GOAL}/tasks"
TASK = f"{TASKS}/<task_id>"


@api.operation(
    "POST",
    TASKS,
    scope=WRITE,
    summary="Add a task",
    answers={201: replies.Task},
    refusals=(*BODY, GoalNotFound, shares.NotYours, lifecycle.GoalNotOpen, *KEYED),
)
def add_task(goal_id: str, draft: Annotated["TaskDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Add a task to a goal that is active or paused."""
    added = lifecycle.add(resolver.caller(), goal_id, draft, claim=resolver.claim(idempotency_key, draft))
    return answer(201, added, headers={"Location": f"{GOALS}/{goal_id}/tasks/{added['task_id']}"})


@api.operation(
    "GET",
    TASKS,
    scope=READ,
    summary="List a goal's tasks",
    answers={200: replies.Tasks},
    refusals=(Malformed, GoalNotFound, InvalidInput),
)
def list_tasks(goal_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the tasks of a goal in the order of their creation."""
    return resolver.page(tasks.page(resolver.caller(), goal_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    TASK,
    scope=READ,
    summary="Read a task",
    answers={200: replies.Task},
    refusals=(GoalNotFound, tasks.TaskNotFound, InvalidInput),
)
def read_task(goal_id: str, task_id: str, consistent: Consistent = False) -> Response:
    """Read a task."""
    return answer(200, tasks.get(resolver.caller(), goal_id, task_id, consistent=consistent))


@api.operation(
    "PATCH",
    TASK,
    scope=WRITE,
    summary="Change a task",
    answers={200: replies.Task},
    refusals=(*BODY, GoalNotFound, tasks.TaskNotFound, shares.NotYours, VersionChanged),
)
def patch_task(goal_id: str, task_id: str, sent: Annotated["TaskPatch", SENT], if_match: IfMatch = None) -> Response:
    """Change what is sent, the status among it, leave the rest; null clears an optional field."""
    return answer(200, lifecycle.patch(resolver.caller(), goal_id, task_id, sent, if_match=if_match))


@api.operation(
    "DELETE",
    TASK,
    scope=WRITE,
    summary="Delete a task",
    answers={204: None},
    refusals=(Malformed, GoalNotFound, tasks.TaskNotFound, shares.NotYours, VersionChanged),
)
def delete_task(goal_id: str, task_id: str, if_match: IfMatch = None) -> Response:
    """Delete a task; it no longer counts."""
    lifecycle.delete(resolver.caller(), goal_id, task_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    f"{TASK}/complete",
    scope=WRITE,
    summary="Complete a task",
    answers={200: replies.Task},
    refusals=(*BODY, GoalNotFound, tasks.TaskNotFound, shares.NotYours, *KEYED),
)
def complete_task(
    goal_id: str,
    task_id: str,
    sent: Annotated["Completion | None", SENT] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Complete a task, with a note if you like. Completing it again changes nothing."""
    note = None if sent is None else sent.completion_note
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, lifecycle.complete(resolver.caller(), goal_id, task_id, note=note, claim=claim))


@api.operation(
    "POST",
    f"{TASK}/reopen",
    scope=WRITE,
    summary="Reopen a task",
    answers={200: replies.Task},
    refusals=(GoalNotFound, tasks.TaskNotFound, shares.NotYours, InvalidInput, *KEYED),
)
def reopen_task(goal_id: str, task_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Make a task active again."""
    return answer(200, lifecycle.reopen(resolver.caller(), goal_id, task_id, claim=resolver.claim(idempotency_key)))
