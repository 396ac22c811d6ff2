"""How a delegation is given, and revoked by whoever gave it."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects.delegation import delegations
from functions.projects.delegation.delegations import DelegationNotFound, View
from functions.projects.layers import seating
from functions.projects.milestones import opening
from functions.projects.people import access
from shared import clock, ids
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import InvalidInput
from shared.storage import changes, events, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, PRESENT, Check, Put, Write, unchanged
from shared.teamwork.delegations import (
    LONGEST,
    Delegation,
    Head,
    Permission,
    Scope,
    head_key,
    head_of,
    headed,
    require_no_chain,
)


class Sent(NamedTuple):
    """What somebody delegates, to whom, and for how long."""

    delegate_id: str
    scope: Scope
    permissions: Sequence[Permission]
    starts_at: Instant
    ends_at: Instant
    reason: str
    project_id: str | None = None
    project_milestone_id: str | None = None


def give(caller: Caller, sent: Sent, *, claim: Claim | None = None) -> Answer:
    """Let somebody decide in the place of the caller, and return the delegation.

    Raises InvalidInput, ProjectNotFound, ProjectMilestoneNotFound, DelegationChain, TooManyDelegations.
    """
    delegation_id = ids.new(delegations.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        _require_sound(caller, sent, now)
        project_id = _project_of(caller, sent)
        own, theirs, checks = _read(caller, sent, project_id)
        new = Delegation(
            tenant_id=caller.tenant_id,
            delegation_id=delegation_id,
            principal_id=caller.user_id,
            delegate_id=sent.delegate_id,
            scope=sent.scope,
            permissions=[*sent.permissions],
            starts_at=clock.to_rfc3339(sent.starts_at),
            ends_at=clock.to_rfc3339(sent.ends_at),
            reason=sent.reason,
            created_at=clock.to_rfc3339(now),
            version=1,
            project_id=project_id,
            project_milestone_id=sent.project_milestone_id,
        )
        require_no_chain(new, own, theirs)
        writes = [
            Put(delegations.to_item(new), ABSENT),
            headed(own, own.kept(now)._replace(given=[*own.kept(now).given, new._asdict()])),
            headed(theirs, theirs.kept(now)._replace(taken=[*theirs.kept(now).taken, new._asdict()])),
            *checks,
            _told("created", new, now),
        ]
        return Plan(delegations.view(new, now), writes)

    return changes.make(plan, claim=claim)


def revoke(caller: Caller, delegation_id: str, *, claim: Claim | None = None) -> Answer:
    """End a delegation that the caller has given, and return it; one that is revoked stays so.

    Raises DelegationNotFound.
    """
    if not ids.is_valid(delegation_id, delegations.ID):
        raise DelegationNotFound

    def plan() -> Plan[View]:
        now = clock.now()
        place = delegations.key(caller.user_id, delegation_id)
        found, own = table.get_many([place, head_key(caller.user_id)], consistent=True)
        if found is None or found["tenant_id"] != caller.tenant_id:
            raise DelegationNotFound
        before = delegations.from_item(found)
        if before.revoked_at is not None:
            return Plan(delegations.view(before, now))
        after = before._replace(revoked_at=clock.to_rfc3339(now), version=before.version + 1)
        other = table.get(head_key(before.delegate_id), consistent=True)
        heads = [head_of(caller.user_id, own), head_of(before.delegate_id, other)]
        writes: list[Write] = [
            Put(delegations.to_item(after), unchanged(before.version)),
            *[headed(each, each.kept(now).without(delegation_id)) for each in heads],
            _told("revoked", after, now),
        ]
        return Plan(delegations.view(after, now), writes)

    return changes.make(plan, claim=claim)


def page(caller: Caller, *, received: bool, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of what the caller has delegated, or was delegated to them; one query. Raises Malformed."""
    found, next_cursor = delegations.listed(caller.user_id, received=received, limit=limit, cursor=cursor)
    now = clock.now()
    return [delegations.view(each, now) for each in found if each.tenant_id == caller.tenant_id], next_cursor


def _require_sound(caller: Caller, sent: Sent, now: Instant) -> None:
    if sent.delegate_id == caller.user_id or not ids.is_valid(sent.delegate_id, "user"):
        raise InvalidInput.of("delegate_id", "must be another user of your tenant")
    if not sent.starts_at < sent.ends_at <= sent.starts_at + LONGEST:
        raise InvalidInput.of("ends_at", "must be after starts_at, by 90 days at most")
    if sent.ends_at <= now:
        raise InvalidInput.of("ends_at", "must be to come")
    for name, scope in (("project_id", "project"), ("project_milestone_id", "milestone")):
        if (getattr(sent, name) is None) == (sent.scope == scope):
            raise InvalidInput.of(name, f"must be sent with the scope {scope}, and with no other")


def _project_of(caller: Caller, sent: Sent) -> str | None:
    """Return the project that is delegated, or that of the milestone which is: one that the caller may see."""
    if sent.project_milestone_id is not None:
        return opening.milestone(caller, sent.project_milestone_id).milestone.project_id
    if sent.project_id is not None:
        access.open_project(caller, sent.project_id)
    return sent.project_id


def _read(caller: Caller, sent: Sent, project_id: str | None) -> tuple[Head, Head, list[Write]]:
    """Return the heads of both people, and the checks that both belong to the tenant, and the delegate to the project.

    Raises InvalidInput.
    """
    people = (caller.user_id, sent.delegate_id)
    memberships = [auth.membership_key(caller.tenant_id, each) for each in people]
    member = [] if project_id is None else [project_members.key(caller.tenant_id, project_id, sent.delegate_id)]
    own, theirs, *found = table.get_many([*[head_key(each) for each in people], *memberships, *member], consistent=True)
    if not seating.may_decide(found[1]):
        raise InvalidInput.of("delegate_id", "must be another user of your tenant who may decide")
    if member and found[2] is None:
        raise InvalidInput.of("delegate_id", "must be a member of the project")
    checks: list[Write] = [
        *[_unchanged(place, item) for place, item in zip(memberships, found[:2], strict=True)],
        *[Check(place, PRESENT) for place in member],
    ]
    return head_of(people[0], own), head_of(people[1], theirs), checks


def _unchanged(place: Key, item: Item | None) -> Check:
    return Check(place, ABSENT if item is None else unchanged(item["version"]))


def _told(what: str, delegation: Delegation, at: Instant) -> Put:
    """Return the write of the event `projects.delegation.<what>`, which concerns the delegate."""
    names = ("delegation_id", "principal_id", "delegate_id", "scope", "starts_at", "ends_at")
    places = ("project_id", "project_milestone_id")
    told = {name: getattr(delegation, name) for name in names}
    told |= {name: getattr(delegation, name) for name in places if getattr(delegation, name) is not None}
    return events.occurred(
        f"projects.delegation.{what}",
        partition=f"USER#{delegation.principal_id}",
        subject_id=delegation.delegation_id,
        tenant_id=delegation.tenant_id,
        at=at,
        data=told,
        concerns=[Concern(delegation.delegate_id, "assigned")],
    )
