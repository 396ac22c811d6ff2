"""An owner of a milestone: the record, its keys, and the lock that lets a milestone have one primary owner."""

from typing import Any, Final, Literal, NamedTuple

from shared import ids
from shared.callers import project_members
from shared.errors import Conflict, NotFound
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Check, Condition, Delete, Put

View = dict[str, Any]
Role = Literal["primary", "secondary", "reviewer", "approver", "observer", "contributor"]
Status = Literal["assigned", "active"]

TEAM: Final = project_members.TEAM
"""What the ids of teams begin with."""
PREFIX: Final = "OWNER#"
TEAMS: Final = f"{PREFIX}{TEAM}_"
"""What the keys of owners that are teams begin with."""
LISTED: Final = "ENTITY#Owner#"
MOST: Final = 20
"""How many owners a milestone may have."""
_NO_DAY: Final = "9999-12-31"


class PrimaryOwnerExists(Conflict):
    """409: the milestone has a primary owner."""

    def __init__(self) -> None:
        super().__init__("The milestone has a primary owner. Transfer the ownership, or remove that owner first.")


class MilestoneOwnerNotFound(NotFound):
    """404: the milestone has no such owner."""

    def __init__(self) -> None:
        super().__init__("The milestone has no such owner.")


class Owner(NamedTuple):
    """An owner of a milestone as it is stored; `assigned` ones have not accepted yet.

    `user_id` is the id of a user, or that of a team, which is never the primary owner and has nothing to accept.
    `project_id` finds the entry of the milestone, and whether the owner is a member, in one call for a list of them.
    """

    project_milestone_id: str
    user_id: str
    role: Role
    status: Status
    workload_percent: int
    assigned_by: str
    created_at: str
    version: int
    project_id: str = ""

    @property
    def is_team(self) -> bool:
        """Whether it is a team."""
        return ids.is_valid(self.user_id, TEAM)


class Primary(NamedTuple):
    """Who holds the lock of the primary owner; one that is not active has not accepted yet."""

    user_id: str
    is_active: bool


def key(partition: str, user_id: str) -> Key:
    """Return the key of an owner of the milestone with this partition."""
    return Key(partition, f"{PREFIX}{user_id}")


def lock_key(partition: str) -> Key:
    """Return the key of the lock that the primary owner of a milestone holds."""
    return Key(partition, "PRIMARYOWNER")


def primary_of(item: Item | None) -> Primary | None:
    """Return who the primary owner is by the item of the lock, None without one."""
    return None if item is None else records.from_item(Primary, item)


def locked(partition: str, primary: Primary) -> Put:
    """Return the write that takes the lock, which nobody may hold."""
    return Put(records.to_item(lock_key(partition), "PrimaryOwner", primary), ABSENT)


def handed_on(partition: str, before: Primary, after: Primary) -> Put:
    """Return the write that changes who holds the lock, or as what."""
    return Put(records.to_item(lock_key(partition), "PrimaryOwner", after), _held(before))


def released(partition: str, primary: Primary) -> Delete:
    """Return the write that gives the lock up."""
    return Delete(lock_key(partition), _held(primary))


def still_held(partition: str, primary: Primary) -> Check:
    """Return the check that the primary owner is still the one who was read."""
    return Check(lock_key(partition), _held(primary))


def still_free(partition: str) -> Check:
    """Return the check that there is still no primary owner."""
    return Check(lock_key(partition), ABSENT)


def to_item(partition: str, owner: Owner, due_on: str | None) -> Item:
    """Return the item of an owner; the index lists it with the user, by the day on which the milestone is due."""
    tenant_id = partition.partition("#")[2].partition("#")[0]
    listed = {
        "GSI1PK": of_team(tenant_id, owner.user_id) if owner.is_team else f"USER#{owner.user_id}",
        "GSI1SK": f"{LISTED}{due_on or _NO_DAY}#{owner.project_milestone_id}",
    }
    return records.to_item(key(partition, owner.user_id), "Owner", owner) | listed


def of_team(tenant_id: str, team_id: str) -> str:
    """Return the partition of the index that lists what a team owns."""
    return f"TENANT#{tenant_id}#TEAM#{team_id}"


def is_listed(item: Item) -> bool:
    """Return whether the index lists the item of an owner."""
    return "GSI1PK" in item


def unlisted(item: Item) -> Item:
    """Return the item of an owner that the index lists no more, because the milestone is closed."""
    return {name: value for name, value in item.items() if name not in ("GSI1PK", "GSI1SK")}


def from_item(item: Item) -> Owner:
    """Return the owner of an item."""
    return records.from_item(Owner, item)


def lies_in(item: Item, partition: str) -> bool:
    """Return whether the item of an owner lies in this partition of a milestone: a user may be in many tenants."""
    return bool(item["PK"] == partition)


def lies_in_tenant(item: Item, tenant_id: str) -> bool:
    """Return whether the item of an owner is of this tenant, and says of which project it is."""
    return bool(item["PK"].startswith(f"TENANT#{tenant_id}#")) and "project_id" in item


def view(owner: Owner) -> View:
    """Return what members of the project see of an owner."""
    shown = owner._asdict()
    del shown["project_id"]
    shown |= {"total_workload_percent": None, "is_overloaded": None}
    team_id, user_id = (owner.user_id, None) if owner.is_team else (None, owner.user_id)
    return shown | {"user_id": user_id, "team_id": team_id}


def _held(primary: Primary) -> Condition:
    return Condition(
        "#user = :user AND #active = :active",
        {"#user": "user_id", "#active": "is_active"},
        {":user": primary.user_id, ":active": primary.is_active},
    )
