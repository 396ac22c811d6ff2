"""Accounts: an e-mail address, a password and factors, with which somebody is a user of one tenant or of several.

An account is the item of the user that it was made with, and has the id of that user. Users who come with it into
further tenants name it (`account_id`); each has a name, a membership and an epoch of their own. An account that says
nothing of memberships is that one user in one tenant, so those stored by earlier versions are read as they are.

Whoever changes memberships, password or factors writes or checks the account at its version: they come one after the
other, and nobody joins without what the account owes by then. All its users have the same count of factors in their
epochs, so that refreshing a session reads no more than it did.
"""

from collections.abc import Sequence

from functions.identity.accounts import epochs, tenants, users
from functions.identity.accounts.users import Account, Membership, User
from shared.callers import auth
from shared.errors import Conflict
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.writes import Check, Put, Write, unchanged

MAX_MEMBERSHIPS = 20
"""In how many tenants an account may be: whatever ends all its sessions is one transaction."""


class TooManyMemberships(Conflict):
    """409: your account is a member of 20 tenants; leave one first."""


def of(user: User, *, consistent: bool = True) -> User:
    """Return the account of a user; no call for the one it was made with. Raises users.UserNotFound."""
    return user if user.account_id is None else users.get(user.account_id, consistent=consistent)


def owning(user_id: str, *, consistent: bool = True) -> User:
    """Return the account of the user of this id. Raises users.UserNotFound."""
    return of(users.get(user_id, consistent=consistent), consistent=consistent)


def of_lock(lock: Item | None) -> tuple[User | None, Account | None]:
    """Return the account of an address by its lock, and how it stands where it was made; None for what is not there.

    One call either way: its time does not tell whether anybody has the address.
    """
    owner = users.Owner(users.NOBODY, users.NOBODY) if lock is None else users.owner_of(lock)
    account, standing = users.read(owner.user_id, owner.tenant_id)
    return (None if standing is None and not (account and account.memberships) else account), standing


def standings(account: User, known: Account | None) -> list[Account]:
    """Return how an account stands in each of its tenants, the last used first.

    `known` is how it stands in one of them. One call, and none for an account that was never in another tenant.
    """
    if not account.memberships:
        return [] if known is None else [known]
    keys = [
        key
        for user_id, tenant_id in account.memberships
        for key in (auth.membership_key(tenant_id, user_id), epochs.key(user_id), tenants.key(tenant_id))
    ]
    items = table.get_many(keys, consistent=True)
    found = zip(account.memberships, items[::3], items[1::3], items[2::3], strict=True)
    return [
        users.standing(each, account=account, membership=membership, epoch=epoch, tenant=tenant)
        for each, membership, epoch, tenant in found
        if membership is not None
    ]


def open_ones(account: User, known: Account | None) -> list[Account]:
    """Return how an account stands in the tenants that it may enter: those where nobody has disabled it."""
    return [each for each in standings(account, known) if not each.is_disabled]


def used(account: User, membership: Membership) -> Write:
    """Return the write after which this membership is the one that was used last."""
    others = [each for each in account.places if each != membership]
    return _placed(account, (membership, *others))


def joined(account: User, membership: Membership) -> Put:
    """Return the write by which an account has one membership more. Raises TooManyMemberships."""
    if len(account.places) >= MAX_MEMBERSHIPS:
        raise TooManyMemberships(f"Your account is a member of {MAX_MEMBERSHIPS} tenants already; leave one first.")
    return users.written(account, account._replace(memberships=(*account.places, membership)))


def left(account: User, membership: Membership) -> Put:
    """Return the write by which an account has one membership less, of several."""
    others = tuple(each for each in account.places if each != membership)
    return users.written(account, account._replace(memberships=others))


def held(account: User) -> Check:
    """Return the check that nothing of an account has changed since it was read."""
    return Check(users.key(account.user_id), unchanged(account.version))


def ended(account: User) -> list[Write]:
    """Return the writes that revoke all access tokens of an account and end all its sessions, in every tenant."""
    return [epochs.ended(each.user_id) for each in account.places]


def _placed(account: User, places: Sequence[Membership]) -> Write:
    if tuple(places) == tuple(account.places):
        return held(account)
    return users.written(account, account._replace(memberships=tuple(places)))
