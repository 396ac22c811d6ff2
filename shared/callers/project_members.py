"""Who is a member of a project, or of a team of it: the keys by which any context asks, and its refusal."""

from typing import Final

from shared import ids
from shared.callers.caller import Caller
from shared.errors import NotFound
from shared.storage import table
from shared.storage.attributes import Item, Key

ADMIN: Final = "projects:admin"
"""The scope of callers who count as managers of every project of their tenant."""
ID: Final = "prj"
PREFIX: Final = "MEMBER#"
TEAM: Final = "team"
"""What the ids of teams begin with."""
TEAM_PREFIX: Final = "TEAM#"


class ProjectNotFound(NotFound):
    """404: there is no such project, or none that you may see."""

    def __init__(self) -> None:
        super().__init__("There is no such project, or none that you may see.")


def partition(tenant_id: str, project_id: str) -> str:
    """Return the partition of a project: the project itself, its totals, its members and the list of its milestones."""
    return f"TENANT#{tenant_id}#PRJ#{project_id}"


def project_of(item: Item) -> str:
    """Return the id of the project in whose partition an item lies."""
    return str(item["PK"].rpartition("#")[2])


def project_key(tenant_id: str, project_id: str) -> Key:
    """Return the key of a project itself."""
    return Key(partition(tenant_id, project_id), "PROJECT")


def key(tenant_id: str, project_id: str, user_id: str) -> Key:
    """Return the key of a user's membership of a project; there is an item as long as they are a member."""
    return Key(partition(tenant_id, project_id), f"{PREFIX}{user_id}")


def team_key(tenant_id: str, project_id: str, team_id: str) -> Key:
    """Return the key of a team of a project; its item has the ids of its people in `people`."""
    return Key(partition(tenant_id, project_id), f"{TEAM_PREFIX}{team_id}")


def require_visible(caller: Caller, project_id: str) -> None:
    """Require that a caller may see what is said of a project; one read if its id is one of `functions/projects`.

    Projects of tracked milestones have ids of the tenant's own and no members: everybody sees them.
    Raises ProjectNotFound.
    """
    if not ids.is_valid(project_id, ID) or ADMIN in caller.scopes:
        return
    if table.get(key(caller.tenant_id, project_id, caller.user_id)) is None:
        raise ProjectNotFound
