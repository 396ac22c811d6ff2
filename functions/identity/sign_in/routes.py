"""Register, sign in and out, and one's own profile, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.identity.accounts.emails import normalise
from functions.identity.accounts.users import UserNotFound
from functions.identity.resolver import AUTH, BODY, WRITE, api, source_address
from functions.identity.sign_in import sessions, sign_ins
from functions.identity.sign_in.sessions import InvalidRefreshToken
from functions.identity.sign_in.sign_ins import InvalidCredentials, SignInLocked, UserDisabled
from shared import clock
from shared.api import rate_limits
from shared.api.admission import GUESSABLE, UNGUESSABLE
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer

if TYPE_CHECKING:
    from functions.identity.sign_in.shapes import Credentials, Refreshing


replies = Replies("functions.identity.sign_in.replies")

SENT = Body("functions.identity.sign_in.shapes")


@api.operation(
    "POST",
    f"{AUTH}/login",
    scope=PUBLIC,
    admission=GUESSABLE,
    summary="Sign in",
    answers={200: replies.SignInAnswer},
    refusals=(*BODY, InvalidCredentials, UserDisabled, SignInLocked),
)
def login(credentials: Annotated["Credentials", SENT]) -> Response:
    """Exchange e-mail address and password for the tokens of a session; five failures in 15 minutes lock for 15.

    The session is in the tenant that you used last; `memberships` tells the others, for `POST /api/v1/auth/switch`.
    With a second factor enrolled the answer is an `mfa_token` for `POST /api/v1/auth/login/otp` instead.
    """
    email = normalise(credentials.email)
    rate_limits.count_account(email)
    granted = sign_ins.sign_in(
        email=email,
        password=credentials.password,
        now=clock.now(),
        source_address=source_address(),
    )
    return answer(200, granted)


@api.operation(
    "POST",
    f"{AUTH}/refresh",
    scope=PUBLIC,
    admission=UNGUESSABLE,
    summary="Refresh the tokens of a session",
    answers={200: replies.SignedIn},
    refusals=(*BODY, InvalidRefreshToken),
)
def refresh(refreshing: Annotated["Refreshing", SENT]) -> Response:
    """Exchange the refresh token for new tokens. It is good once.

    If the answer was lost, send the same token again within 60 seconds: the answer has the same refresh token. Sent
    later, or after its successor was used, a spent token ends the session.
    """
    return answer(200, sessions.refresh(refreshing.refresh_token, now=clock.now(), admit=_count))


@api.operation("POST", f"{AUTH}/logout", scope=WRITE, summary="Sign out", answers={204: None})
def logout() -> Response:
    """End this session: its refresh token at once, its access tokens within 60 seconds."""
    sessions.end(api.caller, now=clock.now())
    return answer(204)


@api.operation(
    "POST",
    f"{AUTH}/logout-all",
    scope=WRITE,
    summary="Sign out everywhere",
    answers={204: None},
    refusals=(UserNotFound,),
)
def logout_all() -> Response:
    """End every session you have, in every tenant: refresh tokens at once, access tokens within 60 seconds."""
    sessions.end_all(api.caller, now=clock.now())
    return answer(204)


def _count(session_id: str) -> None:
    """Count a refresh against its session. Raises RateLimited."""
    api.rate_headers = rate_limits.count_session(session_id)
