"""What the stage knows of its evaluator: where it is, our key for it, and by what its webhooks are known.

All of it is one secret, JSON that an operator writes; it is read anew every five minutes, so that a rotation is seen,
and sooner while there is no evaluator.
"""

import json
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from shared import config
from shared.errors import Unavailable
from shared.observability import logger
from shared.stage_secrets import StageSecret

KEPT_SECONDS = 300.0
KEPT_SECONDS_WITHOUT = 5.0

secret = StageSecret(config.evaluator_secret_id)


class Evaluator(NamedTuple):
    """The evaluator of the stage; `url` is None while there is none. Two webhook secrets, or keys, are good during a
    rotation."""

    url: str | None
    api_key: str
    webhook_secrets: tuple[str, ...]
    webhook_public_keys: tuple[str, ...]
    webhook_api_key: str

    def __repr__(self) -> str:
        return f"Evaluator({self.url})"


_known: list[tuple[float, Evaluator]] = []


def evaluator() -> Evaluator:
    """Return the evaluator of the stage. Raises Unavailable when the secret does not answer."""
    now = time.monotonic()
    if _known and now < _known[0][0] + (KEPT_SECONDS if _known[0][1].url else KEPT_SECONDS_WITHOUT):
        return _known[0][1]
    found = _read(secret.renewed().value)
    _known[:] = [(now, found)]
    return found


def forget() -> None:
    """Let go of what was read."""
    secret.forget()
    _known.clear()


def _read(value: bytes) -> Evaluator:
    """Return what the secret says. Raises Unavailable for one that nobody can read."""
    try:
        held = json.loads(value)
        url = _url(held.get("url") or None)
        return Evaluator(
            url=url,
            api_key=str(held.get("api_key") or ""),
            webhook_secrets=_both(held, "webhook_secret"),
            webhook_public_keys=_both(held, "webhook_public_key"),
            webhook_api_key=str(held.get("webhook_api_key") or ""),
        )
    except (ValueError, AttributeError) as error:
        logger.error("the secret of the evaluator cannot be read", reason=type(error).__name__)
        raise Unavailable("The stage does not know its evaluator.") from None


def _both(held: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return what has a name, and the one before it."""
    return tuple(str(each) for each in (held.get(name), held.get(f"{name}_before")) if each)


def _url(url: Any) -> str | None:
    if url is None:
        return None
    parts = urlsplit(str(url))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("not an address of HTTP")
    return str(url).rstrip("/")
