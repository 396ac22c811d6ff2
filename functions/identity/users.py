"""Users: a person with an e-mail address, which is unique by an item of its own that locks it.

A user belongs to the tenant they sign in to by a Member item (tenants.py), which holds their role.
"""

from dataclasses import dataclass

from functions.identity import emails, passwords, tenants
from functions.identity.scopes import Role
from shared import auth, changes, clock, events, ids, table
from shared.attributes import Item, Key
from shared.changes import Plan
from shared.clock import Instant
from shared.errors import Conflict, NotFound
from shared.idempotency import Answer, Claim
from shared.writes import ABSENT, Put, Write

_NOBODY = "nobody"


class EmailTaken(Conflict):
    """409: somebody has registered with this e-mail address; sign in instead."""


class UserNotFound(NotFound):
    """404: there is no such user."""


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a user."""

    user_id: str
    tenant_id: str
    role: Role
    password_hash: str
    epoch: int


def key(user_id: str) -> Key:
    """Return the key of a user."""
    return Key(f"USER#{user_id}", "PROFILE")


def email_partition(email: str) -> str:
    """Return the partition of what belongs to a normalised e-mail address, whether anybody has it or not."""
    return f"EMAIL#{emails.digest(email)}"


def register(
    *, email: str, password: str, display_name: str, tenant_name: str, now: Instant, claim: Claim | None = None
) -> Answer:
    """Make a user and a tenant of their own, which they own.

    Returns user_id, tenant_id, email, display_name and role. Raises InvalidInput for the password, EmailTaken.
    """
    tenant_id = ids.new("tenant", at=now)
    user = _new(email=email, password=password, display_name=display_name, tenant_id=tenant_id, at=now)
    founding = tenants.founded(tenant_id=tenant_id, name=tenant_name, at=now)
    return _enter(user, "owner", founding, at=now, claim=claim)


def add(*, email: str, password: str, display_name: str, tenant_id: str, role: Role, now: Instant) -> Answer:
    """Make a user in a tenant that is there already.

    Returns what `register` does. Raises InvalidInput for the password, EmailTaken, TenantNotFound.
    """
    if table.get(tenants.key(tenant_id)) is None:
        raise tenants.TenantNotFound("There is no such tenant.")
    user = _new(email=email, password=password, display_name=display_name, tenant_id=tenant_id, at=now)
    return _enter(user, role, tenants.standing(tenant_id), at=now)


def get(user_id: str) -> Item:
    """Return the user's item. Raises UserNotFound."""
    item = table.get(key(user_id))
    if item is None:
        raise UserNotFound("There is no such user.")
    return item


def account_of(email: str) -> Account | None:
    """Return the account of a normalised address, None when there is none.

    Makes the same calls either way, so that their time does not tell which.
    """
    lock = table.get(_email_key(email), consistent=True) or {"user_id": _NOBODY, "tenant_id": _NOBODY}
    user_id, tenant_id = lock["user_id"], lock["tenant_id"]
    user, member = table.get_many([key(user_id), auth.membership_key(tenant_id, user_id)], consistent=True)
    if user is None or member is None:
        return None
    return Account(
        user_id=user_id,
        tenant_id=tenant_id,
        role=member["role"],
        password_hash=user["password_hash"],
        epoch=user["epoch"],
    )


def _new(*, email: str, password: str, display_name: str, tenant_id: str, at: Instant) -> Item:
    passwords.check(password, email=email)
    user_id = ids.new("user", at=at)
    pk, sk = key(user_id)
    return {
        "PK": pk,
        "SK": sk,
        "entity": "User",
        "user_id": user_id,
        "tenant_id": tenant_id,
        "email": email,
        "display_name": display_name,
        "password_hash": passwords.hashed(password),
        "epoch": 0,
        "created_at": clock.to_rfc3339(at),
        "version": 1,
    }


def _enter(user: Item, role: Role, tenant: Write, *, at: Instant, claim: Claim | None = None) -> Answer:
    """Write the user with the lock of their address, their membership and whatever the tenant needs, all or nothing."""
    user_id, tenant_id, email = user["user_id"], user["tenant_id"], user["email"]
    registered = events.occurred(
        "identity.user.registered",
        partition=user["PK"],
        subject_id=user_id,
        tenant_id=tenant_id,
        at=at,
        data={"user_id": user_id, "role": role},
    )
    writes = [
        tenant,
        Put(user, ABSENT),
        _locked(email, user_id=user_id, tenant_id=tenant_id),
        tenants.joined(tenant_id=tenant_id, user_id=user_id, role=role, at=at),
        registered,
    ]
    answer = {name: user[name] for name in ("user_id", "tenant_id", "email", "display_name")} | {"role": role}

    def plan() -> Plan:
        if table.get(_email_key(email), consistent=True) is not None:
            raise EmailTaken("Somebody has registered with this e-mail address; sign in instead.")
        return Plan(answer, writes)

    return changes.make(plan, claim=claim)


def _email_key(email: str) -> Key:
    return Key(email_partition(email), "EMAIL")


def _locked(email: str, *, user_id: str, tenant_id: str) -> Put:
    pk, sk = _email_key(email)
    return Put({"PK": pk, "SK": sk, "entity": "Email", "user_id": user_id, "tenant_id": tenant_id}, ABSENT)
