"""What a caller may do in a project: their scopes let them in, their roles in the project say what for.

To everybody without a role in it a project does not exist, but for callers with the scope `projects:admin`, who count
as its managers.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.projects import projects
from functions.projects.people import members
from functions.projects.people.members import Role
from functions.projects.projects import Project
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.callers.project_members import ADMIN, ProjectNotFound
from shared.errors import Forbidden
from shared.storage import table
from shared.storage.attributes import Item, Key

_SEES_AMOUNTS: Final = frozenset[Role]({"manager", "finance", "client"})
SEES_NOTES: Final = frozenset[Role]({"manager", "creator", "verifier", "finance"})
"""To whom internal notes are shown, if they are no guests."""
WORKING: Final = frozenset({"owner", "admin", "member"})
"""The roles in a tenant that may change what is in its projects."""
_READING: Final = frozenset({"viewer", "guest"})
LEADING: Final = frozenset({"owner", "admin"})
"""The roles in a tenant that count as a manager in all of its projects."""


class RoleRequired(Forbidden):
    """403: your role in the project does not allow this."""

    def __init__(self, *roles: str) -> None:
        super().__init__(f"Your role in the project does not allow this. It takes {' or '.join(roles)}.")


class AdminRequired(Forbidden):
    """403: what is of all projects is for admins of the tenant."""

    def __init__(self) -> None:
        super().__init__("All projects are for admins of the tenant. Name a project of yours, or ask an admin.")


def may_write(membership: Item | None) -> bool:
    """Return whether whose membership of a tenant was read belongs to it, in a role that may write in its projects."""
    return membership is not None and auth.is_member(membership) and membership["role"] in WORKING


class Standing(NamedTuple):
    """Who somebody is in a project."""

    user_id: str
    roles: frozenset[Role]
    is_admin: bool = False
    is_guest: bool = False

    def is_any(self, *roles: Role) -> bool:
        """Return whether they have one of the roles; an admin counts as a manager."""
        return bool(self.roles & {*roles}) or (self.is_admin and "manager" in roles)

    def require(self, *roles: Role) -> None:
        """Require that they have one of the roles. Raises RoleRequired."""
        if not self.is_any(*roles):
            raise RoleRequired(*roles)

    @property
    def sees_amounts(self) -> bool:
        """Whether amounts of the project's milestones are for them."""
        return self.is_any(*_SEES_AMOUNTS)

    @property
    def sees_internal_notes(self) -> bool:
        """Whether internal notes are for them: never for people from outside."""
        return not self.is_guest and self.is_any(*SEES_NOTES)


class Opened(NamedTuple):
    """A project that the caller may see, who they are in it, and what else was read in the same call."""

    project: Project
    standing: Standing
    others: Sequence[Item | None] = ()


def open_project(caller: Caller, project_id: str, *, also: Sequence[Key] = (), consistent: bool = True) -> Opened:
    """Return a project that the caller may see, and the items of other keys; one call. Raises ProjectNotFound."""
    place = projects.key(caller.tenant_id, project_id)
    own = project_members.key(caller.tenant_id, project_id, caller.user_id)
    item, member, *others = table.get_many([place, own, *also], consistent=consistent)
    standing = of_member(caller, member)
    if item is None or standing is None:
        raise ProjectNotFound
    return Opened(projects.from_item(item), standing, others)


def of_member(caller: Caller, item: Item | None) -> Standing | None:
    """Return who the caller is by their item of membership, None for somebody without a role who is no admin.

    A viewer or a guest of the tenant has no role that is for those who may write in it, whatever the item says.
    """
    roles = frozenset(members.from_item(item).roles) if item is not None else frozenset[Role]()
    if roles and _READING & {*caller.roles}:
        roles = frozenset(members.without_writing(roles))
    is_admin = ADMIN in caller.scopes
    if not roles and not is_admin:
        return None
    return Standing(caller.user_id, roles, is_admin, "guest" in caller.roles)
