"""Invitations: a token that lets the holder of one e-mail address join a tenant in one role, once, within 7 days.

The token is answered once and stored as its SHA-256. An invitation is as good as whoever gave it: when they leave the
tenant, or could not give it any more, it is not good either.
"""

import hashlib
import secrets
from typing import Any, NamedTuple

from functions.identity import happenings
from functions.identity.accounts import memberships, tenants
from functions.identity.scopes import Role, may_govern
from functions.identity.tenancy import members
from shared import clock, config, ids
from shared.actors import Actor
from shared.callers import auth
from shared.callers.auth import Caller
from shared.clock import DAY, SECOND, Instant
from shared.errors import NotAllowed, NotFound
from shared.storage import changes, records, table
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


class Invitation(NamedTuple):
    """An invitation as it is stored."""

    invitation_id: str
    tenant_id: str
    email: str
    role: Role
    invited_by: str
    created_at: str
    expires_at: Instant
    version: int


class Opened(NamedTuple):
    """An invitation that is good, the check that whoever gave it still may, and their role."""

    invitation: Invitation
    holding: Check
    giver_role: Role


def give(caller: Caller, *, email: str, role: Role, now: Instant, claim: Claim | None = None) -> Answer:
    """Invite an address into the caller's tenant; return the invitation, with `token` and `url` the first time only.

    Nothing is said of whether the address is registered already. Raises members.BeyondYourRole.
    """
    token = secrets.token_urlsafe(_SECRET_BYTES)
    invitation = _new(caller, email=email, role=role, at=now)
    event = _happened("created", invitation, caller.user_id, now)

    def plan() -> Plan[Answer]:
        actor = table.get(auth.membership_key(caller.tenant_id, caller.user_id), consistent=True)
        return Plan(
            _view(invitation) | {"token": None, "url": None},
            [
                members.governing(caller, memberships.found(actor), role),
                Put(_to_item(invitation, token), ABSENT),
                event,
            ],
        )

    # The token is not part of the planned answer, for that is what an idempotency record keeps.
    given = changes.make(plan, claim=claim)
    return given | _secret(token) if given["invitation_id"] == invitation.invitation_id else given


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the open invitations of the caller's tenant, the oldest first; one query."""
    found = table.query(tenants.key(caller.tenant_id).pk, PREFIX, limit=limit, cursor=cursor)
    invitations = [_from_item(item) for item in found.items]
    return [_view(each) for each in invitations if not _is_over(each, clock.now())], found.next_cursor


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
        invitation = _from_item(item)
        governed = members.governing(caller, memberships.found(actor), invitation.role)
        event = _happened("withdrawn", invitation, caller.user_id, now)
        return Plan(None, [governed, Delete(key, unchanged(1)), event])

    changes.make(plan)


def show(token: str, *, now: Instant) -> dict[str, Any]:
    """Return what an invitation is to, for whoever holds its token. Raises InvitationNotValid."""
    invitation = opened(token, now=now).invitation
    tenant = table.get(tenants.key(invitation.tenant_id))
    if tenant is None:
        raise _not_valid()
    return {
        "email": invitation.email,
        "role": invitation.role,
        "tenant_name": tenants.from_item(tenant).name,
        "expires_at": clock.to_rfc3339(invitation.expires_at),
    }


def opened(token: str, *, now: Instant) -> Opened:
    """Return the invitation that a token is for. Raises InvitationNotValid.

    The index names the invitation; that it is still there, and whose, is read strongly, and held by the transaction
    that uses it up.
    """
    named = table.query(f"{PREFIX}{_digest(token)}", _INDEXED, index=True, limit=1).items
    if not named:
        raise _not_valid()
    earlier = _from_item(named[0])
    giver_key = auth.membership_key(earlier.tenant_id, earlier.invited_by)
    item, member = table.get_many([_key(earlier.tenant_id, earlier.invitation_id), giver_key], consistent=True)
    if item is None or member is None:
        raise _not_valid()
    invitation, giver = _from_item(item), memberships.from_item(member)
    if _is_over(invitation, now) or giver.disabled or not may_govern(giver.role, invitation.role):
        raise _not_valid()
    return Opened(invitation, Check(giver_key, unchanged(giver.version)), giver.role)


def inviting(token: str, *, email: str, now: Instant) -> str | None:
    """Return which tenant has invited this address with the token, None when none has."""
    try:
        invitation = opened(token, now=now).invitation
    except InvitationNotValid:
        return None
    return invitation.tenant_id if invitation.email == email else None


def accepted(opened: Opened, *, email: str, user_id: str, now: Instant) -> list[Write]:
    """Return the writes by which a user accepts an invitation. Raises InvitationNotValid for another address."""
    invitation = opened.invitation
    if invitation.email != email:
        raise _not_valid()
    event = _happened("accepted", invitation, user_id, now, actor=Actor("user", user_id))
    place = _key(invitation.tenant_id, invitation.invitation_id)
    return [Delete(place, unchanged(1)), opened.holding, event]


def _secret(token: str) -> dict[str, str | None]:
    """Return what is told once. The token stands behind the `#` of the address, so that no log of a server has it."""
    page = config.page_url()
    return {"token": token, "url": None if page is None else f"{page}/#/invitation/{token}"}


def _key(tenant_id: str, invitation_id: str) -> Key:
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{invitation_id}")


def _new(caller: Caller, *, email: str, role: Role, at: Instant) -> Invitation:
    return Invitation(
        invitation_id=ids.new("invite", at=at),
        tenant_id=caller.tenant_id,
        email=email,
        role=role,
        invited_by=caller.user_id,
        created_at=clock.to_rfc3339(at),
        expires_at=at + LIFE,
        version=1,
    )


def _to_item(invitation: Invitation, token: str) -> Item:
    """Return the item of an invitation, which the index finds by its token."""
    item = records.to_item(_key(invitation.tenant_id, invitation.invitation_id), "Invitation", invitation)
    place = {"GSI1PK": f"{PREFIX}{_digest(token)}", "GSI1SK": _INDEXED}
    return item | place | {"ttl": invitation.expires_at // SECOND}


def _from_item(item: Item) -> Invitation:
    return records.from_item(Invitation, item)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _is_over(invitation: Invitation, now: Instant) -> bool:
    return now >= invitation.expires_at


def _not_found() -> InvitationNotFound:
    return InvitationNotFound("Your tenant has no such invitation.")


def _not_valid() -> InvitationNotValid:
    return InvitationNotValid(
        "The invitation is not valid for this e-mail address, or not any more; ask for a new one."
    )


def _happened(what: str, invitation: Invitation, by: str, at: Instant, *, actor: Actor | None = None) -> Put:
    event_type, named = f"identity.invitation.{what}", invitation.invitation_id
    told: dict[str, Any] = {"invitation_id": named, "role": invitation.role}
    return happenings.of_tenant(event_type, named, invitation.tenant_id, at, by=by, actor=actor, **told)


def _view(invitation: Invitation) -> dict[str, Any]:
    return {
        "invitation_id": invitation.invitation_id,
        "email": invitation.email,
        "role": invitation.role,
        "invited_by": invitation.invited_by,
        "created_at": invitation.created_at,
        "expires_at": clock.to_rfc3339(invitation.expires_at),
    }
