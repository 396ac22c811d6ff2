"""Chat, by the incoming webhook of a channel at Slack, Teams or Discord, one attempt at a time.

The address is a secret: whoever knows it writes to the channel. It stands in no answer and in no log.
"""

import json
from collections.abc import Callable
from typing import Any, Final, Literal

from shared.egress import client
from shared.egress.client import Limits, NotAnswered, Reply, Request
from shared.sending.answers import Answer

Kind = Literal["slack", "teams", "discord"]

_LIMITS: Final = Limits(seconds=10, max_bytes=1024)
_RETRY: Final = frozenset({429, 503})
_BROKEN: Final = 500
_NOT_ALLOWED: Final = frozenset({"address_not_allowed", "header_not_allowed"})
_MOST_CHARACTERS: Final[dict[Kind, int]] = {"slack": 40_000, "teams": 20_000, "discord": 2_000}
_SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"


def send(text: str, *, kind: Kind, url: str, allow_loopback: bool = False) -> Answer:
    """Send a text to a channel once. Nobody is called by name in it, whatever it says; what is too long is refused."""
    if len(text) > _MOST_CHARACTERS[kind]:
        return Answer("refused", "text_too_long")
    body = json.dumps(_BODIES[kind](text)).encode()
    request = Request("POST", url, {"Content-Type": "application/json", "User-Agent": "milepost/1"}, body)
    try:
        reply = client.ask(request, _LIMITS, allow_loopback=allow_loopback)
    except NotAnswered as failure:
        return _not_answered(failure)
    return _answered(reply)


def _answered(reply: Reply) -> Answer:
    reason = str(reply.status)
    if reply.status in _RETRY:
        return Answer("retry", reason, retry_after_seconds=_seconds(reply.retry_after))
    if reply.status >= _BROKEN:
        return Answer("ambiguous", reason)
    # A redirect is not followed. What forbids or does not know the address is about this channel, not about us.
    return Answer("accepted") if 200 <= reply.status < 300 else Answer("refused", reason)


def _not_answered(failure: NotAnswered) -> Answer:
    if failure.reason in _NOT_ALLOWED:
        return Answer("refused", failure.reason)
    return Answer("ambiguous" if failure.was_sent else "retry", failure.reason)


def _seconds(text: str | None) -> int | None:
    """Return the whole seconds of a `Retry-After`; Discord says parts of seconds too."""
    try:
        return None if text is None else max(0, -int(-float(text) // 1))
    except (ValueError, OverflowError):
        return None


def _slack(text: str) -> dict[str, Any]:
    # https://docs.slack.dev/messaging/formatting-message-text#escaping: `<!channel>` would call everybody.
    return {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}


def _discord(text: str) -> dict[str, Any]:
    # https://discord.com/developers/docs/resources/message#allowed-mentions-object
    return {"content": text, "allowed_mentions": {"parse": []}}


def _teams(text: str) -> dict[str, Any]:
    # https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
    block = {"type": "TextBlock", "text": text, "wrap": True}
    card = {"$schema": _SCHEMA, "type": "AdaptiveCard", "version": "1.4", "body": [block]}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


_BODIES: Final[dict[Kind, Callable[[str], dict[str, Any]]]] = {"slack": _slack, "teams": _teams, "discord": _discord}
