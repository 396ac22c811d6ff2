"""A project: its record, its keys, its events, and what callers see of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.projects import totals
from shared import ids
from shared.calendars import business_hours, working_days
from shared.calendars.business_hours import Hours
from shared.callers import project_members
from shared.callers.project_members import ProjectNotFound
from shared.clock import Instant
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.events import Event
from shared.storage.writes import Condition, Put

View = dict[str, Any]
Status = Literal["active", "completed", "archived"]

LISTED: Final = "ENTITY#Project#"
WORKING_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
WORKING_HOURS: Final[Mapping[str, str]] = {
    "opens_at": business_hours.OPENS_AT,
    "closes_at": business_hours.CLOSES_AT,
}

IS_ACTIVE: Final = Condition("#status = :active", {"#status": "status"}, {":active": "active"})
"""The project is still there and active."""
_ENTITY: Final = "Project"


class Project(NamedTuple):
    """A project as it is stored. `holidays` are days; `client` has a name, an address, a tax id and an e-mail.

    `counted` is what lists show of its totals: a copy, which follows them by events.
    `escrow`: its payments are made out of its deposits alone, which payments reads (decision 0133).
    Its business hours are `working_hours` of its working days, from `opens_at` to `closes_at` in its time zone.
    """

    tenant_id: str
    project_id: str
    name: str
    currency: str
    status: Status
    created_by: str
    created_at: str
    updated_at: str
    version: int
    time_zone: str = "UTC"
    working_days: Sequence[str] = WORKING_DAYS
    holidays: Sequence[str] = ()
    client: Mapping[str, str | None] | None = None
    working_hours: Mapping[str, str] = WORKING_HOURS
    counted: Mapping[str, int] = {}
    escrow: bool = False

    @property
    def hours(self) -> Hours:
        """Its business hours."""
        days = working_days.of(self.working_days, self.holidays, self.time_zone)
        return Hours(days, self.working_hours["opens_at"], self.working_hours["closes_at"])


def key(tenant_id: str, project_id: str) -> Key:
    """Return the key of a project. Raises ProjectNotFound for an id that none can have."""
    if not ids.is_valid(project_id, project_members.ID):
        raise ProjectNotFound
    return project_members.project_key(tenant_id, project_id)


def tenant_list(tenant_id: str) -> str:
    """Return the partition of the index that lists the projects of a tenant."""
    return f"TENANT#{tenant_id}#PRJ"


def find(tenant_id: str, project_id: str) -> Project | None:
    """Return a project as it is now, None if there is none. Raises ProjectNotFound for an id that none can have."""
    item = table.get(key(tenant_id, project_id), consistent=True)
    return None if item is None else from_item(item)


def listed(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Project], str | None]:
    """Return a page of all projects of a tenant, the newest first; one query. Raises Malformed."""
    found = table.query(tenant_list(tenant_id), LISTED, index=True, newest_first=True, limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def to_item(project: Project) -> Item:
    """Return the item of a project."""
    listed = {
        "GSI1PK": tenant_list(project.tenant_id),
        "GSI1SK": f"{LISTED}{project.created_at}#{project.project_id}",
    }
    return records.to_item(key(project.tenant_id, project.project_id), _ENTITY, project) | listed


def from_item(item: Item) -> Project:
    """Return the project of an item."""
    return records.from_item(Project, item)


def is_in_currency(currency: str) -> Condition:
    """Return the condition that the project is active and its amounts are in this currency."""
    return Condition(
        f"{IS_ACTIVE.expression} AND #currency = :currency",
        {**IS_ACTIVE.names, "#currency": "currency"},
        {**IS_ACTIVE.values, ":currency": currency},
    )


def happened(what: str, project: Project, at: Instant) -> Put:
    """Return the write of the event `projects.project.<what>` of a project as it is stored after it."""
    return events.occurred(
        f"projects.project.{what}",
        partition=key(project.tenant_id, project.project_id).pk,
        subject_id=project.project_id,
        tenant_id=project.tenant_id,
        at=at,
        data=_identified(project),
        state=stated(project),
    )


def restated(project: Project) -> Event:
    """Return the event that says how a project is stored now."""
    return events.stated(
        "projects.project",
        subject_id=project.project_id,
        tenant_id=project.tenant_id,
        data=_identified(project),
        state=stated(project),
    )


def stated(project: Project, *, status: str | None = None) -> dict[str, Any]:
    """Return the state of a project as its events announce it."""
    return {
        "version": project.version,
        "created_at": project.created_at,
        "status": status or project.status,
        "currency": project.currency,
        "time_zone": project.time_zone,
    }


def deleted(project: Project, at: Instant) -> Put:
    """Return the write of the event that a project is gone."""
    event = happened("deleted", project._replace(version=project.version + 1), at)
    return Put(event.item | {"state": {**event.item["state"], "status": "deleted"}}, event.condition)


def view(project: Project) -> View:
    """Return what members of a project see of it."""
    shown = project._asdict()
    del shown["tenant_id"], shown["counted"]
    plain = {
        "working_days": [*project.working_days],
        "holidays": [*project.holidays],
        "working_hours": dict(project.working_hours),
    }
    return shown | plain | {"client": None if project.client is None else dict(project.client)}


def summary(project: Project) -> View:
    """Return what lists show of a project, but for how far it is."""
    return {
        "project_id": project.project_id,
        "name": project.name,
        "status": project.status,
        "currency": project.currency,
        "client": None if project.client is None else dict(project.client),
        "created_at": project.created_at,
        "version": project.version,
    }


def copied(project: Project, counted: Mapping[str, int]) -> View:
    """Return what each member of a project keeps of it, so that one query lists their projects."""
    return summary(project) | {"counted": dict(counted)}


def listed_view(copy: Mapping[str, Any]) -> View:
    """Return what lists show of a project by the copy of a member, with how far it is."""
    shown = {name: value for name, value in copy.items() if name != "counted"}
    return shown | totals.summary(copy.get("counted"))


def _identified(project: Project) -> dict[str, Any]:
    return {"project_id": project.project_id, "project_version": project.version, "status": project.status}
