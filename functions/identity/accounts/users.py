"""Users: a person with an e-mail address, which is unique by an item of its own that locks it.

A user belongs to one tenant by a Member item (memberships.py), which holds their role.
"""

from dataclasses import dataclass
from typing import NamedTuple

from functions.identity.accounts import emails, epochs, memberships, tenants
from functions.identity.accounts.epochs import Epoch
from functions.identity.scopes import Role
from shared import clock
from shared.callers import auth
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

NOBODY = "nobody"
"""Whose the account of an address is that nobody has."""


class UserNotFound(NotFound):
    """404: there is no such user."""


class User(NamedTuple):
    """A user as they are stored.

    Without a password another provider vouches for them, as the one whom `identity` names by its digest.
    """

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    password_hash: str | None
    created_at: str
    version: int
    identity: str | None = None
    phone_number: str | None = None


class Owner(NamedTuple):
    """Whose an address or an identity is."""

    user_id: str
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a user; without a password, another provider vouches for them."""

    user_id: str
    tenant_id: str
    role: Role
    is_disabled: bool
    password_hash: str | None
    epoch: Epoch
    is_second_factor_demanded: bool = False

    @property
    def owes_second_factor(self) -> bool:
        """Whether what could hand the tenant to a thief asks them for a second factor: theirs, or a mailed code."""
        return self.is_second_factor_demanded or self.epoch.second_factors > 0


def key(user_id: str) -> Key:
    """Return the key of a user."""
    return Key(partition(user_id), "PROFILE")


def partition(user_id: str) -> str:
    """Return the partition of what belongs to a user."""
    return f"USER#{user_id}"


def email_partition(email: str) -> str:
    """Return the partition of what belongs to a normalised e-mail address, whether anybody has it or not."""
    return f"EMAIL#{emails.digest(email)}"


def email_key(email: str) -> Key:
    """Return the key of the lock of a normalised e-mail address."""
    return Key(email_partition(email), "EMAIL")


def new(
    *,
    user_id: str,
    tenant_id: str,
    email: str,
    display_name: str,
    password_hash: str | None,
    identity: str | None = None,
    epoch: Put | None = None,
    at: Instant,
) -> tuple[Put, ...]:
    """Return the writes of a new user: who they are, the lock of their address, and their epoch.

    `identity` stands for who they are at another provider (identities.py); `epoch` is that of somebody who was
    a user before.
    """
    user = User(
        user_id=user_id,
        tenant_id=tenant_id,
        email=email,
        display_name=display_name,
        password_hash=password_hash,
        created_at=clock.to_rfc3339(at),
        version=1,
        identity=identity,
    )
    lock = records.to_item(email_key(email), "Email", Owner(user_id, tenant_id))
    return Put(to_item(user), ABSENT), Put(lock, ABSENT), epoch or epochs.begun(user_id)


def to_item(user: User) -> Item:
    """Return the item of a user."""
    return records.to_item(key(user.user_id), "User", user)


def from_item(item: Item) -> User:
    """Return the user of an item."""
    return records.from_item(User, item)


def written(before: User, after: User) -> Put:
    """Return the write of a user that brings them to their next version."""
    return Put(to_item(after._replace(version=before.version + 1)), unchanged(before.version))


def get(user_id: str, *, consistent: bool = False) -> User:
    """Return the user. Raises UserNotFound."""
    item = table.get(key(user_id), consistent=consistent)
    if item is None:
        raise UserNotFound("There is no such user.")
    return from_item(item)


def owner_of(item: Item) -> Owner:
    """Return whose an address is by the item of its lock, or an identity by its own."""
    return records.from_item(Owner, item)


def account_of(lock: Item | None) -> Account | None:
    """Return the account of an address by its lock, None when there is none; one call either way.

    Their time does not tell which.
    """
    owner = Owner(NOBODY, NOBODY) if lock is None else owner_of(lock)
    return account(owner.user_id, owner.tenant_id)


def account(user_id: str, tenant_id: str) -> Account | None:
    """Return the account of a user in their tenant, None when they are not (or no longer) in it; one call."""
    keys = [key(user_id), auth.membership_key(tenant_id, user_id), epochs.key(user_id), tenants.key(tenant_id)]
    found, membership, epoch, tenant = table.get_many(keys, consistent=True)
    if found is None or membership is None:
        return None
    user, member = from_item(found), memberships.from_item(membership)
    return Account(
        user_id=user_id,
        tenant_id=tenant_id,
        role=member.role,
        is_disabled=member.disabled,
        password_hash=user.password_hash,
        epoch=epochs.of(epoch),
        is_second_factor_demanded=tenant is not None and tenants.from_item(tenant).require_second_factor,
    )
