"""Exports and restores over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.goals.graphql import claim, graphql
from functions.goals.resolver import READ, WRITE
from functions.goals.transfer import imports
from functions.goals.views import View
from shared.api.graphql import limit_of

# What it takes to export and restore is imported where it is asked for: nobody else waits for it on a cold start.


@graphql.field("Query", "goalExport", scope=READ)
def goal_export(goal_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the export of a goal."""
    from functions.goals.transfer import exports  # noqa: PLC0415

    page = exports.page(graphql.caller, goal_id, limit=limit_of(limit), cursor=next_token)
    return {**page, "next_token": page["next_cursor"]}


@graphql.field("Mutation", "beginRestore", scope=WRITE)
def begin_restore(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Begin to restore a goal."""
    from functions.goals.transfer import restores, shapes  # noqa: PLC0415

    return restores.begin(graphql.caller, shapes.GoalRestore.model_validate(input), claim=claim())


@graphql.field("Mutation", "restoreTasks", scope=WRITE)
def restore_tasks(goal_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Take tasks of a goal to be restored."""
    from functions.goals.transfer import restores, shapes  # noqa: PLC0415

    sent = shapes.TasksRestore.model_validate(input)
    taken = restores.add_tasks(graphql.caller, goal_id, sent, claim=claim())
    pairs = [{"reference": reference, "task_id": task_id} for reference, task_id in taken["tasks"].items()]
    return {**taken, "tasks": pairs}


@graphql.field("Mutation", "finishRestore", scope=WRITE)
def finish_restore(goal_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Let a restored goal appear."""
    from functions.goals.transfer import restores, shapes  # noqa: PLC0415

    sent = shapes.RestoreEnd.model_validate(input)
    return restores.finish(graphql.caller, goal_id, task_count=sent.task_count, claim=claim())


@graphql.field("Mutation", "importGoal", scope=WRITE)
def import_goal(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Import a goal with its history."""
    from functions.goals import shapes  # noqa: PLC0415

    imported = imports.run(graphql.caller, shapes.GoalImport.model_validate(input), claim=claim())
    pairs = [{"reference": reference, "task_id": task_id} for reference, task_id in imported["tasks"].items()]
    return {**imported, "tasks": pairs}
