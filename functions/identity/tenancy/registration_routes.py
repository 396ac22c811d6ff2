"""Registering over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.identity import resolver
from functions.identity.accounts import passwords, users
from functions.identity.accounts.accounts import TooManyMemberships
from functions.identity.accounts.users import UserNotFound
from functions.identity.resolver import AUTH, BODY, WRITE, api, source_address
from functions.identity.second_factor.second_factors import SignInRequired
from functions.identity.tenancy import invitations, joining, registrations
from functions.identity.tenancy.invitations import InvitationNotValid
from functions.identity.tenancy.joining import AlreadyMember
from functions.identity.tenancy.registrations import AccountExists, EmailTaken
from shared import clock, policies
from shared.api import rate_limits
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, IdempotencyKey, answer
from shared.callers.challenges import StepUpRequired
from shared.storage import idempotency
from shared.storage.idempotency import Claim, IdempotencyKeyReused

if TYPE_CHECKING:
    from functions.identity.tenancy.shapes import InvitationToken, Registration


replies = Replies("functions.identity.tenancy.replies")
member_replies = Replies("functions.identity.tenancy.member_replies")

SENT = Body("functions.identity.tenancy.shapes")


@api.operation(
    "POST",
    f"{AUTH}/register",
    scope=PUBLIC,
    summary="Register",
    answers={201: replies.Registered},
    refusals=(*BODY, EmailTaken, AccountExists, InvitationNotValid, IdempotencyKeyReused),
)
def register(registration: Annotated["Registration", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Make a user and a tenant of their own, or join the tenant of an invitation to this e-mail address.

    Whoever has an account signs in to it instead, and joins with `POST /api/v1/auth/join`.
    """
    _count(registration)
    who = {name: getattr(registration, name) for name in ("email", "password", "display_name")}
    claim = _claim(registration, idempotency_key) if idempotency_key else None
    if registration.invitation_token is not None:
        joined = registrations.accept_invitation(
            token=registration.invitation_token, **who, now=clock.now(), claim=claim
        )
        return answer(201, joined)
    tenant_name = registration.tenant_name or registration.display_name
    return answer(201, registrations.found_tenant(**who, tenant_name=tenant_name, now=clock.now(), claim=claim))


def _count(registration: "Registration") -> None:
    """Count a registration, before its password is hashed. Raises RateLimited.

    An invitation that is not good for the e-mail address is none here, and goes on: a request that is repeated with its
    `Idempotency-Key` has used it up.
    """
    token, email = registration.invitation_token, registration.email
    tenant_id = None if token is None else invitations.inviting(token, email=email, now=clock.now())
    if tenant_id is None:
        api.rate_headers = rate_limits.count_address(source_address(), policies.REGISTRATIONS)
    else:
        rate_limits.count_invited(email, tenant_id=tenant_id, address=source_address())


def _claim(registration: Annotated["Registration", SENT], idempotency_key: str) -> Claim:
    """Return the claim of a caller who has no name yet but the address they bring."""
    purpose = f"{registration.email} {idempotency_key}"
    fingerprint = passwords.fingerprint(registration.password, purpose=purpose)
    return idempotency.claim(
        partition=users.email_partition(registration.email),
        idempotency_key=idempotency_key,
        operation="auth.register",
        request={**registration.model_dump(), "password": fingerprint},
    )


@api.operation(
    "POST",
    f"{AUTH}/invitation",
    scope=PUBLIC,
    summary="Look at an invitation",
    answers={200: member_replies.InvitationOpened},
    refusals=(*BODY, InvitationNotValid),
)
def open_invitation(sent: Annotated["InvitationToken", SENT]) -> Response:
    """Tell whoever holds the token which tenant invites which address, and as what. To accept it, register with it.

    Whoever has an account with this address signs in to it and joins with `POST /api/v1/auth/join`.
    """
    return answer(200, invitations.show(sent.invitation_token, now=clock.now()))


@api.operation(
    "POST",
    f"{AUTH}/join",
    scope=WRITE,
    summary="Join another tenant",
    answers={201: member_replies.Joined},
    refusals=(
        *BODY,
        SignInRequired,
        UserNotFound,
        InvitationNotValid,
        AlreadyMember,
        TooManyMemberships,
        StepUpRequired,
        IdempotencyKeyReused,
    ),
)
def join_tenant(sent: Annotated["InvitationToken", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Accept an invitation with the account that you are signed in to; it must be to the address of the account.

    You have a user of its own in that tenant; `POST /api/v1/auth/switch` gets you there. If you have a second factor,
    or the tenant demands one, your session must have proved one.
    """
    claim = resolver.claim(api.caller, "auth.join", sent.model_dump(), idempotency_key)
    return answer(201, joining.join(api.caller, sent.invitation_token, now=clock.now(), claim=claim))
