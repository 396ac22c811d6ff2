"""Orphaned goals over GraphQL, on the functions that REST calls too."""

from functions.goals.graphql import graphql, if_match
from functions.goals.orphans import orphans
from functions.goals.resolver import READ, WRITE
from functions.goals.views import View
from shared.api.graphql import connection, limit_of


@graphql.field("Query", "orphanedGoals", scope=READ)
def orphaned_goals(owner_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the goals of a removed or disabled member."""
    return connection(orphans.page(graphql.caller, owner_id, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "orphanedGoal", scope=READ)
def orphaned_goal(owner_id: str, goal_id: str) -> View:
    """Resolve one goal of a removed or disabled member, with its answers."""
    return orphans.get(graphql.caller, owner_id, goal_id)


@graphql.field("Query", "orphanedGoalExport", scope=READ)
def orphaned_goal_export(owner_id: str, goal_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the export of a goal of a removed or disabled member."""
    page = orphans.export(graphql.caller, owner_id, goal_id, limit=limit_of(limit), cursor=next_token)
    return {**page, "next_token": page["next_cursor"]}


@graphql.field("Query", "orphanedGoalShares", scope=READ)
def orphaned_goal_shares(owner_id: str, goal_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of those whom a goal of a removed or disabled member is shared with."""
    found = orphans.page_of_shares(graphql.caller, owner_id, goal_id, limit=limit_of(limit), cursor=next_token)
    return connection(found)


@graphql.field("Mutation", "deleteOrphanedGoal", scope=WRITE)
def delete_orphaned_goal(owner_id: str, goal_id: str, expected_version: int | None = None) -> str:
    """Delete a goal of a removed or disabled member."""
    orphans.delete(graphql.caller, owner_id, goal_id, if_match=if_match(expected_version))
    return goal_id


@graphql.field("Mutation", "unshareOrphanedGoal", scope=WRITE)
def unshare_orphaned_goal(owner_id: str, goal_id: str, user_id: str) -> str:
    """Stop sharing a goal of a removed or disabled member with a user."""
    orphans.unshare(graphql.caller, owner_id, goal_id, user_id)
    return user_id
