"""The AppSync authorizer: the same verification as for REST, answered the way AppSync asks for it.

No Logger and no validation here: this function is a cold start in front of another one.
"""

from typing import Any

from shared import auth, clock

# AppSync begins to count when it has the answer, not when we looked.
_ON_THE_WAY = clock.SECOND


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return whether the request may enter, who calls, and for how many seconds AppSync may remember it.

    The token is taken with and without the word Bearer. What is remembered here and there together is never older
    than 60 seconds, nor than the token. Raises Unavailable when the table does not say what it has to.
    """
    try:
        verified = auth.verify(auth.bearer_token(_credentials(event)))
    except (auth.Unauthenticated, auth.AmbiguousCredential):
        return {"isAuthorized": False}
    return {
        "isAuthorized": True,
        "resolverContext": auth.to_resolver_context(verified.caller),
        "ttlOverride": max(0, (verified.until - clock.now() - _ON_THE_WAY) // clock.SECOND),
    }


def _credentials(event: dict[str, Any]) -> dict[str, str]:
    """Return the credentials as headers; an API key beside the token makes two of them, as it does for REST."""
    token = event.get("authorizationToken") or ""
    headers = event.get("requestHeaders") or {}
    api_keys = {name: value for name, value in headers.items() if name.lower() == "x-api-key"}
    return {**api_keys, "authorization": token if " " in token.strip() else f"Bearer {token}"}
