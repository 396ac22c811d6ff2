"""A delegation: somebody may decide for another, within a scope, from an instant on and before another.

It lies with the principal, and in the index with the delegate; the heads of both people list it
(`shared/teamwork/delegations.py`).
"""

from typing import Any, Final

from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Check, Condition
from shared.teamwork import absences
from shared.teamwork.delegations import Delegation

View = dict[str, Any]

ID: Final = "dlg"
PREFIX: Final = "DELEGATION#"
LISTED: Final = "ENTITY#Delegation#"


class DelegationNotFound(NotFound):
    """404: you have given no such delegation."""

    def __init__(self) -> None:
        super().__init__("You have given no delegation with this id.")


def key(principal_id: str, delegation_id: str) -> Key:
    """Return the key of a delegation."""
    return Key(f"USER#{principal_id}", f"{PREFIX}{delegation_id}")


def to_item(delegation: Delegation) -> Item:
    """Return the item of a delegation; the index lists it with the delegate, by when it ends."""
    listed = {
        "GSI1PK": f"USER#{delegation.delegate_id}",
        "GSI1SK": f"{LISTED}{delegation.ends_at}#{delegation.delegation_id}",
    }
    place = key(delegation.principal_id, delegation.delegation_id)
    return records.to_item(place, "Delegation", delegation) | listed


def from_item(item: Item) -> Delegation:
    """Return the delegation of an item."""
    return records.from_item(Delegation, item)


def listed(user_id: str, *, received: bool, limit: int, cursor: str | None) -> tuple[list[Delegation], str | None]:
    """Return a page of what somebody has given, the oldest first, or has been given, by its end; one query."""
    prefix = LISTED if received else PREFIX
    found = table.query(f"USER#{user_id}", prefix, index=received, newest_first=received, limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def still_in_force(delegation: Delegation) -> Check:
    """Return the check that a delegation was not revoked, or an absence not changed, since it was read."""
    if delegation.is_absence:
        return absences.unchanged_since(delegation)
    condition = Condition(
        "#version = :version AND attribute_not_exists(#revoked)",
        {"#version": "version", "#revoked": "revoked_at"},
        {":version": delegation.version},
    )
    return Check(key(delegation.principal_id, delegation.delegation_id), condition)


def view(delegation: Delegation, now: Instant) -> View:
    """Return what both people see of a delegation."""
    shown = delegation._asdict() | {"permissions": [*delegation.permissions]}
    del shown["tenant_id"], shown["is_absence"]
    return shown | {"is_in_force": delegation.revoked_at is None and delegation.is_in_force(now)}
