"""Invitations: a token that lets the holder of one e-mail address join a tenant in one role, once, within 7 days.

The token is answered once and stored as its SHA-256. An invitation is as good as whoever gave it: when they leave the
tenant, or could not give it any more, it is not good either.
"""

import hashlib
import secrets
from typing import Any, NamedTuple

from functions.identity.accounts import tenants
from functions.identity.scopes import Role, may_govern
from functions.identity.tenancy import members
from shared import clock, config, ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.clock import DAY, SECOND, Instant
from shared.errors import NotAllowed, NotFound
from shared.storage import changes, events, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Check, Delete, Put, Write, unchanged

LIFE = 7 * DAY
PREFIX = "INVITATION#"

_SECRET_BYTES = 32
_INDEXED = "ENTITY#Invitation"


class InvitationNotFound(NotFound):
    """404: your tenant has no such invitation; it may have been accepted, withdrawn, or have expired."""


class InvitationNotValid(NotAllowed):
    """422: the invitation is unknown, used, withdrawn, expired, or for another e-mail address; ask for a new one."""


class Opened(NamedTuple):
    """An invitation that is good, the check that whoever gave it still may, and their role."""

    item: Item
    holding: Check
    giver_role: Role


def give(caller: Caller, *, email: str, role: Role, now: Instant, claim: Claim | None = None) -> Answer:
    """Invite an address into the caller's tenant; return the invitation, with `token` and `url` the first time only.

    Nothing is said of whether the address is registered already. Raises members.BeyondYourRole.
    """
    token = secrets.token_urlsafe(_SECRET_BYTES)
    item = _item(caller, email=email, role=role, token=token, at=now)
    event = _happened("identity.invitation.created", item, caller.user_id, now)

    def plan() -> Plan[Answer]:
        actor = table.get(auth.membership_key(caller.tenant_id, caller.user_id), consistent=True)
        return Plan(
            _view(item) | {"token": None, "url": None},
            [members.governing(caller, actor, role), Put(item, ABSENT), event],
        )

    # The token is not part of the planned answer, for that is what an idempotency record keeps.
    given = changes.make(plan, claim=claim)
    return given | _secret(token) if given["invitation_id"] == item["invitation_id"] else given


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the open invitations of the caller's tenant, the oldest first; one query."""
    found = table.query(tenants.key(caller.tenant_id).pk, PREFIX, limit=limit, cursor=cursor)
    return [_view(item) for item in found.items if not _is_over(item, clock.now())], found.next_cursor


def withdraw(caller: Caller, invitation_id: str, *, now: Instant) -> None:
    """Let an invitation be good no longer. Raises InvitationNotFound, members.BeyondYourRole."""
    if not ids.is_valid(invitation_id, "invite"):
        raise _not_found()
    key = _key(caller.tenant_id, invitation_id)

    def plan() -> Plan[None]:
        keys = [key, auth.membership_key(caller.tenant_id, caller.user_id)]
        item, actor = table.get_many(keys, consistent=True)
        if item is None:
            raise _not_found()
        event = _happened("identity.invitation.withdrawn", item, caller.user_id, now)
        return Plan(None, [members.governing(caller, actor, item["role"]), Delete(key, unchanged(1)), event])

    changes.make(plan)


def show(token: str, *, now: Instant) -> dict[str, Any]:
    """Return what an invitation is to, for whoever holds its token. Raises InvitationNotValid."""
    item = opened(token, now=now).item
    tenant = table.get(tenants.key(item["tenant_id"]))
    if tenant is None:
        raise _not_valid()
    shown = {name: item[name] for name in ("email", "role")}
    return shown | {"tenant_name": tenant["name"], "expires_at": clock.to_rfc3339(item["expires_at"])}


def opened(token: str, *, now: Instant) -> Opened:
    """Return the invitation that a token is for. Raises InvitationNotValid.

    The index names the invitation; that it is still there, and whose, is read strongly, and held by the transaction
    that uses it up.
    """
    named = table.query(f"{PREFIX}{_digest(token)}", _INDEXED, index=True, limit=1).items
    if not named:
        raise _not_valid()
    key = Key(named[0]["PK"], named[0]["SK"])
    giver_key = auth.membership_key(named[0]["tenant_id"], named[0]["invited_by"])
    item, giver = table.get_many([key, giver_key], consistent=True)
    if item is None or _is_over(item, now):
        raise _not_valid()
    if giver is None or giver["disabled"] or not may_govern(giver["role"], item["role"]):
        raise _not_valid()
    return Opened(item, Check(giver_key, unchanged(giver["version"])), giver["role"])


def accepted(invitation: Opened, *, email: str, user_id: str, now: Instant) -> list[Write]:
    """Return the writes by which a user accepts an invitation. Raises InvitationNotValid for another address."""
    item = invitation.item
    if item["email"] != email:
        raise _not_valid()
    event = _happened("identity.invitation.accepted", item, user_id, now)
    return [Delete(_key(item["tenant_id"], item["invitation_id"]), unchanged(1)), invitation.holding, event]


def _secret(token: str) -> dict[str, str | None]:
    """Return what is told once. The token stands behind the `#` of the address, so that no log of a server has it."""
    page = config.page_url()
    return {"token": token, "url": None if page is None else f"{page}/#/invitation/{token}"}


def _key(tenant_id: str, invitation_id: str) -> Key:
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{invitation_id}")


def _item(caller: Caller, *, email: str, role: Role, token: str, at: Instant) -> Item:
    invitation_id = ids.new("invite", at=at)
    pk, sk = _key(caller.tenant_id, invitation_id)
    return {
        "PK": pk,
        "SK": sk,
        "GSI1PK": f"{PREFIX}{_digest(token)}",
        "GSI1SK": _INDEXED,
        "entity": "Invitation",
        "invitation_id": invitation_id,
        "tenant_id": caller.tenant_id,
        "email": email,
        "role": role,
        "invited_by": caller.user_id,
        "created_at": clock.to_rfc3339(at),
        "expires_at": at + LIFE,
        "ttl": (at + LIFE) // SECOND,
        "version": 1,
    }


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _is_over(item: Item, now: Instant) -> bool:
    return now >= int(item["expires_at"])


def _not_found() -> InvitationNotFound:
    return InvitationNotFound("Your tenant has no such invitation.")


def _not_valid() -> InvitationNotValid:
    return InvitationNotValid(
        "The invitation is not valid for this e-mail address, or not any more; ask for a new one."
    )


def _happened(event_type: str, item: Item, by: str, at: Instant) -> Put:
    return events.occurred(
        event_type,
        partition=item["PK"],
        subject_id=item["invitation_id"],
        tenant_id=item["tenant_id"],
        at=at,
        data={"invitation_id": item["invitation_id"], "role": item["role"], "by": by},
    )


def _view(item: Item) -> dict[str, Any]:
    shown = {name: item[name] for name in ("invitation_id", "email", "role", "invited_by", "created_at")}
    return shown | {"expires_at": clock.to_rfc3339(item["expires_at"])}
