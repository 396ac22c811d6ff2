"""What happened to somebody or something of this context: the writes of its events.

An event lies in the partition of its user, or in that of its tenant if it tells of who belongs to that and what they
may do. Failures to prove who somebody is lie with the address (audit/failures.py).

What a user does to their own account is done by them, also before they have a session, and in every tenant by the user
that they are there. What concerns the security of a user concerns that user.
"""

from collections.abc import Mapping
from typing import Any

from functions.identity.accounts import tenants, users
from functions.identity.accounts.users import User
from shared import actors
from shared.actors import Actor
from shared.clock import Instant
from shared.storage import events
from shared.storage.events import Concern
from shared.storage.writes import Put


def of_user(
    event_type: str,
    user_id: str,
    tenant_id: str,
    at: Instant,
    *,
    state: Mapping[str, Any] | None = None,
    **more: object,
) -> Put:
    """Return the write of an event of a user, which they have brought about."""
    return events.occurred(
        event_type,
        partition=users.partition(user_id),
        subject_id=user_id,
        tenant_id=tenant_id,
        at=at,
        data={"user_id": user_id, **more},
        state=state,
        concerns=[Concern(user_id, "security")],
        actor=Actor("user", user_id),
    )


def of_account(event_type: str, account: User, at: Instant) -> list[Put]:
    """Return the writes of what concerns an account: each of its tenants hears of its own user, and of no other."""
    return [of_user(event_type, each.user_id, each.tenant_id, at) for each in account.places]


def of_session(event_type: str, session_id: str, user_id: str, tenant_id: str, at: Instant, **more: object) -> Put:
    """Return the write of an event of a session, which its user has brought about."""
    return _of_session(event_type, session_id, user_id, tenant_id, at, Actor("user", user_id), more)


def of_stolen_session(event_type: str, session_id: str, user_id: str, tenant_id: str, at: Instant) -> Put:
    """Return the write of an event of a session that somebody else may have brought about: nobody can say who."""
    return _of_session(event_type, session_id, user_id, tenant_id, at, actors.ANONYMOUS, {})


def of_tenant(
    event_type: str,
    subject_id: str,
    tenant_id: str,
    at: Instant,
    *,
    by: str,
    state: Mapping[str, Any] | None = None,
    concerned: str | None = None,
    actor: Actor | None = None,
    **more: object,
) -> Put:
    """Return the write of an event of a tenant, or of a member, service or invitation of it; `by` is who did it.

    `concerned` is the user whose security it concerns. The actor is the caller unless another is given.
    """
    return events.occurred(
        event_type,
        partition=tenants.key(tenant_id).pk,
        subject_id=subject_id,
        tenant_id=tenant_id,
        at=at,
        data={"by": by, **more},
        state=state,
        concerns=[] if concerned is None else [Concern(concerned, "security")],
        actor=actor,
    )


def _of_session(
    event_type: str,
    session_id: str,
    user_id: str,
    tenant_id: str,
    at: Instant,
    actor: Actor,
    more: Mapping[str, object],
) -> Put:
    return events.occurred(
        event_type,
        partition=users.partition(user_id),
        subject_id=session_id,
        tenant_id=tenant_id,
        at=at,
        data={"user_id": user_id, "session_id": session_id, **more},
        concerns=[Concern(user_id, "security")],
        actor=actor,
    )
