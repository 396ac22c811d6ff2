"""Every GraphQL field that has a resolver, and asking for one as AppSync does."""

from typing import Any

from infra.documents import schema
from tests.aws.entries import Context, appsync_event
from tests.goals.catalogue import Field, Scene
from tests.identity.entries import appsync
from tests.platform.architecture import ROOT
from tests.platform.catalogues import told
from tests.platform.operations import HANDLERS
from tests.platform.tenants import Actor

JOINED = schema.join(ROOT / "functions").fields


# What is published by our own functions has a resolver that turns people away (tests/infra/test_resolver.py).
RESOLVERS = {f"{each.type_name}.{each.name}": each.context for each in JOINED if not each.is_published}
NESTED = [Field(type_name, name, "goals:read", frozenset(), {}) for type_name, name in schema.NESTED]
FIELDS = [*(field for fields in told("FIELDS").values() for field in fields), *NESTED]


def refusal(reply: Any) -> str | None:
    refused = isinstance(reply, dict) and reply.get("__milepost_error")
    return reply["error"]["code"] if refused else None


def answered_field(field: Field, actor: Actor) -> Any:
    """Ask as AppSync does, which asks the authorizer first."""
    sent = {name.title(): value for name, value in actor.headers.items() if name != "authorization"}
    entered = appsync(actor.headers.get("authorization", ""), headers=sent).get("resolverContext")
    places = Scene(
        *(actor.places[name] for name in ("goal_id", "task_id", "user_id", "milestone_uid", "link_id", "owner_id")),
        lead_id=actor.places["lead_id"],
        segment_id=actor.places["segment_id"],
        campaign_id=actor.places["campaign_id"],
        provider_id=actor.places["provider_id"],
        suppression_id=actor.places["suppression_id"],
        project_id=actor.places["project_id"],
        project_milestone_id=actor.places["project_milestone_id"],
        verification_id=actor.places["verification_id"],
        escalation_id=actor.places["escalation_id"],
        evidence_id=actor.places["evidence_id"],
        plan_template_id=actor.places["plan_template_id"],
        escalation_policy_id=actor.places["escalation_policy_id"],
        probe_id=actor.places["probe_id"],
        comment_id=actor.places["comment_id"],
        action_id=actor.places["action_id"],
        from_id=actor.places["from_id"],
        invoice_id=actor.places["invoice_id"],
        invoice_schedule_id=actor.places["invoice_schedule_id"],
        payment_id=actor.places["payment_id"],
        financing_id=actor.places["financing_id"],
        team_id=actor.places["team_id"],
    )
    source = {"goalId": places.goal_id} if field in NESTED else None
    arguments = field.arguments(places)
    event = appsync_event(field.type_name, field.name, arguments, resolver_context=entered, source=source)
    return HANDLERS[RESOLVERS[str(field)]](event, Context())
