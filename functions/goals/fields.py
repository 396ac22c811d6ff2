"""Goals over GraphQL: every field of `schema.graphql`, on the functions that REST calls too."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.goals import goals, lifecycle, list_shapes, readers, reading
from functions.goals.graphql import claim, graphql, if_match
from functions.goals.links import links
from functions.goals.list_shapes import Filter
from functions.goals.listening import listeners
from functions.goals.orphans import orphans
from functions.goals.resolver import READ, WRITE
from functions.goals.sharing import shares
from functions.goals.tasks import lifecycle as task_lifecycle
from functions.goals.tasks import tasks
from functions.goals.views import View
from shared import clock
from shared.api.graphql import connection, limit_of
from shared.errors import InvalidInput

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.

_SORTS = {
    "created": "created",
    "created_descending": "-created",
    "deadline": "deadline",
    "deadline_descending": "-deadline",
}


def _instant(at: str | None) -> int | None:
    return None if at is None else readers.instant_argument("at", at)


def _filter(given: Mapping[str, Any]) -> Filter:
    """Return the filters of a list as their shapes read them."""
    if not given:
        return Filter()
    from functions.goals import shapes  # noqa: PLC0415

    return Filter(**vars(shapes.FilterSent.model_validate(given)))


@graphql.field("Query", "goal", scope=READ)
def goal(goal_id: str) -> View:
    """Resolve one goal; its answers are a field of their own."""
    return reading.goal_alone(graphql.caller, goal_id)


@graphql.field("Goal", "answers", scope=READ)
def answers() -> dict[str, str] | None:
    """Resolve the answers of the goal this stands in."""
    goal = graphql.source
    if "answers" in goal:
        found: dict[str, str] | None = goal["answers"]
        return found
    if goal.get("role") == orphans.TENANT_OWNER:
        return orphans.answers(graphql.caller, goal["ownerId"], goal["goalId"])
    return reading.answers(graphql.caller, goal["goalId"])


@graphql.field("Query", "myGoals", scope=READ)
def my_goals(
    status: str | None = None,
    statuses: list[str] | None = None,
    sort: str | None = None,
    limit: int | None = None,
    next_token: str | None = None,
    **given: Any,
) -> View:
    """Resolve a page of the caller's goals."""
    if status is not None and statuses is not None:
        raise InvalidInput.of("statuses", "send status or statuses, not both")
    if statuses == []:
        raise InvalidInput.of("statuses", "must name a status; leave it out for all")
    wanted = (status,) if status is not None else tuple(dict.fromkeys(statuses or ()))
    asked = list_shapes.asked(wanted or None, _SORTS[sort or "created_descending"], _filter(given))
    return connection(reading.list_goals(graphql.caller, asked, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "goalCounts", scope=READ)
def goal_counts() -> dict[str, int]:
    """Resolve how many of the caller's goals have each status."""
    return reading.counts(graphql.caller)


@graphql.field("Query", "sharedGoals", scope=READ)
def shared_goals(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the goals shared with the caller."""
    return connection(shares.page_of_received(graphql.caller, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "goalProgress", scope=READ)
def goal_progress(goal_id: str, at: str | None = None) -> View:
    """Resolve how far a goal is."""
    return reading.goal_progress(graphql.caller, goal_id, at=_instant(at))


@graphql.field("Query", "myGoalsProgress", scope=READ)
def my_goals_progress(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the progress of the caller's goals."""
    return connection(reading.list_progress(graphql.caller, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "goalChart", scope=READ)
def goal_chart(goal_id: str) -> View:
    """Resolve what happened to a goal."""
    # Imported here because no other field has to wait for it on a cold start.
    from functions.goals.charts import charts  # noqa: PLC0415

    return charts.read(graphql.caller, goal_id)


@graphql.field("Query", "goalForecast", scope=READ)
def goal_forecast(goal_id: str) -> View:
    """Resolve when a goal will be done."""
    # Imported here because no other field has to wait for it on a cold start.
    from functions.goals.charts import charts  # noqa: PLC0415

    return charts.read_forecast(graphql.caller, goal_id)


@graphql.field("Query", "task", scope=READ)
def task(goal_id: str, task_id: str) -> View:
    """Resolve one task."""
    return tasks.get(graphql.caller, goal_id, task_id)


@graphql.field("Query", "tasks", scope=READ)
def tasks_of_goal(goal_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of a goal's tasks."""
    return connection(tasks.page(graphql.caller, goal_id, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "myMilestones", scope=READ)
def my_milestones(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the caller's achievements."""
    return connection(reading.list_achievements(graphql.caller, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "goalShares", scope=READ)
def goal_shares(goal_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of those a goal is shared with."""
    return connection(shares.page(graphql.caller, goal_id, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "links", scope=READ)
def links_of_caller(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the caller's links."""
    return connection(links.page(graphql.caller, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "activeGoalsCount", scope=READ)
def active_goals_count() -> int:
    """Resolve how many of the caller's goals are active."""
    return goals.counts(graphql.caller.user_id)["active"]


@graphql.field("Subscription", "onGoalProgress", scope=READ)
def on_goal_progress(goal_id: str) -> View:
    """Let somebody listen to a goal that they may read, and say what ends that; AppSync sends the rest.

    `infra/constructs/subscribe.js` keeps what ends it, so that AppSync can disconnect them later, and tells the
    listener nothing of it.
    """
    goal = shares.open_goal(graphql.caller, goal_id).goal
    listeners.note(goal.owner_id, goal_id, now=clock.now())
    listener_id = graphql.caller.user_id
    departures = [{"departed_id": user_id} for user_id in (goal.owner_id, listener_id)]
    return {"ended_by": [*departures, {"goal_id": goal_id, "listener_id": listener_id}]}


@graphql.field("Mutation", "createGoal", scope=WRITE)
def create_goal(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Set a goal."""
    from functions.goals import shapes  # noqa: PLC0415

    return lifecycle.create(graphql.caller, shapes.GoalDraft.model_validate(input), claim=claim())


@graphql.field("Mutation", "updateGoal", scope=WRITE)
def update_goal(goal_id: str, input: dict[str, Any], expected_version: int | None = None) -> View:  # noqa: A002
    """Change a goal."""
    from functions.goals import shapes  # noqa: PLC0415

    sent = shapes.GoalPatch.model_validate(input)
    return lifecycle.patch(graphql.caller, goal_id, sent, if_match=if_match(expected_version))


@graphql.field("Mutation", "deleteGoal", scope=WRITE)
def delete_goal(goal_id: str, expected_version: int | None = None) -> str:
    """Delete a goal."""
    lifecycle.delete(graphql.caller, goal_id, if_match=if_match(expected_version))
    return goal_id


def _movable(action: str) -> Callable[..., View]:
    def move_goal(goal_id: str) -> View:
        return lifecycle.transition(graphql.caller, goal_id, action, claim=claim())

    return move_goal


for _action in lifecycle.TRANSITIONS:
    graphql.field("Mutation", f"{_action}Goal", scope=WRITE)(_movable(_action))


@graphql.field("Mutation", "addTask", scope=WRITE)
def add_task(goal_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Add a task to a goal."""
    from functions.goals import shapes  # noqa: PLC0415

    return task_lifecycle.add(graphql.caller, goal_id, shapes.TaskDraft.model_validate(input), claim=claim())


@graphql.field("Mutation", "updateTask", scope=WRITE)
def update_task(
    goal_id: str,
    task_id: str,
    input: dict[str, Any],  # noqa: A002 - the name GraphQL clients expect
    expected_version: int | None = None,
) -> View:
    """Change a task."""
    from functions.goals import shapes  # noqa: PLC0415

    sent = shapes.TaskPatch.model_validate(input)
    return task_lifecycle.patch(graphql.caller, goal_id, task_id, sent, if_match=if_match(expected_version))


@graphql.field("Mutation", "completeTask", scope=WRITE)
def complete_task(goal_id: str, task_id: str, completion_note: str | None = None) -> View:
    """Complete a task."""
    from functions.goals import shapes  # noqa: PLC0415

    sent = shapes.Completion.model_validate({"completion_note": completion_note})
    return task_lifecycle.complete(graphql.caller, goal_id, task_id, note=sent.completion_note, claim=claim())


@graphql.field("Mutation", "reopenTask", scope=WRITE)
def reopen_task(goal_id: str, task_id: str) -> View:
    """Make a task active again."""
    return task_lifecycle.reopen(graphql.caller, goal_id, task_id, claim=claim())


@graphql.field("Mutation", "deleteTask", scope=WRITE)
def delete_task(goal_id: str, task_id: str, expected_version: int | None = None) -> str:
    """Delete a task."""
    task_lifecycle.delete(graphql.caller, goal_id, task_id, if_match=if_match(expected_version))
    return task_id


@graphql.field("Mutation", "shareGoal", scope=WRITE)
def share_goal(goal_id: str, user_id: str, role: str) -> View:
    """Share a goal with a user of the tenant."""
    from functions.goals import shapes  # noqa: PLC0415

    return shares.give(graphql.caller, goal_id, user_id, shapes.ShareDraft.model_validate({"role": role}))


@graphql.field("Mutation", "unshareGoal", scope=WRITE)
def unshare_goal(goal_id: str, user_id: str) -> str:
    """Stop sharing a goal with a user."""
    shares.take_back(graphql.caller, goal_id, user_id)
    return user_id


@graphql.field("Mutation", "createLink", scope=WRITE)
def create_link(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Make a link."""
    from functions.goals.links import shapes  # noqa: PLC0415

    return links.create(graphql.caller, shapes.LinkDraft.model_validate(input), claim=claim())


@graphql.field("Mutation", "deleteLink", scope=WRITE)
def delete_link(link_id: str) -> str:
    """End a link."""
    links.delete(graphql.caller, link_id)
    return link_id
