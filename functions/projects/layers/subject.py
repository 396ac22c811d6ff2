"""What is under review, as one digest: who approves says by it what they saw. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def content(subject: Mapping[str, Any]) -> str:
    """Return the digest of what is under review, by which two attempts are compared."""
    return _digest([subject])


def digest(content_digest: str, attempt: int, salt: str) -> str:
    """Return the digest that callers see and send: it tells attempts apart, and gives nothing away."""
    return _digest([content_digest, attempt, salt])


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
