"""What a provider's answer over HTTP means, by its status; a provider's own codes come first.

"What a provider's answer means" in docs/campaigns.md is this module as a table.
"""

import re
from email.utils import parsedate_to_datetime
from typing import Final

from shared.egress.client import NotAnswered, Reply
from shared.instants import DAY, SECOND, Instant, from_datetime
from shared.sending.answers import Answer, Outcome

LONGEST_WAIT: Final = DAY
"""The longest `Retry-After` that is kept."""

_SECONDS: Final = re.compile(r"\d{1,9}", re.ASCII)
_BROKEN: Final = 500
# 425: the request came in early data of TLS, and the server did not look at it (RFC 8470, section 5.2).
_RETRY: Final = frozenset({425, 429, 503})
_ACCOUNT: Final = frozenset({401, 402, 403, 407})
# The request did not arrive in time, or so says what stands before the server and may have passed it on.
_AMBIGUOUS: Final = frozenset({408})
_NOT_ALLOWED: Final = frozenset({"address_not_allowed", "header_not_allowed"})


def outcome(status: int) -> Outcome:
    """Return what a status means.

    A redirect is not followed. All messages go to the same address, so it is about the account, and not about one.
    """
    if 200 <= status < 300:
        return "accepted"
    if status in _RETRY:
        return "retry"
    if status in _ACCOUNT or status < 400:
        return "account"
    return "ambiguous" if status >= _BROKEN or status in _AMBIGUOUS else "refused"


def of(reply: Reply, *, code: str | None, known: Outcome | None, message_id: str | None, now: Instant) -> Answer:
    """Return the answer in a reply. `code` is the provider's own, and `known` what it means where that is known."""
    if 200 <= reply.status < 300:
        return Answer("accepted", message_id=message_id)
    found = known or outcome(reply.status)
    wait = seconds(reply.retry_after, now) if found in {"retry", "account"} else None
    return Answer(found, code or str(reply.status), retry_after_seconds=wait)


def missing(failure: NotAnswered) -> Answer:
    """Return what it means that no answer came: nothing was taken if nothing was sent."""
    if failure.reason in _NOT_ALLOWED:
        return Answer("account", failure.reason)
    return Answer("ambiguous" if failure.was_sent else "retry", failure.reason)


def seconds(retry_after: str | None, now: Instant) -> int | None:
    """Return the seconds that a `Retry-After` asks for (RFC 9110, section 10.2.3), None for what asks for nothing."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(int(text), LONGEST_WAIT // SECOND)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return -(-min(max(from_datetime(moment) - now, 0), LONGEST_WAIT) // SECOND)
