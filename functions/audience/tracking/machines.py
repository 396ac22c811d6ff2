"""Whether a program has opened a message or followed a link, and not its reader. Pure.

Mail systems look at pictures and links before anybody has read a message, and programs that fetch ahead say so. What
they do is counted apart: it is no sign that somebody has read anything.
"""

import re
from collections.abc import Mapping
from typing import Final

from shared.clock import SECOND, Instant

SOON: Final[Instant] = 10 * SECOND
"""Nobody has read a message so soon after it was handed to its provider."""

_AHEAD: Final = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_FETCHING_AHEAD: Final = re.compile(r"prefetch|preview|prerender", re.IGNORECASE)
# Apple's Mail Privacy Protection fetches all pictures of a message, and gives this and nothing more as its name.
_NAMELESS: Final = ("", "Mozilla/5.0")
_PROGRAM: Final = re.compile(
    r"bot\b|crawl|spider|scan|preview|headless|curl/|wget/|python|java/|go-http|okhttp|libwww|httpclient|axios|"
    r"barracuda|mimecast|proofpoint|symantec|trendmicro|sophos|fireeye|forcepoint|safelinks",
    re.IGNORECASE,
)


def says_so(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a request is known to be of a program, by its method and its headers in lower case."""
    agent = headers.get("user-agent", "").strip()
    if method == "HEAD" or agent in _NAMELESS or _PROGRAM.search(agent):
        return True
    return any(_FETCHING_AHEAD.search(headers.get(each, "")) for each in _AHEAD)


def is_too_soon(at: Instant, sent: Instant) -> bool:
    """Return whether something was done so soon after its message was sent that nobody can have read it."""
    return at < sent + SOON
