"""Escalation policies over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.escalation_policies import lifecycle
from functions.projects.graphql import View, claim, graphql, if_match, without_nulls
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "escalationPolicies", scope=READ)
def escalation_policies(project_id: str | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the escalation policies of a project, or of those for all projects."""
    return connection(lifecycle.page(graphql.caller, project_id, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "escalationPolicy", scope=READ)
def escalation_policy(escalation_policy_id: str) -> View:
    """Resolve an escalation policy."""
    return lifecycle.show(graphql.caller, escalation_policy_id)


@graphql.field("Mutation", "createEscalationPolicy", scope=WRITE)
def create_escalation_policy(input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Create an escalation policy."""
    from functions.projects.escalation_policies import shapes  # noqa: PLC0415

    draft = shapes.EscalationPolicyDraft.model_validate(_sent(without_nulls(input)))
    return lifecycle.create(graphql.caller, draft.fields(), claim=claim())


@graphql.field("Mutation", "updateEscalationPolicy", scope=WRITE)
def update_escalation_policy(
    escalation_policy_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change fields of an escalation policy."""
    from functions.projects.escalation_policies import shapes  # noqa: PLC0415

    fields = shapes.EscalationPolicyPatch.model_validate(_sent(without_nulls(input))).fields()
    return lifecycle.change(graphql.caller, escalation_policy_id, fields, if_match=if_match(expected_version))


@graphql.field("Mutation", "deleteEscalationPolicy", scope=WRITE)
def delete_escalation_policy(escalation_policy_id: str, expected_version: int | None = None) -> str:
    """Delete an escalation policy."""
    lifecycle.delete(graphql.caller, escalation_policy_id, if_match=if_match(expected_version))
    return escalation_policy_id


def _sent(sent: dict[str, Any]) -> dict[str, Any]:
    """Return an input as REST takes it: what lies in its levels and is null is left out."""
    if "levels" not in sent:
        return sent
    return {**sent, "levels": [_level(each) for each in sent["levels"]]}


def _level(level: dict[str, Any]) -> dict[str, Any]:
    present = without_nulls(level)
    return {**present, "targets": [without_nulls(each) for each in present.get("targets", [])]}
