"""Sign in with Google, over REST: there and back."""

from typing import Annotated

from functions.identity.oidc import sign_ins
from functions.identity.oidc.attempts import LIFE_SECONDS, InvalidSignInState
from functions.identity.oidc.clients import GoogleSignInNotConfigured
from functions.identity.oidc.fetching import ProviderUnavailable
from functions.identity.oidc.id_tokens import EmailNotVerified, InvalidIdToken
from functions.identity.oidc.providers import InvalidAuthorizationCode
from functions.identity.oidc.sign_ins import AddressNotLinked, Callback, GoogleSignInDenied
from functions.identity.resolver import AUTH, api, source_address
from functions.identity.sign_in.sign_ins import SignInLocked, UserDisabled
from shared import clock
from shared.api.admission import GUESSABLE
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer
from shared.errors import InvalidInput

replies = Replies("functions.identity.sign_in.replies")


# `__Host-`: no other host, not even a subdomain, can put one there (RFC 6265bis, section 4.1.3.2). Lax: it comes with
# the navigation back from the provider, and with no request that another site's page makes.
COOKIE = "__Host-milepost-google"
_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


@api.operation(
    "GET",
    f"{AUTH}/google",
    scope=PUBLIC,
    is_safe=False,
    summary="Sign in with Google",
    answers={302: None},
    refusals=(GoogleSignInNotConfigured, ProviderUnavailable),
)
def google_sign_in() -> Response:
    """Open this in a browser: it leads to Google, and from there to `/auth/google/callback`, within ten minutes.

    A cookie binds the sign-in to the browser that began it; the one begun last is good.
    """
    location, attempt = sign_ins.begin(now=clock.now())
    kept = f"{COOKIE}={attempt.browser_secret}; Max-Age={LIFE_SECONDS}; {_ATTRIBUTES}"
    return answer(302, headers={"Location": location, "Set-Cookie": kept})


@api.operation(
    "GET",
    f"{AUTH}/google/callback",
    scope=PUBLIC,
    admission=GUESSABLE,
    is_safe=False,
    # A provider may answer more than was asked for (RFC 6749, section 4.1.2), and Google does.
    ignores_unknown_queries=True,
    summary="Sign in with Google, the way back",
    answers={200: replies.SignInAnswer},
    refusals=(
        InvalidSignInState,
        InvalidInput,
        GoogleSignInNotConfigured,
        GoogleSignInDenied,
        InvalidAuthorizationCode,
        InvalidIdToken,
        EmailNotVerified,
        UserDisabled,
        AddressNotLinked,
        SignInLocked,
        ProviderUnavailable,
    ),
)
def google_callback(
    state: Annotated[str, Query(max_length=128, description="What `/auth/google` gave the provider.")],
    code: Annotated[str | None, Query(max_length=2048, description="What the provider exchanges for a token.")] = None,
    error: Annotated[str | None, Query(max_length=256, description="Why there is no code.")] = None,
    iss: Annotated[str | None, Query(max_length=512, description="Which provider answers (RFC 9207).")] = None,
) -> Response:
    """Exchange Google's answer for the tokens of a session, as signing in with a password does.

    Who comes for the first time gets an account without a password and a tenant of their own. An e-mail address that
    has an account is refused: sign in to that as it was made. With a second factor enrolled the answer is an
    `mfa_token` for `POST /api/v1/auth/login/otp` instead.
    """
    callback = Callback(state=state, code=code, error=error, issuer=iss, source_address=source_address())
    granted = sign_ins.finish(callback, browser_secret=_browser_secret(), now=clock.now())
    headers = {"Set-Cookie": f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}", "Referrer-Policy": "no-referrer"}
    return answer(200, granted, headers=headers)


def _browser_secret() -> str | None:
    """Return what the cookie holds. API Gateway lists cookies apart from the headers; emulators leave them there."""
    event = api.request.event
    sent = [*event.get("cookies", []), *event["headers"].get("cookie", "").split(";")]
    held = dict(cookie.strip().partition("=")[::2] for cookie in sent)
    return held.get(COOKIE)
