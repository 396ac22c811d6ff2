"""How a project is created, changed, completed, reopened, archived and deleted."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from functions.projects import projects, totals
from functions.projects.people import access, members, teams
from functions.projects.people.members import ProjectMember
from functions.projects.projects import Project, Status, View
from shared import clock, ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.errors import Conflict
from shared.storage import changes, table, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

Command = Literal["complete", "reopen", "archive"]


class _Move(NamedTuple):
    """What a command makes of a project."""

    before: Status
    after: Status
    event: str


COMMANDS: Final[Mapping[Command, _Move]] = {
    "complete": _Move("active", "completed", "completed"),
    "reopen": _Move("completed", "active", "reopened"),
    "archive": _Move("completed", "archived", "archived"),
}


class ProjectStatusNotPossible(Conflict):
    """409: a project in its status cannot be completed, reopened, archived or changed like this."""

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"The project is {status}. It cannot be {wanted} now.")


class MilestonesOpen(Conflict):
    """409: a project is completed when each of its milestones is approved or cancelled."""

    def __init__(self) -> None:
        super().__init__("Milestones of the project are neither approved nor cancelled. Approve or cancel them first.")


class CurrencyFixed(Conflict):
    """409: the currency stays as it is once a milestone has an amount."""

    def __init__(self) -> None:
        super().__init__("A milestone of the project has an amount. Its currency cannot change any more.")


class ProjectNotEmpty(Conflict):
    """409: a project with milestones is not deleted."""

    def __init__(self) -> None:
        super().__init__("The project has milestones. Delete them first, or complete and archive the project.")


def create(caller: Caller, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Create a project whose manager is the caller, and return it."""
    now = clock.now()
    moment = clock.to_rfc3339(now)
    project = Project(
        tenant_id=caller.tenant_id,
        project_id=ids.new(project_members.ID, at=now),
        status="active",
        created_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        **fields,
    )
    copied = projects.copied(project, totals.copied(None))
    manager = ProjectMember(
        caller.tenant_id, project.project_id, caller.user_id, ["manager"], moment, moment, 1, project=copied
    )
    counted = totals.added(caller.tenant_id, project.project_id, {"members": 1})
    writes: list[Write] = [
        Put(projects.to_item(project), ABSENT),
        Put(members.to_item(manager), ABSENT),
        *counted,
        projects.happened("created", project, now),
    ]
    shown = _shown(project, {"members": 1})
    return changes.make(lambda: Plan(shown, writes), claim=claim)


def change(caller: Caller, project_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change fields of an active project and return it.

    Raises ProjectNotFound, RoleRequired, versions.VersionChanged, ProjectStatusNotPossible, CurrencyFixed.
    """
    counter = totals.key(caller.tenant_id, project_id)

    def plan() -> Plan[View]:
        now = clock.now()
        opened = access.open_project(caller, project_id, also=[counter])
        opened.standing.require("manager")
        before, counted = opened.project, opened.others[0]
        versions.require(if_match, before.version)
        if before.status != "active":
            raise ProjectStatusNotPossible(before.status, "changed")
        writes: list[Write] = []
        if fields.get("currency", before.currency) != before.currency:
            if totals.of(counted).amounts:
                raise CurrencyFixed
            writes.append(totals.require_none(caller.tenant_id, project_id, "amounts"))
        after = before._replace(**fields, updated_at=clock.to_rfc3339(now), version=before.version + 1)
        writes += [Put(projects.to_item(after), unchanged(before.version)), projects.happened("updated", after, now)]
        return Plan(_shown(after, counted), writes)

    return changes.make(plan)


def command(
    caller: Caller, project_id: str, name: Command, *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Complete, reopen or archive a project and return it.

    Raises ProjectNotFound, RoleRequired, versions.VersionChanged, ProjectStatusNotPossible, MilestonesOpen.
    """
    counter = totals.key(caller.tenant_id, project_id)
    move = COMMANDS[name]

    def plan() -> Plan[View]:
        now = clock.now()
        opened = access.open_project(caller, project_id, also=[counter])
        opened.standing.require("manager")
        before, counted = opened.project, opened.others[0]
        versions.require(if_match, before.version)
        if before.status != move.before:
            raise ProjectStatusNotPossible(before.status, move.event)
        after = before._replace(status=move.after, updated_at=clock.to_rfc3339(now), version=before.version + 1)
        writes: list[Write] = [
            Put(projects.to_item(after), unchanged(before.version)),
            projects.happened(move.event, after, now),
        ]
        if name == "complete":
            if totals.of(counted).open:
                raise MilestonesOpen
            writes.append(totals.require_none(caller.tenant_id, project_id, "open"))
        return Plan(_shown(after, counted), writes)

    return changes.make(plan, claim=claim)


def delete(caller: Caller, project_id: str, *, if_match: str | None) -> None:
    """Delete a project without milestones.

    Raises ProjectNotFound, RoleRequired, versions.VersionChanged, ProjectNotEmpty.
    """
    counter = totals.key(caller.tenant_id, project_id)

    def plan() -> Plan[None]:
        opened = access.open_project(caller, project_id, also=[counter])
        opened.standing.require("manager")
        before, counted = opened.project, opened.others[0]
        versions.require(if_match, before.version)
        if totals.of(counted).milestones:
            raise ProjectNotEmpty
        writes: list[Write] = [
            Delete(projects.key(caller.tenant_id, project_id), unchanged(before.version)),
            Delete(counter, totals.require_none(caller.tenant_id, project_id, "milestones").condition),
            projects.deleted(before, clock.now()),
        ]
        return Plan(None, writes)

    changes.make(plan)
    # What a crash leaves of them goes when the consumer hears of it (people/following.py).
    partition = project_members.partition(caller.tenant_id, project_id)
    found = table.query_all(partition, project_members.PREFIX)
    table.delete_many([members.key(members.from_item(item)) for item in found])
    teams.remove_all(caller.tenant_id, project_id)


def _shown(project: Project, counted: Mapping[str, Any] | None) -> View:
    return projects.view(project) | totals.view(dict(counted or {}))
