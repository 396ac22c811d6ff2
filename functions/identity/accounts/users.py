"""Users: somebody in one tenant, to which they belong by a Member item (memberships.py) that holds their role.

The user that an account was made with is the account as well (accounts.py): they have its password, its factors, and
its e-mail address, which is unique by an item of its own that locks it.
"""

from collections.abc import Sequence
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


class Membership(NamedTuple):
    """As which user an account is a member of a tenant."""

    user_id: str
    tenant_id: str


class User(NamedTuple):
    """A user as they are stored.

    Without a password another provider vouches for them, as the one whom `identity` names by its digest. `account_id`
    names the account of a user who has joined with one, and who has none of this. `memberships` are those of an account
    that was ever in more than one tenant, the last used first.
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
    account_id: str | None = None
    memberships: Sequence[Membership] = ()

    @property
    def places(self) -> Sequence[Membership]:
        """As whom an account is a member of which tenants, the last used first."""
        return self.memberships or (Membership(self.user_id, self.tenant_id),)


class Owner(NamedTuple):
    """Whose an address or an identity is."""

    user_id: str
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Account:
    """How an account stands in one of its tenants: what signing in needs to know."""

    account_id: str
    user_id: str
    tenant_id: str
    tenant_name: str
    role: Role
    is_disabled: bool
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
    """Return the writes of a new account: its user, the lock of its address, and the epoch.

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
    item = records.to_item(key(user.user_id), "User", user)
    return item | {"memberships": [each._asdict() for each in user.memberships]} if user.memberships else item


def from_item(item: Item) -> User:
    """Return the user of an item."""
    user = records.from_item(User, item)
    return user._replace(memberships=tuple(Membership(**each) for each in item.get("memberships", ())))


def joined(account: User, membership: Membership, *, display_name: str, at: Instant) -> Put:
    """Return the write of the user as whom an account has joined a tenant."""
    user = User(
        user_id=membership.user_id,
        tenant_id=membership.tenant_id,
        email=account.email,
        display_name=display_name,
        password_hash=None,
        created_at=clock.to_rfc3339(at),
        version=1,
        account_id=account.user_id,
    )
    return Put(to_item(user), ABSENT)


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


def account(user_id: str, tenant_id: str) -> Account | None:
    """Return how a user stands in their tenant, None when they are not (or no longer) in it; one call."""
    return read(user_id, tenant_id)[1]


def read(user_id: str, tenant_id: str) -> tuple[User | None, Account | None]:
    """Return a user and how they stand in their tenant, None for what is not there (or no longer); one call."""
    keys = [key(user_id), auth.membership_key(tenant_id, user_id), epochs.key(user_id), tenants.key(tenant_id)]
    found, membership, epoch, tenant = table.get_many(keys, consistent=True)
    user = None if found is None else from_item(found)
    if user is None or membership is None:
        return user, None
    place = Membership(user_id, tenant_id)
    return user, standing(place, account=user, membership=membership, epoch=epoch, tenant=tenant)


def standing(place: Membership, *, account: User, membership: Item, epoch: Item | None, tenant: Item | None) -> Account:
    """Return how an account stands in a tenant; `account` is its item, or that of its user there."""
    member = memberships.from_item(membership)
    of_tenant = None if tenant is None else tenants.from_item(tenant)
    return Account(
        account_id=account.account_id or account.user_id,
        user_id=place.user_id,
        tenant_id=place.tenant_id,
        tenant_name=of_tenant.name if of_tenant else "",
        role=member.role,
        is_disabled=member.disabled,
        epoch=epochs.of(epoch),
        is_second_factor_demanded=of_tenant is not None and of_tenant.require_second_factor,
    )
