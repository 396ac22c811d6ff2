"""What the audit log answers."""

from typing import Any

from pydantic import BaseModel

from functions.identity.examples import MOMENT, USER_ID
from functions.identity.shapes import answered

_ENTRY: dict[str, Any] = {
    "event_id": "evt_01KAEY3VJ0T5V7W9X1Y3Z6A8B2",
    "event_type": "identity.member.role_changed",
    "occurred_at": MOMENT,
    "data": {"user_id": USER_ID, "by": USER_ID, "role": "viewer", "earlier_role": "member"},
    "request_id": "Hs7dXhQ4joEEMbg=",
    "sequence": 42,
    "previous_hash": "9f2c4d0e" * 8,
    "hash": "1b7a5e3c" * 8,
}


class AuditEntry(BaseModel):
    """A security event, the request that brought it about, and its place in the chain."""

    event_id: str
    event_type: str
    occurred_at: str
    data: dict[str, Any]
    request_id: str | None
    sequence: int
    previous_hash: str
    hash: str


class AuditLog(BaseModel):
    """A page of the audit log."""

    model_config = answered({"items": [_ENTRY], "next_cursor": None})

    items: list[AuditEntry]
    next_cursor: str | None
