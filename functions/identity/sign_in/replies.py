"""What signing in answers."""

from typing import Literal

from pydantic import BaseModel, RootModel

from functions.identity.examples import MOMENT, TENANT_ID, USER_ID
from functions.identity.scopes import Role
from functions.identity.shapes import answered

_GRANT = {
    "access_token": "eyJhbGciOiJFUzI1NiIs…",
    "refresh_token": "session_01KAEY3VJ0G3Q6M0R5T9W2X4Z8.0GzI6qW3…",
    "token_type": "Bearer",
    "expires_in": 900,
}


class SignedIn(BaseModel):
    """An access token, for how many seconds it is good, and the refresh token that gets the next one, once."""

    model_config = answered(_GRANT)

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int


_MEMBERSHIP = {
    "tenant_id": TENANT_ID,
    "tenant_name": "Analytical Engines",
    "user_id": USER_ID,
    "role": "owner",
}


class Membership(BaseModel):
    """A tenant that your account may enter: as which user, and in which role."""

    model_config = answered(_MEMBERSHIP)

    tenant_id: str
    tenant_name: str
    user_id: str
    role: Role


class Memberships(BaseModel):
    """The tenants that your account may enter, the one used last first."""

    model_config = answered({"items": [_MEMBERSHIP]})

    items: list[Membership]


class Entered(SignedIn):
    """The tokens of a session, the tenant and the user that they are for, and the tenants you may switch to."""

    model_config = answered({**_GRANT, "tenant_id": TENANT_ID, "user_id": USER_ID, "memberships": [_MEMBERSHIP]})

    tenant_id: str
    user_id: str
    memberships: list[Membership]


class SecondFactorDue(BaseModel):
    """The password was right; send the token with a code to `POST /api/v1/auth/login/otp` within five minutes."""

    model_config = answered({"mfa_required": True, "mfa_token": "pV0lq1o0Wm3…"})

    mfa_required: Literal[True]
    mfa_token: str


class SignInAnswer(RootModel[Entered | SecondFactorDue]):
    """The tokens of a session, or what to send with a one-time code when a second factor is enrolled."""

    model_config = Entered.model_config


class Challenge(BaseModel):
    """A challenge; the code is not in it."""

    model_config = answered({"challenge_id": "otp_01KAFX7P3R5T8V0W2Y4Z6A9BCD", "expires_at": MOMENT})

    challenge_id: str
    expires_at: str


class StepUp(BaseModel):
    """An access token of the same session that says your second factor was proved now, and its seconds."""

    model_config = answered({"access_token": "eyJhbGciOiJFUzI1NiIs…", "token_type": "Bearer", "expires_in": 300})

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
