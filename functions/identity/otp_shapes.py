"""What callers may send of one-time codes."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from functions.identity.phone_numbers import PhoneNumber
from functions.identity.second_factors import Proof
from functions.identity.shapes import config_of

Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="Six digits.")]
RecoveryCode = Annotated[
    str, Field(min_length=16, max_length=32, description="One of the ten, with or without dashes.")
]


class FirstCode(BaseModel):
    """The code that the authenticator shows."""

    model_config = config_of({"code": "287082"})

    code: Code


class SecondStep(BaseModel):
    """What signing in has answered, and a code of the authenticator or a recovery code."""

    model_config = config_of({"mfa_token": "pV0lq1o0Wm3…", "code": "287082"})

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

    model_config = config_of({"username": "ada@example.com"})

    username: Annotated[str, Field(max_length=254)]


class Verification(BaseModel):
    """A code, and what it is for: the challenge, or your own e-mail address."""

    model_config = config_of({"challenge_id": "otp_01KAFX7P3R5T8V0W2Y4Z6A9BCD", "code": "287082"})

    challenge_id: Annotated[str | None, Field(max_length=64)] = None
    username: Annotated[str | None, Field(max_length=254)] = None
    code: Code

    @model_validator(mode="after")
    def _one_purpose(self) -> Self:
        if (self.challenge_id is None) == (self.username is None):
            raise ValueError("send either challenge_id or username")
        return self


class PhoneChange(BaseModel):
    """The number that your codes are to be sent to."""

    model_config = config_of({"phone_number": "+4915112345678"})

    phone_number: PhoneNumber


class SentCode(BaseModel):
    """The code that was sent to the number."""

    model_config = config_of({"code": "287082"})

    code: Code
