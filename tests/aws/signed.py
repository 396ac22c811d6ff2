"""Files that are sent to signed addresses, and fetched from them, with the patience that a busy machine takes."""

from collections.abc import Mapping

import httpx

PATIENCE_SECONDS = 180


def put(url: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
    """Send a file and return the answer, whatever its status."""
    return httpx.put(url, content=body, headers=headers, timeout=PATIENCE_SECONDS)


def get(url: str) -> httpx.Response:
    """Fetch a file and return the answer, whatever its status."""
    return httpx.get(url, timeout=PATIENCE_SECONDS)
