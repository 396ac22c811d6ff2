"""One's own account over REST."""

from typing import TYPE_CHECKING, Annotated, Any

from functions.identity.accounts import accounts, users
from functions.identity.accounts.users import User, UserNotFound
from functions.identity.profile import phones, profiles
from functions.identity.profile.profiles import PasswordNotSet, WrongPassword
from functions.identity.resolver import AUTH, BODY, READ, WRITE, api, source_address
from functions.identity.sign_in.sign_ins import SignInLocked
from shared import clock
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IfMatch, answer
from shared.callers import step_up
from shared.callers.challenges import StepUpRequired
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.identity.profile.shapes import ProfileChange


replies = Replies("functions.identity.profile.replies")

SENT = Body("functions.identity.profile.shapes")


@api.operation("GET", f"{AUTH}/me", scope=READ, summary="Who am I", answers={200: replies.Me}, refusals=(UserNotFound,))
def me() -> Response:
    """Tell who calls: a person with the roles and scopes of the token that was sent, or the service of an API key."""
    caller = api.caller
    if caller.key_id is not None:
        return answer(200, {**profiles.of_service(caller, caller.key_id), "scopes": sorted(caller.scopes)})
    granted = {"roles": caller.roles, "scopes": sorted(caller.scopes)}
    user = users.get(caller.user_id)
    return answer(200, {**_profile(user, accounts.of(user, consistent=False)), **granted})


@api.operation(
    "PATCH",
    f"{AUTH}/me",
    scope=WRITE,
    summary="Change your name or password",
    answers={200: replies.Profile},
    refusals=(*BODY, UserNotFound, VersionChanged, PasswordNotSet, WrongPassword, SignInLocked, StepUpRequired),
)
def change_me(change: Annotated["ProfileChange", SENT], if_match: IfMatch = None) -> Response:
    """Change your name in this tenant, or the password of your account with the one you have.

    A new password ends every session, in every tenant of yours; `session` then holds the tokens of a new one,
    so that you stay signed in here.
    It takes a second factor proved just now if you have one or your tenant demands one, a name does not.
    """
    wanted = {} if change.display_name is None else {"display_name": change.display_name}
    if change.password is None or change.current_password is None:
        user = profiles.change(api.caller, wanted, if_match=if_match, now=clock.now())
        return answer(200, {**_profile(user, accounts.of(user)), "session": None})
    now = clock.now()
    step_up.require(api.caller, RECENT_SECOND_FACTOR, now=now)
    user, granted = profiles.change_password(
        api.caller,
        wanted,
        current=change.current_password,
        password=change.password,
        if_match=if_match,
        now=now,
        source_address=source_address(),
    )
    return answer(200, {**_profile(user, accounts.of(user)), "session": granted})


def _profile(user: User, account: User) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "tenant_id": user.tenant_id,
        "email": user.email,
        "display_name": user.display_name,
        "created_at": user.created_at,
        "version": user.version,
        **phones.shown(account),
    }
