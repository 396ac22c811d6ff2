"""Delegations over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.delegation import lifecycle
from functions.projects.graphql import View, claim, graphql, without_nulls
from functions.projects.resolver import DECIDE, READ
from shared.api.graphql import connection, limit_of


@graphql.field("Query", "delegations", scope=READ)
def delegations(side: str | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of what the caller has delegated, or was delegated to them."""
    received = side == "received"
    return connection(lifecycle.page(graphql.caller, received=received, limit=limit_of(limit), cursor=next_token))


@graphql.field("Mutation", "createDelegation", scope=DECIDE)
def create_delegation(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Let somebody decide in the place of the caller."""
    from functions.projects.delegation import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.DelegationSent.model_validate(without_nulls(input)).sent()
    return lifecycle.give(graphql.caller, sent, claim=claim())


@graphql.field("Mutation", "revokeDelegation", scope=DECIDE)
def revoke_delegation(delegation_id: str) -> View:
    """End a delegation that the caller has given."""
    return lifecycle.revoke(graphql.caller, delegation_id, claim=claim())
