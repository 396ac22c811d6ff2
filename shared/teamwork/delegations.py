"""A delegation as all contexts know it: somebody may decide for another, within a scope, for a time.

Each person has a head: what they have given and taken and is not over. Both heads are in the transaction of each
delegation, so no chain comes about by two halves, and a decision finds by one read whether a delegation is in force.
Projects write delegations that people give; identity writes those of people who are out of office (`absences.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared import clock
from shared.clock import Instant
from shared.errors import Conflict, NotAllowed
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

Scope = Literal["milestone", "project", "tenant"]
Permission = Literal["approve", "reject"]

LONGEST: Final = 90 * clock.DAY
MOST: Final = 20
"""How many delegations that are not over somebody may have given, and taken."""


class DelegationChain(NotAllowed):
    """422: nobody hands on what was delegated to them."""

    def __init__(self) -> None:
        super().__init__(
            "In this time somebody has delegated to you, or your delegate has delegated to somebody else. "
            "What is delegated is not handed on: choose another time or another person."
        )


class TooManyDelegations(Conflict):
    """409: somebody has 20 delegations at most that are not over, given or taken."""

    def __init__(self) -> None:
        super().__init__(f"A person has {MOST} delegations at most. Revoke one first.")


class Delegation(NamedTuple):
    """A delegation as it is stored; it is in force from `starts_at` on, and at `ends_at` no more.

    `is_absence`: it is that of somebody who is out of office, and lies in their absence alone.
    """

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
    is_absence: bool = False

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


def require_no_chain(new: Delegation, own: Head, theirs: Head) -> None:
    """Require that neither person hands on what was delegated. Raises DelegationChain, TooManyDelegations."""
    if any(each.overlaps(new) for each in [*own.received, *theirs.delegations]):
        raise DelegationChain
    now = clock.from_stored(new.created_at)
    if max(len(own.kept(now).given), len(theirs.kept(now).taken)) >= MOST:
        raise TooManyDelegations


def _kept(stored: Sequence[Mapping[str, Any]], now: Instant) -> list[Mapping[str, Any]]:
    return [each for each in stored if clock.from_stored(each["ends_at"]) > now]
