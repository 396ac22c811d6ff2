"""Out of office: a user is away for a time, and somebody else decides in their place, or nobody does.

Identity writes it; other contexts read it here. With a backup it is a delegation of all open work in the tenant, which
the heads of both people list (`delegations.py`). It is judged by the clock, so nothing begins or ends it.
"""

from typing import Final, NamedTuple

from shared import clock
from shared.clock import Instant
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import Check, Condition, Put, unchanged
from shared.teamwork.delegations import Delegation

ID: Final = "abs"
LONGEST: Final = 366 * clock.DAY
"""How long somebody may be away; with a backup it is as long as a delegation lasts at most."""


class Absence(NamedTuple):
    """When a user is out of office: from `starts_at` on, and at `ends_at` no more; each time of them has an id."""

    tenant_id: str
    user_id: str
    absence_id: str
    starts_at: str
    ends_at: str
    backup_id: str | None
    message: str
    updated_at: str
    version: int
    is_over: bool = False

    def is_away(self, now: Instant) -> bool:
        """Return whether the user is away at an instant."""
        return not self.is_over and clock.from_stored(self.starts_at) <= now < clock.from_stored(self.ends_at)


def key(user_id: str) -> Key:
    """Return the key of the absence of a user, who has one at most."""
    return Key(f"USER#{user_id}", "OUTOFOFFICE")


def found(item: Item | None) -> Absence | None:
    """Return the absence of an item that may not be there."""
    return None if item is None else records.from_item(Absence, item)


def written(absence: Absence, condition: Condition) -> Put:
    """Return the write of an absence."""
    return Put(records.to_item(key(absence.user_id), "Absence", absence), condition)


def delegation(absence: Absence) -> Delegation | None:
    """Return what an absence delegates, None without a backup, or if it was taken back."""
    if absence.backup_id is None or absence.is_over:
        return None
    return Delegation(
        tenant_id=absence.tenant_id,
        delegation_id=absence.absence_id,
        principal_id=absence.user_id,
        delegate_id=absence.backup_id,
        scope="tenant",
        permissions=["approve", "reject"],
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        reason=absence.message,
        created_at=absence.updated_at,
        version=absence.version,
        is_absence=True,
    )


def unchanged_since(delegated: Delegation) -> Check:
    """Return the check that the absence which delegates is as it was read."""
    return Check(key(delegated.principal_id), unchanged(delegated.version))
