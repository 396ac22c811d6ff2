"""Webhooks as Stripe signs them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from shared import clock


def event(event_id: str, kind: str, transfer: Mapping[str, Any]) -> bytes:
    """Return the body of an event of a transfer."""
    return json.dumps({"id": event_id, "type": kind, "data": {"object": transfer}}).encode()


def signed(raw: bytes, *, secret: str, at: int | None = None) -> str:
    """Return the header that signs a body at a time in seconds, by default now; another signature stands before it."""
    time = clock.now() // clock.SECOND if at is None else at
    mac = hmac.new(secret.encode(), f"{time}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={time},v1={'0' * 64},v1={mac}"
