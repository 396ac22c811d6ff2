"""The tenants of one's account over REST: list them, and switch to another."""

from typing import TYPE_CHECKING, Annotated

from functions.identity.accounts.users import UserNotFound
from functions.identity.resolver import AUTH, BODY, READ, WRITE, api, source_address
from functions.identity.second_factor.second_factors import SignInRequired
from functions.identity.sign_in import switches
from functions.identity.sign_in.switches import MembershipNotFound
from shared import clock
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer
from shared.callers.challenges import StepUpRequired

if TYPE_CHECKING:
    from functions.identity.sign_in.shapes import Switch


replies = Replies("functions.identity.sign_in.replies")

SENT = Body("functions.identity.sign_in.shapes")


@api.operation(
    "GET",
    f"{AUTH}/memberships",
    scope=READ,
    summary="List the tenants of your account",
    answers={200: replies.Memberships},
    refusals=(SignInRequired, UserNotFound),
)
def list_memberships() -> Response:
    """List the tenants that your account may enter, at most 20: as which user, and in which role.

    The one that you used last comes first.
    """
    return answer(200, {"items": switches.page(api.caller)})


@api.operation(
    "POST",
    f"{AUTH}/switch",
    scope=WRITE,
    summary="Switch to another tenant",
    answers={200: replies.Entered},
    refusals=(*BODY, SignInRequired, UserNotFound, MembershipNotFound, StepUpRequired),
)
def switch_tenant(switch: Annotated["Switch", SENT]) -> Response:
    """Exchange your access token for the tokens of a new session in another tenant of your account.

    The session that you have goes on; sign out of it if you need it no more. Signing in leads to the tenant that you
    used last. If you have a second factor, or the other tenant demands one, your session must have proved one: sign in
    with it, or prove it with `POST /api/v1/auth/verify`.
    """
    switched = switches.switch(api.caller, switch.tenant_id, now=clock.now(), source_address=source_address())
    return answer(200, switched)
