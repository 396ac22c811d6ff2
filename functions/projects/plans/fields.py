"""Plan templates, and plans that are made of them, over GraphQL, on the functions that REST calls too."""

import json
from collections.abc import Callable
from typing import Any

from functions.projects.graphql import (
    View,
    claim,
    graphql,
    if_match,
    named_texts,
    policy_sent,
    policy_shown,
    with_minor_units,
    without_nulls,
)
from functions.projects.plans import lifecycle
from functions.projects.plans.lifecycle import Origin
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of
from shared.errors import InvalidInput

# No read waits for pydantic on a cold start: what is sent is read where it is needed.


@graphql.field("Query", "planTemplates", scope=READ)
def plan_templates(origin: Origin | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of plan templates."""
    return connection(lifecycle.page(graphql.caller, origin or "own", limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "planTemplate", scope=READ)
def plan_template(plan_template_id: str) -> View:
    """Resolve a plan template with its content."""
    return _shown(lifecycle.show(graphql.caller, plan_template_id))


@graphql.field("Mutation", "createPlanTemplate", scope=WRITE)
def create_plan_template(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Create a plan template."""
    from functions.projects.plans import shapes  # noqa: PLC0415

    draft = shapes.PlanTemplateDraft.model_validate(_sent(_present(input)))
    return _shown(lifecycle.create(graphql.caller, draft.fields(), draft.content(), claim=claim()))


@graphql.field("Query", "planTemplateDocument", scope=READ)
def plan_template_document(plan_template_id: str) -> str:
    """Resolve a plan template as a document that another tenant can import, as JSON."""
    return json.dumps(lifecycle.document(graphql.caller, plan_template_id))


@graphql.field("Mutation", "importPlanTemplate", scope=WRITE)
def import_plan_template(document: Any) -> View:
    """Create a plan template from a document that was exported."""
    from functions.projects.plans import shapes  # noqa: PLC0415

    sent = shapes.PlanTemplateDocument.model_validate(_read(document))
    created = lifecycle.create(graphql.caller, sent.fields(), sent.content(), what="imported", claim=claim())
    return _shown(created)


@graphql.field("Mutation", "updatePlanTemplate", scope=WRITE)
def update_plan_template(
    plan_template_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change fields of a plan template."""
    from functions.projects.plans import shapes  # noqa: PLC0415

    sent = {name: _present(value) for name, value in input.items()}
    fields = shapes.PlanTemplatePatch.model_validate(_sent(sent)).fields()
    return _shown(lifecycle.change(graphql.caller, plan_template_id, fields, if_match=if_match(expected_version)))


@graphql.field("Mutation", "deletePlanTemplate", scope=WRITE)
def delete_plan_template(plan_template_id: str, expected_version: int | None = None) -> str:
    """Delete a plan template."""
    lifecycle.delete(graphql.caller, plan_template_id, if_match=if_match(expected_version))
    return plan_template_id


@graphql.field("Mutation", "instantiatePlanTemplate", scope=WRITE)
def instantiate_plan_template(plan_template_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Have a plan made of a template, and resolve the job that does it."""
    from functions.projects.plans import instantiating, shapes  # noqa: PLC0415

    sent = with_minor_units(without_nulls(input), "total_minor_units")
    sent["parameters"] = named_texts("parameters", sent.get("parameters", []))
    asked = shapes.PlanAsked.model_validate(sent).asked()
    return instantiating.begin(graphql.caller, plan_template_id, asked, claim=claim())


def _read(document: Any) -> Any:
    """Return the value of AWSJSON. Raises InvalidInput for what is no JSON."""
    try:
        return json.loads(document) if isinstance(document, str) else document
    except (ValueError, RecursionError) as error:
        raise InvalidInput.of("document", "is not valid JSON") from error


def _present(value: Any) -> Any:
    """Return an input without what is null, whatever lies in it."""
    if isinstance(value, dict):
        return {name: _present(each) for name, each in value.items() if each is not None}
    return [_present(each) for each in value] if isinstance(value, list) else value


def _shown(view: View) -> View:
    """Return a template as the schema has it."""
    return {**view, "milestones": [_with_policy(each, policy_shown) for each in view["milestones"]]}


def _sent(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the input of a template as REST takes it. Raises InvalidInput."""
    if sent.get("milestones") is None:
        return sent
    return {**sent, "milestones": [_with_policy(each, policy_sent) for each in sent["milestones"]]}


def _with_policy(milestone: dict[str, Any], turned: Callable[[Any], Any]) -> dict[str, Any]:
    return {**milestone, "verification_policy": turned(milestone.get("verification_policy"))}
