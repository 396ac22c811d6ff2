"""The AppSync authorizer: the same verification as for REST, answered the way AppSync asks for it.

No Logger and no validation here: this function is a cold start in front of another one.
"""

from typing import Any

from shared import clock
from shared.api import metrics
from shared.api.request_lines import RequestLine
from shared.callers import api_keys, auth

# AppSync begins to count when it has the answer, not when we looked.
_ON_THE_WAY = clock.SECOND


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return whether the request may enter, who calls, and for how many seconds AppSync may remember it.

    The token is taken with and without the word Bearer, and an API key in its place: without an `Authorization` header
    AppSync does not ask us. What is remembered here and there together is never older than 60 seconds, nor than the
    credential. Raises Unavailable when the table does not say what it has to.
    """
    request_id = event.get("requestContext", {}).get("requestId", "")
    headers = event.get("requestHeaders") or {}
    with RequestLine("authorizer", request_id, headers.get("traceparent")) as line:
        return _answer(event, line)


def _answer(event: dict[str, Any], line: RequestLine) -> dict[str, Any]:
    try:
        verified = auth.identify(_credentials(event))
    except (auth.Unauthenticated, auth.AmbiguousCredential) as refusal:
        metrics.count_refused(metrics.GRAPHQL_REFUSED, refusal.status)
        line.status, line.code = refusal.status, refusal.code
        return {"isAuthorized": False}
    line.authenticated(verified.caller)
    if verified.caller.restriction is not None:
        # No field knows what a key may be bound to.
        metrics.count_refused(metrics.GRAPHQL_REFUSED, auth.InsufficientScope.status)
        line.status, line.code = auth.InsufficientScope.status, auth.InsufficientScope.code
        return {"isAuthorized": False}
    line.status = 200
    return {
        "isAuthorized": True,
        "resolverContext": auth.to_resolver_context(verified.caller),
        "ttlOverride": max(0, (verified.until - clock.now() - _ON_THE_WAY) // clock.SECOND),
    }


def _credentials(event: dict[str, Any]) -> dict[str, str]:
    """Return the credentials as headers. Raises AmbiguousCredential for an API key beside another credential."""
    sent = (event.get("authorizationToken") or "").strip(" ")
    headers = event.get("requestHeaders") or {}
    keys = {name: value for name, value in headers.items() if name.lower() == "x-api-key"}
    if sent and keys:
        raise auth.AmbiguousCredential("Send one credential.")
    if sent.startswith(api_keys.PREFIX):
        return {"x-api-key": sent}
    return keys or {"authorization": sent if " " in sent else f"Bearer {sent}"}
