"""Recounts of leads over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.audience.activity import recounts
from functions.audience.graphql import claim, graphql, written
from functions.audience.resolver import ADMIN
from shared.storage.idempotency import Answer


@graphql.field("Mutation", "recountLead", scope=ADMIN)
def recount_lead(lead_id: str, repair: bool | None = None) -> dict[str, Any]:  # noqa: FBT001
    """Compare the totals of a lead with its orders and visits."""
    found = recounts.recount(graphql.caller.tenant_id, lead_id, is_repairing=bool(repair))
    return {**found, "differences": [_shown(each) for each in found["differences"]]}


@graphql.field("Mutation", "recountLeads", scope=ADMIN)
def recount_leads(repair: bool | None = None) -> Answer:  # noqa: FBT001
    """Have all leads compared with their orders and visits."""
    from functions.audience.imports import recounts as of_all  # noqa: PLC0415 - nobody else waits for it on a cold start

    return of_all.begin(graphql.caller, is_repairing=bool(repair), claim=claim())


def _shown(difference: dict[str, Any]) -> dict[str, Any]:
    """Return a difference as AppSync wants it: what may be a number or an instant is AWSJSON."""
    return {**difference, **{name: written(difference[name]) for name in ("stored", "counted")}}
