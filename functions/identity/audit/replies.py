"""What the audit log answers."""

from typing import Any, Literal

from pydantic import BaseModel

from functions.identity.examples import MOMENT, USER_ID
from functions.identity.shapes import answered

_ENTRY: dict[str, Any] = {
    "event_id": "evt_01KAEY3VJ0T5V7W9X1Y3Z6A8B2",
    "event_type": "identity.member.role_changed",
    "occurred_at": MOMENT,
    "data": {"user_id": USER_ID, "by": USER_ID, "role": "viewer", "earlier_role": "member"},
    "actor": {"kind": "user", "id": USER_ID},
    "request_id": "Hs7dXhQ4joEEMbg=",
    "sequence": 42,
    "previous_hash": "9f2c4d0e" * 8,
    "hash": "1b7a5e3c" * 8,
}


class AuditActor(BaseModel):
    """Who did something: a user, a service by its user id, or a system by its name; an anonymous caller has no id."""

    kind: Literal["user", "service", "system", "anonymous"]
    id: str | None = None


class AuditEntry(BaseModel):
    """What happened, who did it, by which request, and its place in the chain.

    An entry of an earlier version names no actor, or no request either.
    """

    event_id: str
    event_type: str
    occurred_at: str
    data: dict[str, Any]
    actor: AuditActor | None
    request_id: str | None
    sequence: int
    previous_hash: str
    hash: str


class AuditLog(BaseModel):
    """A page of the audit log."""

    model_config = answered({"items": [_ENTRY], "next_cursor": None})

    items: list[AuditEntry]
    next_cursor: str | None
