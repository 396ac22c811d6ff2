"""The origins whose pages may call the API from a browser (CORS): named one by one, or none."""

import re
from typing import Final

LOCAL: Final = tuple(f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (3000, 5173, 8080))
"""Where pages that are being developed come from."""

# RFC 6454, section 6.2: scheme, host and port, and nothing after them.
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)


def require(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return the origins. Raises ValueError for `*` and whatever else is not a single origin."""
    wrong = [each for each in found if not _ORIGIN.fullmatch(each)]
    if wrong:
        raise ValueError(f"not an origin, such as https://app.example.com: {', '.join(map(repr, wrong))}")
    return found
