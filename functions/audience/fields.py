"""Leads over GraphQL: every field of `schema.graphql`, on the functions that REST calls too."""

from typing import Any

from functions.audience.activity import consents, merges, orders, timeline, visits
from functions.audience.graphql import claim, graphql, if_match, parsed, shown
from functions.audience.leads import lifecycle, reading
from functions.audience.leads.changing import Sent
from functions.audience.leads.leads import View
from functions.audience.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of
from shared.errors import InvalidInput

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


def _sent(given: dict[str, Any]) -> Sent:
    """Return an input as it is kept. Raises InvalidInput."""
    from functions.audience.leads import shapes  # noqa: PLC0415

    fields = dict(given)
    if "metadata" in fields:
        fields["metadata"] = parsed("metadata", fields["metadata"])
    if isinstance(fields.get("consent"), list):
        named = [each["subject"] for each in fields["consent"]]
        if len({*named}) < len(named):
            raise InvalidInput.of("consent", "must name each subject once")
        fields["consent"] = {each["subject"]: each["state"] for each in fields["consent"]}
    return shapes.LeadDraft.model_validate(fields).sent(graphql.caller.tenant_id)


@graphql.field("Query", "lead", scope=READ)
def lead(lead_id: str) -> View:
    """Resolve one lead."""
    return shown(reading.show(graphql.caller.tenant_id, lead_id))


@graphql.field("Query", "leadKnownBy", scope=READ)
def lead_known_by(email: str | None = None, phone: str | None = None, external_id: str | None = None) -> View | None:
    """Resolve the lead that is known by one of these, None if nobody is."""
    found = reading.look_up_one(graphql.caller.tenant_id, email=email, phone=phone, external_id=external_id)
    return shown(found[0]) if found else None


@graphql.field("Query", "leadOrders", scope=READ)
def lead_orders(lead_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the orders of a lead."""
    found = orders.page(graphql.caller.tenant_id, lead_id, limit=limit_of(limit), cursor=next_token)
    return connection(found)


@graphql.field("Query", "leadTimeline", scope=READ)
def lead_timeline(lead_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of what a lead has done and agreed to."""
    found = timeline.page(graphql.caller.tenant_id, lead_id, limit=limit_of(limit), cursor=next_token)
    return connection(found)


@graphql.field("Mutation", "createLead", scope=WRITE)
def create_lead(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Create a lead."""
    return shown(lifecycle.create(graphql.caller.tenant_id, _sent(input), claim=claim()))


@graphql.field("Mutation", "updateLead", scope=WRITE)
def update_lead(
    lead_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change fields of a lead."""
    match = if_match(expected_version)
    return shown(lifecycle.update(graphql.caller.tenant_id, lead_id, _sent(input), if_match=match))


@graphql.field("Mutation", "eraseLead", scope=WRITE)
def erase_lead(lead_id: str, expected_version: int | None = None) -> View:
    """Erase a lead."""
    lifecycle.erase(graphql.caller.tenant_id, lead_id, if_match=if_match(expected_version))
    return {"lead_id": lead_id}


@graphql.field("Mutation", "mergeLead", scope=WRITE)
def merge_lead(lead_id: str, other_lead_id: str) -> View:
    """Merge another lead into this one."""
    return shown(merges.merge(graphql.caller.tenant_id, lead_id, other_lead_id, claim=claim()))


@graphql.field("Mutation", "recordLeadOrder", scope=WRITE)
def record_lead_order(lead_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Record an order or a refund."""
    from functions.audience.activity import shapes  # noqa: PLC0415

    draft = shapes.OrderDraft.model_validate(_without_nulls(input)).draft()
    return orders.record(graphql.caller.tenant_id, lead_id, draft, claim=claim())


@graphql.field("Mutation", "recordLeadVisit", scope=WRITE)
def record_lead_visit(lead_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Record a visit."""
    from functions.audience.activity import shapes  # noqa: PLC0415

    visit = shapes.VisitDraft.model_validate(input).visit()
    return visits.record(graphql.caller.tenant_id, lead_id, visit, claim=claim())


@graphql.field("Mutation", "recordLeadConsent", scope=WRITE)
def record_lead_consent(lead_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Record a consent or an opt-out."""
    from functions.audience.activity import shapes  # noqa: PLC0415

    given = shapes.ConsentGiven.model_validate(input).given()
    return consents.record(graphql.caller.tenant_id, lead_id, given, claim=claim())


def _without_nulls(sent: Any) -> Any:
    """Return an input without what is null: an optional argument of GraphQL that is not given may be sent so."""
    if isinstance(sent, dict):
        return {name: _without_nulls(value) for name, value in sent.items() if value is not None}
    return [_without_nulls(each) for each in sent] if isinstance(sent, list) else sent
