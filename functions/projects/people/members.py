"""A member of a project: the record, its keys, and its events.

The item lies with the project, so whoever opens a project reads it in the same call, and in the index with the user, so
one query finds their projects. What lists show of the project is copied into it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared.callers import project_members
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records
from shared.storage.attributes import Item, Key
from shared.storage.events import Concern
from shared.storage.writes import Put

View = dict[str, Any]
Role = Literal["manager", "creator", "verifier", "finance", "viewer", "client"]

FOR_WRITERS: Final = frozenset[Role]({"manager", "creator"})
"""The roles that are nothing without a role in the tenant that may write there."""
LISTED: Final = "ENTITY#ProjectMember#"
MOST: Final = 200
"""How many members a project may have."""


class ProjectMemberNotFound(NotFound):
    """404: the project has no such member."""

    def __init__(self) -> None:
        super().__init__("The project has no such member.")


class ProjectMember(NamedTuple):
    """A member of a project as it is stored.

    `project` is what lists show of the project: a copy, which follows it by events.
    """

    tenant_id: str
    project_id: str
    user_id: str
    roles: Sequence[Role]
    created_at: str
    updated_at: str
    version: int
    skills: Sequence[str] = ()
    project: Mapping[str, Any] = {}


def key(member: ProjectMember) -> Key:
    """Return the key of a member."""
    return project_members.key(member.tenant_id, member.project_id, member.user_id)


def of_user(user_id: str) -> str:
    """Return the partition of the index that lists the projects of a user."""
    return f"USER#{user_id}"


def to_item(member: ProjectMember) -> Item:
    """Return the item of a member."""
    listed = {
        "GSI1PK": of_user(member.user_id),
        "GSI1SK": f"{LISTED}{member.created_at}#{member.project_id}",
    }
    return records.to_item(key(member), "ProjectMember", member) | listed


def from_item(item: Item) -> ProjectMember:
    """Return the member of an item."""
    return records.from_item(ProjectMember, item)


def without_writing(roles: Iterable[Role]) -> list[Role]:
    """Return the roles that are left to a member who may not write in the tenant: `viewer` if there were no others."""
    return [role for role in roles if role not in FOR_WRITERS] or ["viewer"]


def happened(what: str, member: ProjectMember, at: Instant) -> Put:
    """Return the write of the event `projects.member.<what>`; it concerns the member."""
    return events.occurred(
        f"projects.member.{what}",
        partition=key(member).pk,
        subject_id=member.user_id,
        tenant_id=member.tenant_id,
        at=at,
        data={"project_id": member.project_id, "user_id": member.user_id, "roles": [*member.roles]},
        concerns=[Concern(member.user_id, "assigned")],
    )


def view(member: ProjectMember) -> View:
    """Return what the members of a project see of one."""
    shown = member._asdict() | {"roles": [*member.roles], "skills": [*member.skills]}
    del shown["tenant_id"], shown["project"]
    return shown
