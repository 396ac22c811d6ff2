"""How members come into a project, change their roles, and leave it."""

from collections.abc import Sequence

from functions.projects import projects, totals
from functions.projects.people import access, members
from functions.projects.people.members import ProjectMember, ProjectMemberNotFound, Role, View
from functions.projects.projects import Project
from shared import clock, ids
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, PRESENT, Check, Delete, Put, Write, unchanged


class TooManyMembers(Conflict):
    """409: a project has 200 members at most."""

    def __init__(self) -> None:
        super().__init__(f"A project has {members.MOST} members at most. Remove one first.")


def put(
    caller: Caller, project_id: str, user_id: str, roles: Sequence[Role], skills: Sequence[str], *, if_match: str | None
) -> View:
    """Make a user of the tenant a member of a project, or change their roles and skills, and return the member.

    Raises ProjectNotFound, RoleRequired, InvalidInput, TooManyMembers, versions.VersionChanged.
    """
    if not ids.is_valid(user_id, "user"):
        raise _stranger()
    membership = auth.membership_key(caller.tenant_id, user_id)

    def plan() -> Plan[View]:
        now = clock.now()
        keys = [
            project_members.key(caller.tenant_id, project_id, user_id),
            totals.key(caller.tenant_id, project_id),
            membership,
        ]
        opened = access.open_project(caller, project_id, also=keys)
        opened.standing.require("manager")
        item, counted, of_tenant = opened.others
        before = None if item is None else members.from_item(item)
        versions.require(if_match, 0 if before is None else before.version)
        _require_bearable(roles, of_tenant)
        moment = clock.to_rfc3339(now)
        writes: list[Write] = [Check(membership, PRESENT), _as_copied(opened.project)]
        if before is None:
            if totals.of(counted).members >= members.MOST:
                raise TooManyMembers
            copied = projects.copied(opened.project, totals.copied(counted))
            new = ProjectMember(caller.tenant_id, project_id, user_id, roles, moment, moment, 1, skills, copied)
            writes += _joined(new, now)
        else:
            new = before._replace(roles=roles, skills=skills, updated_at=moment, version=before.version + 1)
            writes += [Put(members.to_item(new), unchanged(before.version)), members.happened("changed", new, now)]
        return Plan(members.view(new), writes)

    return changes.make(plan)


def remove(caller: Caller, project_id: str, user_id: str, *, if_match: str | None) -> None:
    """End a membership; for managers, and for members who leave.

    Raises ProjectNotFound, RoleRequired, ProjectMemberNotFound, versions.VersionChanged.
    """

    def plan() -> Plan[None]:
        place = project_members.key(caller.tenant_id, project_id, user_id)
        own = () if user_id == caller.user_id or not ids.is_valid(user_id, "user") else (place,)
        opened = access.open_project(caller, project_id, also=own)
        if user_id != caller.user_id:
            opened.standing.require("manager")
        item = opened.others[0] if own else table.get(place, consistent=True)
        if item is None:
            raise ProjectMemberNotFound
        member = members.from_item(item)
        versions.require(if_match, member.version)
        writes: list[Write] = [
            Delete(place, unchanged(member.version)),
            *totals.added(caller.tenant_id, project_id, {"members": -1}),
            members.happened("removed", member, clock.now()),
        ]
        return Plan(None, writes)

    changes.make(plan)


def page(caller: Caller, project_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the members of a project; one call to open it, and one query. Raises ProjectNotFound."""
    access.open_project(caller, project_id)
    partition = project_members.partition(caller.tenant_id, project_id)
    found = table.query(partition, project_members.PREFIX, limit=limit, cursor=cursor)
    return [members.view(members.from_item(item)) for item in found.items], found.next_cursor


def _joined(member: ProjectMember, at: Instant) -> list[Write]:
    return [
        Put(members.to_item(member), ABSENT),
        *totals.added(member.tenant_id, member.project_id, {"members": 1}),
        members.happened("added", member, at),
    ]


def _as_copied(project: Project) -> Check:
    """Return the check that a project is as it was read.

    A change at the same instant would not find who joins, and their copy would stay behind.
    """
    return Check(projects.key(project.tenant_id, project.project_id), unchanged(project.version))


def _require_bearable(roles: Sequence[Role], of_tenant: Item | None) -> None:
    """Require that whose membership was read belongs to the tenant, and may have such roles. Raises InvalidInput."""
    if not auth.is_member(of_tenant):
        raise _stranger()
    if members.FOR_WRITERS & {*roles} and not access.may_write(of_tenant):
        raise _reader()


def _stranger() -> InvalidInput:
    return InvalidInput.of("user_id", "must be a user of your tenant")


def _reader() -> InvalidInput:
    return InvalidInput.of(
        "roles",
        "must not have manager or creator, because the user is a viewer or a guest of your tenant; "
        "choose verifier, finance, client or viewer, or make them a member of the tenant first",
    )
