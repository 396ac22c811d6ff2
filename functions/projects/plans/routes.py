"""Plan templates, and plans that are made of them, over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.projects import resolver
from functions.projects.dependencies.refusals import DependencyCycle
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.milestones.refusals import TooManyMilestones
from functions.projects.milestones.routes import CLOSING
from functions.projects.people.access import RoleRequired
from functions.projects.plans import lifecycle
from functions.projects.plans.lifecycle import Origin, PlanTemplateOfAnother
from functions.projects.plans.templates import PlanTemplateNotFound
from functions.projects.resolver import BODY, KEYED, READ, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.jobs.jobs import TooManyJobs
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.plans.shapes import (
        PlanAsked,
        PlanTemplateDocument,
        PlanTemplateDraft,
        PlanTemplatePatch,
    )

replies = Replies("functions.projects.plans.replies")

SENT = Body("functions.projects.plans.shapes")
TEMPLATES: Final = "/api/v1/plan-templates"
TEMPLATE: Final = f"{TEMPLATES}/<plan_template_id>"


@api.operation(
    "POST",
    TEMPLATES,
    scope=WRITE,
    summary="Create a plan template",
    answers={201: replies.PlanTemplate},
    refusals=(*BODY, DependencyCycle, *KEYED),
    problems=CLOSING,
)
def create_plan_template(
    draft: Annotated["PlanTemplateDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create a template of your tenant: milestones by their keys, when they are worked on, and what they depend on.

    Texts may name parameters, such as `{{site}}`; owners are parameters too. Percentages add up to 100.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, draft.fields(), draft.content(), claim=claim))


@api.operation(
    "POST",
    f"{TEMPLATES}/import",
    scope=WRITE,
    summary="Import a plan template",
    answers={201: replies.PlanTemplate},
    refusals=(*BODY, DependencyCycle, *KEYED),
    problems=CLOSING,
)
def import_plan_template(
    document: Annotated["PlanTemplateDocument", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create a template from a document that was exported, here or elsewhere."""
    claim = resolver.claim(idempotency_key, document)
    given = (document.fields(), document.content())
    return answer(201, lifecycle.create(api.caller, *given, what="imported", claim=claim))


@api.operation(
    "GET",
    TEMPLATES,
    scope=READ,
    summary="List plan templates",
    answers={200: replies.PlanTemplates},
    refusals=(Malformed, InvalidInput, PlanTemplateNotFound),
)
def list_plan_templates(
    origin: Annotated[Origin, Query(description="Those of your tenant, or those that are shipped.")] = "own",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List plan templates of your tenant, the oldest first, or those that every tenant has; not for guests."""
    return resolver.page(lifecycle.page(api.caller, origin, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    TEMPLATE,
    scope=READ,
    summary="Show a plan template",
    answers={200: replies.PlanTemplate},
    refusals=(PlanTemplateNotFound,),
)
def show_plan_template(plan_template_id: str) -> Response:
    """Show a template with all that plans are made of; those that are shipped have names, such as `construction`."""
    return answer(200, lifecycle.show(api.caller, plan_template_id))


@api.operation(
    "PATCH",
    TEMPLATE,
    scope=WRITE,
    summary="Change a plan template",
    answers={200: replies.PlanTemplate},
    refusals=(*BODY, PlanTemplateNotFound, PlanTemplateOfAnother, VersionChanged, DependencyCycle),
    problems=CLOSING,
)
def change_plan_template(
    plan_template_id: str, patch: Annotated["PlanTemplatePatch", SENT], if_match: IfMatch = None
) -> Response:
    """Change fields of a template that you have created, or of any as an admin; plans that were made stay."""
    return answer(200, lifecycle.change(api.caller, plan_template_id, patch.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    TEMPLATE,
    scope=WRITE,
    summary="Delete a plan template",
    answers={204: None},
    refusals=(Malformed, PlanTemplateNotFound, PlanTemplateOfAnother, VersionChanged),
)
def delete_plan_template(plan_template_id: str, if_match: IfMatch = None) -> Response:
    """Delete a template that you have created, or any as an admin; plans that were made stay."""
    lifecycle.delete(api.caller, plan_template_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    f"{TEMPLATE}/export",
    scope=READ,
    summary="Export a plan template",
    answers={200: replies.PlanTemplateDocument},
    refusals=(PlanTemplateNotFound,),
)
def export_plan_template(plan_template_id: str) -> Response:
    """Return a template as a document that another tenant can import."""
    return answer(200, lifecycle.document(api.caller, plan_template_id))


@api.operation(
    "POST",
    f"{TEMPLATE}/instantiate",
    scope=WRITE,
    summary="Make a plan of a template",
    answers={202: replies.Job},
    refusals=(
        *BODY,
        PlanTemplateNotFound,
        ProjectNotFound,
        RoleRequired,
        ProjectStatusNotPossible,
        TooManyMilestones,
        TooManyJobs,
        *KEYED,
    ),
)
def instantiate_plan_template(
    plan_template_id: str, sent: Annotated["PlanAsked", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Have the milestones of a template planned in a project, as drafts; for its managers.

    They are all there at once when the job at `GET /api/v1/jobs/{job_id}` has completed, or none of them is. Each has
    its key of the template in `metadata`, as `plan_milestone`.
    """
    from functions.projects.plans import instantiating  # noqa: PLC0415 - no read waits for it on a cold start

    claim = resolver.claim(idempotency_key, sent)
    begun = instantiating.begin(api.caller, plan_template_id, sent.asked(), claim=claim)
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
