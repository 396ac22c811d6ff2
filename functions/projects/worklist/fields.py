"""The worklist over GraphQL, on the functions that REST calls too."""

from functions.projects.graphql import View, graphql
from functions.projects.resolver import READ
from functions.projects.worklist import reading
from shared.api.graphql import connection, limit_of


@graphql.field("Query", "worklist", scope=READ)
def worklist(on_behalf_of: str | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of what waits for the caller, or of what they may do in the place of somebody."""
    if on_behalf_of is not None:
        most = limit_of(limit)
        return connection(reading.page_for(graphql.caller, on_behalf_of, limit=most, cursor=next_token))
    return connection(reading.page(graphql.caller, limit=limit_of(limit), cursor=next_token))
