"""Where a request comes from: the address that API Gateway has seen."""

from collections.abc import Mapping
from typing import Any


def of(event: Mapping[str, Any]) -> str:
    """Return the source address of an event of API Gateway (HTTP API, payload 2.0)."""
    return str(event["requestContext"]["http"].get("sourceIp", ""))
