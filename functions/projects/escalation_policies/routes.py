"""Escalation policies over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.projects import resolver
from functions.projects.escalation_policies import lifecycle
from functions.projects.escalation_policies.policies import EscalationPolicyNotFound, TooManyEscalationPolicies
from functions.projects.people.access import AdminRequired, RoleRequired
from functions.projects.resolver import BODY, KEYED, READ, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.escalation_policies.shapes import EscalationPolicyDraft, EscalationPolicyPatch

replies = Replies("functions.projects.escalation_policies.replies")

SENT = Body("functions.projects.escalation_policies.shapes")
POLICIES: Final = "/api/v1/escalation-policies"
POLICY: Final = f"{POLICIES}/<escalation_policy_id>"
_WRITING: Final = (RoleRequired, AdminRequired)

OfProject = Annotated[
    str | None, Query(max_length=64, description="Those of this project; without it, those for all projects.")
]


@api.operation(
    "POST",
    POLICIES,
    scope=WRITE,
    summary="Create an escalation policy",
    answers={201: replies.EscalationPolicy},
    refusals=(*BODY, ProjectNotFound, *_WRITING, TooManyEscalationPolicies, *KEYED),
)
def create_escalation_policy(
    draft: Annotated["EscalationPolicyDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Say whom escalations tell, level by level: those of a project that you manage, or, as an admin, of all.

    An escalation copies the policy that applies when it is raised. One of its project comes before one for all; then
    one that names the kind, then one that names the severity, then the oldest.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, draft.fields(), claim=claim))


@api.operation(
    "GET",
    POLICIES,
    scope=READ,
    summary="List escalation policies",
    answers={200: replies.EscalationPolicies},
    refusals=(Malformed, InvalidInput, ProjectNotFound, EscalationPolicyNotFound),
)
def list_escalation_policies(project_id: OfProject = None, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the escalation policies of a project, or those for all projects, the oldest first; not for guests."""
    return resolver.page(lifecycle.page(api.caller, project_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    POLICY,
    scope=READ,
    summary="Show an escalation policy",
    answers={200: replies.EscalationPolicy},
    refusals=(EscalationPolicyNotFound,),
)
def show_escalation_policy(escalation_policy_id: str) -> Response:
    """Show an escalation policy; not for guests."""
    return answer(200, lifecycle.show(api.caller, escalation_policy_id))


@api.operation(
    "PATCH",
    POLICY,
    scope=WRITE,
    summary="Change an escalation policy",
    answers={200: replies.EscalationPolicy},
    refusals=(*BODY, EscalationPolicyNotFound, *_WRITING, VersionChanged),
)
def change_escalation_policy(
    escalation_policy_id: str, patch: Annotated["EscalationPolicyPatch", SENT], if_match: IfMatch = None
) -> Response:
    """Change fields of a policy. Escalations that are raised already keep what they have copied of it."""
    return answer(200, lifecycle.change(api.caller, escalation_policy_id, patch.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    POLICY,
    scope=WRITE,
    summary="Delete an escalation policy",
    answers={204: None},
    refusals=(Malformed, EscalationPolicyNotFound, *_WRITING, VersionChanged),
)
def delete_escalation_policy(escalation_policy_id: str, if_match: IfMatch = None) -> Response:
    """Delete a policy. Escalations that are raised already keep what they have copied of it."""
    lifecycle.delete(api.caller, escalation_policy_id, if_match=if_match)
    return answer(204)
