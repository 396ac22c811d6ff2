"""What happened to somebody or something of this context: the writes of its events.

An event lies in the partition of its user, or in that of its tenant if it tells of who belongs to that and what they
may do. Failures to prove who somebody is lie with the address (audit/failures.py).
"""

from functions.identity.accounts import tenants, users
from functions.identity.accounts.users import User
from shared.clock import Instant
from shared.storage import events
from shared.storage.writes import Put


def of_user(event_type: str, user_id: str, tenant_id: str, at: Instant, **more: object) -> Put:
    """Return the write of an event of a user."""
    return events.occurred(
        event_type,
        partition=users.partition(user_id),
        subject_id=user_id,
        tenant_id=tenant_id,
        at=at,
        data={"user_id": user_id, **more},
    )


def of_account(event_type: str, account: User, at: Instant) -> list[Put]:
    """Return the writes of what concerns an account: each of its tenants hears of its own user, and of no other."""
    return [of_user(event_type, each.user_id, each.tenant_id, at) for each in account.places]


def of_session(event_type: str, session_id: str, user_id: str, tenant_id: str, at: Instant, **more: object) -> Put:
    """Return the write of an event of a session of a user."""
    return events.occurred(
        event_type,
        partition=users.partition(user_id),
        subject_id=session_id,
        tenant_id=tenant_id,
        at=at,
        data={"user_id": user_id, "session_id": session_id, **more},
    )


def of_tenant(event_type: str, subject_id: str, tenant_id: str, at: Instant, *, by: str, **more: object) -> Put:
    """Return the write of an event of a tenant, or of a member, service or invitation of it; `by` is who did it."""
    return events.occurred(
        event_type,
        partition=tenants.key(tenant_id).pk,
        subject_id=subject_id,
        tenant_id=tenant_id,
        at=at,
        data={"by": by, **more},
    )
