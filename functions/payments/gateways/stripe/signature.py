"""The signature of Stripe's webhooks: HMAC-SHA256 over the time and the body as it came. Pure.

https://docs.stripe.com/webhooks#verify-manually: `Stripe-Signature: t=…,v1=…`, with several `v1` while secrets change.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from shared.instants import SECOND, Instant

HEADER: Final = "stripe-signature"
TOLERANCE: Final = 300 * SECOND
_DIGITS: Final = 12


def is_good(raw: bytes, header: str, *, secrets: Sequence[str], now: Instant) -> bool:
    """Return whether a body is signed with one of the secrets, within five minutes of now."""
    parts = [each.strip().partition("=") for each in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not _is_near(times[0], now):
        return False
    signed = times[0].encode() + b"." + raw
    expected = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets if secret]
    return any(hmac.compare_digest(each.encode(), sent.encode()) for each in expected for sent in signatures)


def _is_near(time: str, now: Instant) -> bool:
    if not (time.isascii() and time.isdigit() and len(time) <= _DIGITS):
        return False
    return abs(int(time) * SECOND - now) <= TOLERANCE
