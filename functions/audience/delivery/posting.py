"""A request to a provider over HTTP: one attempt, through the guarded way out, and what was answered as JSON."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from shared import config
from shared.egress import client
from shared.egress.client import Limits, Reply, Request

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0
_LIMITS: Final = Limits(CONNECT_SECONDS + READ_SECONDS, max_bytes=16 * 1024, connect_seconds=CONNECT_SECONDS)


class Posted(NamedTuple):
    """A reply, and the JSON object in it; empty when there is none."""

    reply: Reply
    said: Mapping[str, Any]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
    """Post once. Raises NotAnswered. The address is a tenant's own, so nothing of it is logged."""
    request = Request("POST", url, {"User-Agent": "milepost/1", **headers}, body)
    reply = client.ask(request, _LIMITS, allow_loopback=config.allow_loopback_webhooks())
    return Posted(reply, _object(reply.body))


def text(value: Any) -> str | None:
    """Return an id or a code as text, None for what is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    written = str(value)
    return written if 0 < len(written) <= 256 and written.isascii() and written.isprintable() else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
