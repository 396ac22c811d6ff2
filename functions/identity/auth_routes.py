"""Register, sign in and out, and one's own profile, over REST."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from functions.identity import (
    invitations,
    member_replies,
    otp_replies,
    passwords,
    phones,
    profiles,
    registrations,
    replies,
    sessions,
    sign_ins,
    users,
)
from functions.identity.door import BODY, READ, WRITE, api, source_address
from functions.identity.emails import normalise
from functions.identity.invitations import InvitationNotValid
from functions.identity.profiles import PasswordNotSet, WrongPassword
from functions.identity.registrations import EmailTaken
from functions.identity.sessions import InvalidRefreshToken
from functions.identity.shapes import Credentials, InvitationToken, ProfileChange, Refreshing, Registration
from functions.identity.sign_ins import InvalidCredentials, SignInLocked, UserDisabled
from functions.identity.users import UserNotFound
from shared import clock, idempotency, step_up
from shared.api import PUBLIC, IdempotencyKey, IfMatch, answer
from shared.attributes import Item
from shared.challenges import StepUpRequired
from shared.idempotency import Claim, IdempotencyKeyReused
from shared.step_up import RECENT_SECOND_FACTOR
from shared.versions import VersionChanged

AUTH = "/api/v1/auth"


@api.operation(
    "POST",
    f"{AUTH}/register",
    scope=PUBLIC,
    summary="Register",
    answers={201: replies.Registered},
    refusals=(*BODY, EmailTaken, InvitationNotValid, IdempotencyKeyReused),
)
def register(registration: Registration, idempotency_key: IdempotencyKey = None) -> Response[str]:
    """Make a user and a tenant of their own, or join the tenant of an invitation to this e-mail address.

    The address must not have been used before.
    """
    who = {name: getattr(registration, name) for name in ("email", "password", "display_name")}
    claim = _claim(registration, idempotency_key) if idempotency_key else None
    if registration.invitation_token is not None:
        joined = registrations.accept_invitation(
            token=registration.invitation_token, **who, now=clock.now(), claim=claim
        )
        return answer(201, joined)
    tenant_name = registration.tenant_name or registration.display_name
    return answer(201, registrations.found_tenant(**who, tenant_name=tenant_name, now=clock.now(), claim=claim))


@api.operation(
    "POST",
    f"{AUTH}/invitation",
    scope=PUBLIC,
    summary="Look at an invitation",
    answers={200: member_replies.InvitationOpened},
    refusals=(*BODY, InvitationNotValid),
)
def open_invitation(sent: InvitationToken) -> Response[str]:
    """Tell whoever holds the token which tenant invites which address, and as what. To accept it, register with it."""
    return answer(200, invitations.show(sent.invitation_token, now=clock.now()))


@api.operation(
    "POST",
    f"{AUTH}/login",
    scope=PUBLIC,
    summary="Sign in",
    answers={200: otp_replies.SignInAnswer},
    refusals=(*BODY, InvalidCredentials, UserDisabled, SignInLocked),
)
def login(credentials: Credentials) -> Response[str]:
    """Exchange e-mail address and password for the tokens of a session; five failures in 15 minutes lock for 15.

    With a second factor enrolled the answer is an `mfa_token` for `POST /api/v1/auth/login/otp` instead.
    """
    granted = sign_ins.sign_in(
        email=normalise(credentials.email),
        password=credentials.password,
        now=clock.now(),
        source_address=source_address(),
    )
    return answer(200, granted)


@api.operation(
    "POST",
    f"{AUTH}/refresh",
    scope=PUBLIC,
    summary="Refresh the tokens of a session",
    answers={200: replies.SignedIn},
    refusals=(*BODY, InvalidRefreshToken),
)
def refresh(refreshing: Refreshing) -> Response[str]:
    """Exchange the refresh token for new tokens. It is good once.

    If the answer was lost, send the same token again within 60 seconds: the answer has the same refresh token. Sent
    later, or after its successor was used, a spent token ends the session.
    """
    return answer(200, sessions.refresh(refreshing.refresh_token, now=clock.now()))


@api.operation("POST", f"{AUTH}/logout", scope=WRITE, summary="Sign out", answers={204: None})
def logout() -> Response[str]:
    """End this session: its refresh token at once, its access tokens within 60 seconds."""
    sessions.end(api.caller, now=clock.now())
    return answer(204)


@api.operation("POST", f"{AUTH}/logout-all", scope=WRITE, summary="Sign out everywhere", answers={204: None})
def logout_all() -> Response[str]:
    """End every session you have: refresh tokens at once, access tokens within 60 seconds."""
    sessions.end_all(api.caller, now=clock.now())
    return answer(204)


@api.operation("GET", f"{AUTH}/me", scope=READ, summary="Who am I", answers={200: replies.Me}, refusals=(UserNotFound,))
def me() -> Response[str]:
    """Tell who calls: a person with the roles and scopes of the token that was sent, or the service of an API key."""
    caller = api.caller
    if caller.key_id is not None:
        return answer(200, {**profiles.of_service(caller, caller.key_id), "scopes": sorted(caller.scopes)})
    granted = {"roles": caller.roles, "scopes": sorted(caller.scopes)}
    return answer(200, {**_profile(users.get(caller.user_id)), **granted})


@api.operation(
    "PATCH",
    f"{AUTH}/me",
    scope=WRITE,
    summary="Change your name or password",
    answers={200: replies.Profile},
    refusals=(*BODY, UserNotFound, VersionChanged, PasswordNotSet, WrongPassword, SignInLocked, StepUpRequired),
)
def change_me(change: ProfileChange, if_match: IfMatch = None) -> Response[str]:
    """Change your name, or your password with the one you have.

    A new password ends every session; `session` then holds the tokens of a new one, so that you stay signed in here.
    It takes a second factor proved just now if you have one or your tenant demands one, a name does not.
    """
    wanted = {} if change.display_name is None else {"display_name": change.display_name}
    if change.password is None or change.current_password is None:
        user = profiles.change(api.caller, wanted, if_match=if_match, now=clock.now())
        return answer(200, {**_profile(user), "session": None})
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
    return answer(200, {**_profile(user), "session": granted})


def _profile(user: Item) -> dict[str, Any]:
    names = ("user_id", "tenant_id", "email", "display_name", "created_at", "version")
    return {name: user[name] for name in names} | phones.shown(user)


def _claim(registration: Registration, idempotency_key: str) -> Claim:
    """Return the claim of a caller who has no name yet but the address they bring."""
    purpose = f"{registration.email} {idempotency_key}"
    fingerprint = passwords.fingerprint(registration.password, purpose=purpose)
    return idempotency.claim(
        partition=users.email_partition(registration.email),
        idempotency_key=idempotency_key,
        operation="auth.register",
        request={**registration.model_dump(), "password": fingerprint},
    )
