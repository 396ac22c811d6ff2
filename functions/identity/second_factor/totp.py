"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, steps of 30 seconds, one step of tolerance either way.

A code is told by its step: whoever accepts one remembers the step and accepts no other up to it (section 5.2).
"""

import hmac
from typing import Final

import pyotp

ISSUER: Final = "Milepost"
STEP_SECONDS: Final = 30
DIGITS: Final = 6
TOLERANCE_STEPS: Final = 1


def new_secret() -> str:
    """Return a secret of 160 bits, as long as the hash (RFC 4226, section 4), in base32."""
    return pyotp.random_base32(32)


def uri(secret: str, *, account: str) -> str:
    """Return what an authenticator reads from the QR code: `otpauth://totp/…`."""
    return _totp(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def code(secret: str, *, at_seconds: int) -> str:
    """Return the code of the step that the second, since 1970, falls into."""
    return _at_step(secret, at_seconds // STEP_SECONDS)


def accepted_step(secret: str, code: str, *, at_seconds: int, after_step: int) -> int | None:
    """Return the step of a code that is good at this second, None for one that is wrong.

    A code of the step `after_step` or an earlier one has been used up and is wrong, too.
    """
    present = at_seconds // STEP_SECONDS
    steps = range(present - TOLERANCE_STEPS, present + TOLERANCE_STEPS + 1)
    matching = [step for step in steps if step > after_step and _is_same(_at_step(secret, step), code)]
    return matching[0] if matching else None


def _at_step(secret: str, step: int) -> str:
    return _totp(secret).generate_otp(step)


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)


def _is_same(expected: str, code: str) -> bool:
    return hmac.compare_digest(expected.encode(), code.encode(errors="replace"))
