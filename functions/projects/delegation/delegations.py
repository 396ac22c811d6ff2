"""A delegation: somebody may decide for another, within a scope, from an instant on and before another.

It lies with the principal, and in the index with the delegate. Beside it each person has a head: what they have given
and taken and is not over. Both heads are in the transaction of each delegation, so no chain comes about by two halves,
and a decision finds by one read whether a delegation is in force.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared import clock
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Check, Condition, Put, unchanged

View = dict[str, Any]
Scope = Literal["milestone", "project", "tenant"]
Permission = Literal["approve", "reject"]

ID: Final = "dlg"
PREFIX: Final = "DELEGATION#"
LISTED: Final = "ENTITY#Delegation#"
LONGEST: Final = 90 * clock.DAY
MOST: Final = 20
"""How many delegations that are not over somebody may have given, and taken."""


class DelegationNotFound(NotFound):
    """404: you have given no such delegation."""

    def __init__(self) -> None:
        super().__init__("You have given no delegation with this id.")


class Delegation(NamedTuple):
    """A delegation as it is stored; it is in force from `starts_at` on, and at `ends_at` no more."""

    tenant_id: str
    delegation_id: str
    principal_id: str
    delegate_id: str
    scope: Scope
    permissions: Sequence[Permission]
    starts_at: str
    ends_at: str
    reason: str
    created_at: str
    version: int
    project_id: str | None = None
    project_milestone_id: str | None = None
    revoked_at: str | None = None

    def covers(self, project_id: str | None, milestone_id: str | None) -> bool:
        """Return whether work of this milestone of this project is within its scope."""
        if self.scope == "tenant":
            return True
        if self.scope == "project":
            return self.project_id == project_id
        return self.project_milestone_id == milestone_id

    def is_in_force(self, now: Instant) -> bool:
        """Return whether it is in force at an instant, if it is not revoked."""
        return clock.from_stored(self.starts_at) <= now < clock.from_stored(self.ends_at)

    def overlaps(self, other: "Delegation") -> bool:
        """Return whether there is an instant at which both are in force."""
        # Instants are stored in texts that sort as they do.
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Head(NamedTuple):
    """What a person has given and taken that is neither revoked nor over, under a version; 0 for none yet."""

    user_id: str
    given: Sequence[Mapping[str, Any]] = ()
    taken: Sequence[Mapping[str, Any]] = ()
    version: int = 0

    @property
    def delegations(self) -> list[Delegation]:
        """What they have given."""
        return [Delegation(**each) for each in self.given]

    @property
    def received(self) -> list[Delegation]:
        """What they have taken."""
        return [Delegation(**each) for each in self.taken]

    def kept(self, now: Instant) -> "Head":
        """Return the head without what is over."""
        return self._replace(given=_kept(self.given, now), taken=_kept(self.taken, now))

    def without(self, delegation_id: str) -> "Head":
        """Return the head without a delegation."""
        return self._replace(
            given=[each for each in self.given if each["delegation_id"] != delegation_id],
            taken=[each for each in self.taken if each["delegation_id"] != delegation_id],
        )


def key(principal_id: str, delegation_id: str) -> Key:
    """Return the key of a delegation."""
    return Key(f"USER#{principal_id}", f"{PREFIX}{delegation_id}")


def head_key(user_id: str) -> Key:
    """Return the key of the head of a person."""
    return Key(f"USER#{user_id}", "DELEGATIONS")


def head_of(user_id: str, item: Item | None) -> Head:
    """Return the head of a person by its item."""
    return Head(user_id) if item is None else records.from_item(Head, item)


def headed(before: Head, after: Head) -> Put:
    """Return the write of a head, which is still as it was read."""
    item = records.to_item(head_key(before.user_id), "DelegationHead", after._replace(version=before.version + 1))
    return Put(item, unchanged(before.version) if before.version else ABSENT)


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
    """Return the check that a delegation was not revoked since it was read."""
    condition = Condition(
        "#version = :version AND attribute_not_exists(#revoked)",
        {"#version": "version", "#revoked": "revoked_at"},
        {":version": delegation.version},
    )
    return Check(key(delegation.principal_id, delegation.delegation_id), condition)


def view(delegation: Delegation, now: Instant) -> View:
    """Return what both people see of a delegation."""
    shown = delegation._asdict() | {"permissions": [*delegation.permissions]}
    del shown["tenant_id"]
    return shown | {"is_in_force": delegation.revoked_at is None and delegation.is_in_force(now)}


def _kept(stored: Sequence[Mapping[str, Any]], now: Instant) -> list[Mapping[str, Any]]:
    return [each for each in stored if clock.from_stored(each["ends_at"]) > now]
