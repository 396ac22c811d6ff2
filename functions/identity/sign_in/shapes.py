"""What callers send to sign in, to refresh a session and to prove a second factor."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from functions.identity.accounts import passwords
from functions.identity.examples import TENANT_ID
from functions.identity.second_factor.second_factors import Proof
from functions.identity.second_factor.shapes import Code, RecoveryCode
from functions.identity.shapes import sent


class SecondStep(BaseModel):
    """What signing in has answered, and a code of the authenticator or a recovery code."""

    model_config = sent({"mfa_token": "pV0lq1o0Wm3…", "code": "287082"})

    mfa_token: Annotated[str, Field(max_length=128)]
    code: Code | None = None
    recovery_code: RecoveryCode | None = None

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if (self.code is None) == (self.recovery_code is None):
            raise ValueError("send either code or recovery_code")
        return self

    @property
    def proof(self) -> Proof:
        """What is shown."""
        return Proof("code", self.code) if self.code is not None else Proof("recovery_code", self.recovery_code or "")


class Challenged(BaseModel):
    """Whom to send a code: your own e-mail address."""

    model_config = sent({"username": "ada@example.com"})

    username: Annotated[str, Field(max_length=254)]


class Verification(BaseModel):
    """A code, and what it is for: the challenge, or your own e-mail address."""

    model_config = sent({"challenge_id": "otp_01KAFX7P3R5T8V0W2Y4Z6A9BCD", "code": "287082"})

    challenge_id: Annotated[str | None, Field(max_length=64)] = None
    username: Annotated[str | None, Field(max_length=254)] = None
    code: Code

    @model_validator(mode="after")
    def _one_purpose(self) -> Self:
        if (self.challenge_id is None) == (self.username is None):
            raise ValueError("send either challenge_id or username")
        return self


class Credentials(BaseModel):
    """An e-mail address and a password."""

    model_config = sent({"email": "ada@example.com", "password": "a sentence is easy to remember"})

    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=passwords.MAX_CHARACTERS)]


class Switch(BaseModel):
    """Which tenant of your account to switch to."""

    model_config = sent({"tenant_id": TENANT_ID})

    tenant_id: Annotated[str, Field(max_length=64)]


class Refreshing(BaseModel):
    """The newest refresh token of a session."""

    model_config = sent({"refresh_token": "session_01KAEY3VJ0G3Q6M0R5T9W2X4Z8.0GzI6qW3…"})

    refresh_token: Annotated[str, Field(max_length=128)]
