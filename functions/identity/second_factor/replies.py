"""What callers are answered of one-time codes."""

from pydantic import BaseModel

from functions.identity.examples import MOMENT
from functions.identity.shapes import answered


class Enrolment(BaseModel):
    """What the authenticator needs, as text and as a picture, shown only now."""

    model_config = answered(
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

    model_config = answered({"recovery_codes": ["K7QF-2MXA-P3D5-T6WZ"]})

    recovery_codes: list[str]


class SecondFactor(BaseModel):
    """Whether you have a second factor, since when, and how many recovery codes are left."""

    model_config = answered({"enrolled": True, "enrolled_at": MOMENT, "recovery_codes_left": 10})

    enrolled: bool
    enrolled_at: str | None
    recovery_codes_left: int
