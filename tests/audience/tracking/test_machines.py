"""What is known to be a program, and what may be a reader."""

import pytest

from functions.audience.tracking import machines
from shared.clock import SECOND

READER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Safari/605.1.15"
)
# Gmail shows pictures through a proxy of its own, when somebody opens a message.
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("GET", {"user-agent": READER}, False),
        ("GET", {"user-agent": GMAIL}, False),
        ("HEAD", {"user-agent": READER}, True),
        ("GET", {}, True),
        ("GET", {"user-agent": "  "}, True),
        ("GET", {"user-agent": "Mozilla/5.0"}, True),
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, True),
        ("GET", {"user-agent": "python-requests/2.31"}, True),
        ("GET", {"user-agent": "curl/8.5.0"}, True),
        ("GET", {"user-agent": "Mozilla/5.0 HeadlessChrome/120.0"}, True),
        ("GET", {"user-agent": "Barracuda Sentinel (EE)"}, True),
        ("GET", {"user-agent": READER, "sec-purpose": "prefetch;prerender"}, True),
        ("GET", {"user-agent": READER, "purpose": "Prefetch"}, True),
        ("GET", {"user-agent": READER, "x-purpose": "preview"}, True),
        ("GET", {"user-agent": READER, "x-moz": "prefetch"}, True),
        ("GET", {"user-agent": READER, "sec-purpose": ""}, False),
    ],
)
def test_a_program_says_so(method: str, headers: dict[str, str], *, expected: bool) -> None:
    assert machines.says_so(method, headers) is expected


@pytest.mark.parametrize(("after", "expected"), [(0, True), (9_999, True), (10_000, False), (-1, True)])
def test_nobody_reads_within_ten_seconds(after: int, *, expected: bool) -> None:
    sent = 1_764_000_000 * SECOND

    assert machines.is_too_soon(sent + after * SECOND // 1000, sent) is expected
