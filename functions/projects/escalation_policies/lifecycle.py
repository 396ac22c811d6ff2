"""How escalation policies are created, changed, deleted, and looked at.

Those for all projects are for admins of the tenant to write, those of a project for its managers. Guests see none.
"""

from collections.abc import Mapping
from typing import Any

from functions.projects.escalation_policies import policies
from functions.projects.escalation_policies.policies import EscalationPolicy, EscalationPolicyNotFound, View
from functions.projects.people import access
from functions.projects.people.access import AdminRequired, Standing
from shared import clock, ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.callers.project_members import ADMIN, ProjectNotFound
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import PRESENT, Check


def create(caller: Caller, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Create a policy and return it.

    Raises ProjectNotFound, RoleRequired, AdminRequired, TooManyEscalationPolicies.
    """
    now = clock.now()
    moment = clock.to_rfc3339(now)
    policy = EscalationPolicy(
        tenant_id=caller.tenant_id,
        escalation_policy_id=ids.new(policies.ID, at=now),
        created_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        **fields,
    )

    def plan() -> Plan[View]:
        _require_author(caller, policy.project_id)
        policies.require_room(caller.tenant_id, policy.project_id)
        return Plan(policies.view(policy), [*policies.born(policy), *_of_project(policy)])

    return changes.make(plan, claim=claim)


def change(caller: Caller, policy_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change fields of a policy and return it; escalations that are raised keep what they have copied.

    Raises EscalationPolicyNotFound, RoleRequired, AdminRequired, versions.VersionChanged.
    """

    def plan() -> Plan[View]:
        before = _opened(caller, policy_id)
        versions.require(if_match, before.version)
        moment = clock.to_rfc3339(clock.now())
        after = before._replace(**fields, updated_at=moment, version=before.version + 1)
        return Plan(policies.view(after), [policies.changed(before, after)])

    return changes.make(plan)


def delete(caller: Caller, policy_id: str, *, if_match: str | None) -> None:
    """Delete a policy; escalations that are raised keep what they have copied.

    Raises EscalationPolicyNotFound, RoleRequired, AdminRequired, versions.VersionChanged.
    """

    def plan() -> Plan[None]:
        policy = _opened(caller, policy_id)
        versions.require(if_match, policy.version)
        return Plan(None, policies.removed(policy))

    changes.make(plan)


def show(caller: Caller, policy_id: str) -> View:
    """Return what the caller sees of a policy. Raises EscalationPolicyNotFound."""
    return policies.view(_seen(caller, policy_id)[0])


def page(caller: Caller, project_id: str | None, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the policies of a project, or of those for all projects.

    Raises ProjectNotFound, EscalationPolicyNotFound for guests, Malformed.
    """
    _require_inside(caller)
    if project_id is not None:
        access.open_project(caller, project_id, consistent=False)
    found, next_cursor = policies.listed(caller.tenant_id, project_id, limit=limit, cursor=cursor)
    return [policies.view(each) for each in found], next_cursor


def _opened(caller: Caller, policy_id: str) -> EscalationPolicy:
    """Return a policy that the caller may change. Raises EscalationPolicyNotFound, RoleRequired, AdminRequired."""
    policy, standing = _seen(caller, policy_id)
    _require_admin(caller) if standing is None else standing.require("manager")
    return policy


def _seen(caller: Caller, policy_id: str) -> tuple[EscalationPolicy, Standing | None]:
    """Return a policy that the caller may see, and who they are in its project. Raises EscalationPolicyNotFound."""
    _require_inside(caller)
    policy = policies.find(caller.tenant_id, policy_id)
    if policy.project_id is None:
        return policy, None
    try:
        return policy, access.open_project(caller, policy.project_id).standing
    except ProjectNotFound as error:
        raise EscalationPolicyNotFound from error


def _require_author(caller: Caller, project_id: str | None) -> None:
    """Require that the caller may create a policy. Raises ProjectNotFound, RoleRequired, AdminRequired."""
    if project_id is None:
        _require_admin(caller)
    else:
        access.open_project(caller, project_id).standing.require("manager")


def _require_admin(caller: Caller) -> None:
    if ADMIN not in caller.scopes:
        raise AdminRequired


def _require_inside(caller: Caller) -> None:
    if "guest" in caller.roles:
        raise EscalationPolicyNotFound


def _of_project(policy: EscalationPolicy) -> list[Check]:
    """Return the check that the project of a new policy is still there."""
    if policy.project_id is None:
        return []
    return [Check(project_members.project_key(policy.tenant_id, policy.project_id), PRESENT)]
