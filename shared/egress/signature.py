"""Signatures of webhooks, ours and those of others: Standard Webhooks 1.0.0, symmetric and asymmetric.

A message has an id, the second at which it was sent, and a body; all three are signed. A key says by its prefix what
signs with it: `whsec_` a secret of both sides (HMAC-SHA256, `v1`), `whsk_` a private and `whpk_` its public key
(Ed25519, `v1a`). A public key is never taken for a secret: everybody could sign with it.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
"""

import base64
import hmac
import re
import secrets as random_secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from shared.instants import SECOND, Instant

SECRET: Final = "whsec_"  # noqa: S105 - a prefix
PRIVATE_KEY: Final = "whsk_"
PUBLIC_KEY: Final = "whpk_"
TOLERANCE: Final = 300 * SECOND
"""How old or early a message may be: what was kept for longer cannot be sent again."""

# The specification wants 24 to 64.
_SECRET_BYTES = 32
_MAX_ID = 256
# Two secrets of each kind sign during a rotation; whoever sends hundreds wants us to compute.
_MAX_SIGNATURES = 20
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


class NotVerified(Exception):
    """A message is not signed with a known key, or not now."""


def new_secret() -> str:
    """Return a new secret as its holder is shown it."""
    return SECRET + base64.b64encode(random_secrets.token_bytes(_SECRET_BYTES)).decode()


def headers(keys: Sequence[str], *, webhook_id: str, at: Instant, payload: bytes) -> dict[str, str]:
    """Return the headers of a message that is sent now, with a signature by each key. Raises ValueError for no key."""
    seconds = str(at // SECOND)
    content = _content(webhook_id, seconds, payload)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(_signed(key, content) for key in keys),
    }


def verified(
    payload: bytes,
    sent: Mapping[str, str],
    *,
    secrets: Iterable[str],
    public_keys: Iterable[str] = (),
    now: Instant,
) -> str:
    """Return the id of a message that one of the keys has signed, within five minutes of now. Raises NotVerified.

    The names of the headers are in lower case, and the body is as it came. A key that is none verifies nothing, so one
    that was mistyped during a rotation does not take the other with it.
    """
    webhook_id, seconds = sent.get("webhook-id", ""), sent.get("webhook-timestamp", "")
    if not 0 < len(webhook_id) <= _MAX_ID or not _SECONDS.fullmatch(seconds):
        raise NotVerified("the headers are not those of a webhook")
    if abs(now - int(seconds) * SECOND) > TOLERANCE:
        raise NotVerified("the message is too old or too early")
    content = _content(webhook_id, seconds, payload)
    given = list(_given(sent.get("webhook-signature", "")))
    by_secret = any(_is_hmac(key, content, given) for key in secrets)
    if not by_secret and not any(_is_ed25519(key, content, given) for key in public_keys):
        raise NotVerified("no signature is by a known key")
    return webhook_id


def _content(webhook_id: str, seconds: str, payload: bytes) -> bytes:
    return f"{webhook_id}.{seconds}.".encode(errors="replace") + payload


def _signed(key: str, content: bytes) -> str:
    """Return the signature by a key. Raises ValueError for one that cannot sign."""
    if not key.startswith(PRIVATE_KEY):
        return f"v1,{base64.b64encode(_hmac(_secret(key), content)).decode()}"
    # Only for an asymmetric key: a cold start is shorter without.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    # The specification's key is the seed; some libraries append the public key to it.
    seed = base64.b64decode(key.removeprefix(PRIVATE_KEY))[:32]
    return f"v1a,{base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(content)).decode()}"


def _secret(key: str) -> bytes:
    """Return the bytes of a secret, with its prefix or without. Raises ValueError for none, and for another key."""
    if key.startswith((PUBLIC_KEY, PRIVATE_KEY)):
        raise ValueError("a key of a pair is not a secret")
    # Padding is often left away, and more than there should be does no harm.
    found = base64.b64decode(key.removeprefix(SECRET) + "==")
    if not found:
        raise ValueError("a secret is empty")
    return found


def _hmac(secret: bytes, content: bytes) -> bytes:
    return hmac.digest(secret, content, "sha256")


def _given(header: str) -> Iterator[tuple[str, bytes]]:
    """Yield version and bytes of the signatures of a header; what is none is passed by."""
    for each in header.split(" ")[:_MAX_SIGNATURES]:
        version, _, text = each.partition(",")
        try:
            yield version, base64.b64decode(text, validate=True)
        except ValueError:
            continue


def _is_hmac(key: str, content: bytes, given: Iterable[tuple[str, bytes]]) -> bool:
    try:
        expected = _hmac(_secret(key), content)
    except ValueError:
        return False
    return any(hmac.compare_digest(expected, each) for version, each in given if version == "v1")


def _is_ed25519(key: str, content: bytes, given: Iterable[tuple[str, bytes]]) -> bool:
    # Only for an asymmetric key: a cold start is shorter without.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    if not key.startswith(PUBLIC_KEY):
        return False
    try:
        public_key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.removeprefix(PUBLIC_KEY)))
    except ValueError:
        return False
    for version, each in given:
        if version == "v1a":
            try:
                public_key.verify(each, content)
            except InvalidSignature:
                continue
            return True
    return False
