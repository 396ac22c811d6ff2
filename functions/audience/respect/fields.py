"""Suppressions and consents that leads are asked for, over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.audience.graphql import claim, graphql
from functions.audience.resolver import ADMIN, READ, WRITE
from functions.audience.respect import listing, lookups
from functions.audience.respect.listing import View
from shared.api.graphql import connection, limit_of
from shared.errors import InvalidInput

# The shapes, and what sends, are imported where they are needed: no read waits for them on a cold start.


@graphql.field("Query", "suppressions", scope=READ)
def suppressions(
    limit: int | None = None, next_token: str | None = None, email: str | None = None, phone: str | None = None
) -> View:
    """Resolve a page of the addresses that are not written to, or what suppresses one."""
    tenant_id = graphql.caller.tenant_id
    if email is None and phone is None:
        return connection(listing.page(tenant_id, limit=limit_of(limit), cursor=next_token))
    return connection((lookups.look_up(tenant_id, email=email, phone=phone, cursor=next_token), None))


@graphql.field("Mutation", "suppressAddress", scope=WRITE)
def suppress_address(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Suppress an address."""
    from functions.audience.respect import shapes  # noqa: PLC0415

    caller = graphql.caller
    row = shapes.SuppressionDraft.model_validate(_given(input)).row(caller.tenant_id)
    return listing.suppress(caller.tenant_id, row, by=caller.user_id, claim=claim())


@graphql.field("Mutation", "suppressAddresses", scope=WRITE)
def suppress_addresses(input: dict[str, Any]) -> list[View]:  # noqa: A002 - as above
    """Suppress up to 1,000 addresses."""
    from functions.audience.respect import shapes  # noqa: PLC0415

    caller = graphql.caller
    sent = shapes.SuppressionRows.model_validate({**input, "rows": [_given(each) for each in input["rows"]]}).rows
    return listing.add_rows(caller.tenant_id, shapes.rows(caller.tenant_id, sent), by=caller.user_id)


@graphql.field("Mutation", "removeSuppression", scope=ADMIN)
def remove_suppression(suppression_id: str, reason: str) -> View:
    """Take an address off the list."""
    if not 1 <= len(reason) <= listing.MOST_WHY:
        raise InvalidInput.of("reason", f"must have 1 to {listing.MOST_WHY} characters")
    listing.remove(graphql.caller.tenant_id, suppression_id, why=reason)
    return {"suppression_id": suppression_id}


@graphql.field("Mutation", "askLeadOptIn", scope=WRITE)
def ask_lead_opt_in(lead_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Ask a lead for a consent by a link."""
    from functions.audience.respect import asking, shapes  # noqa: PLC0415

    wanted = shapes.OptInWanted.model_validate(input).wanted()
    return asking.ask(graphql.caller.tenant_id, lead_id, wanted, claim=claim())


def _given(sent: dict[str, Any]) -> dict[str, Any]:
    """Return an input without what is null: an optional argument of GraphQL that is not given may be sent so."""
    return {name: value for name, value in sent.items() if value is not None}
