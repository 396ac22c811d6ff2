"""What callers are answered of one-time codes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, RootModel

from functions.identity import replies
from functions.identity.channels import Channel
from functions.identity.replies import MOMENT


def _config(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class SecondFactorDue(BaseModel):
    """The password was right; send the token with a code to `POST /api/v1/auth/login/otp` within five minutes."""

    model_config = _config({"mfa_required": True, "mfa_token": "pV0lq1o0Wm3…"})

    mfa_required: Literal[True]
    mfa_token: str


class SignInAnswer(RootModel[replies.SignedIn | SecondFactorDue]):
    """The tokens of a session, or what to send with a one-time code when a second factor is enrolled."""

    model_config = replies.SignedIn.model_config


class Enrolment(BaseModel):
    """What the authenticator needs, as text and as a picture, shown only now."""

    model_config = _config(
        {
            "otpauth_uri": "otpauth://totp/Milepost:ada%40example.com?secret=GEZDGNBVGY3TQOJQ…&issuer=Milepost",
            "secret": "GEZDGNBVGY3TQOJQ…",
            "qr_svg": '<svg xmlns="http://www.w3.org/2000/svg" …',
        }
    )

    otpauth_uri: str
    secret: str
    qr_svg: str


class RecoveryCodes(BaseModel):
    """Ten codes, each good once in the place of the authenticator, shown only now."""

    model_config = _config({"recovery_codes": ["K7QF-2MXA-P3D5-T6WZ"]})

    recovery_codes: list[str]


class SecondFactor(BaseModel):
    """Whether you have a second factor, since when, and how many recovery codes are left."""

    model_config = _config({"enrolled": True, "enrolled_at": MOMENT, "recovery_codes_left": 10})

    enrolled: bool
    enrolled_at: str | None
    recovery_codes_left: int


class Challenge(BaseModel):
    """A challenge; the code is not in it."""

    model_config = _config({"challenge_id": "otp_01KAFX7P3R5T8V0W2Y4Z6A9BCD", "expires_at": MOMENT})

    challenge_id: str
    expires_at: str


class PhoneChallenge(BaseModel):
    """Where a code was sent, most of the number hidden, and until when it is good; the code is not in it."""

    model_config = _config({"phone_number": replies.MASKED, "expires_at": MOMENT})

    phone_number: str
    expires_at: str


class Phone(BaseModel):
    """The number that your codes are sent to, most of it hidden, and how: by e-mail still, if no SMS goes there."""

    model_config = _config({"phone_number": replies.MASKED, "otp_channel": "sms", "version": 2})

    phone_number: str
    otp_channel: Channel
    version: int


class StepUp(BaseModel):
    """An access token of the same session that says your second factor was proved now, and its seconds."""

    model_config = _config({"access_token": "eyJhbGciOiJFUzI1NiIs…", "token_type": "Bearer", "expires_in": 300})

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
