"""Tokens of what is counted in a message: its picture, and each of its links.

A token says whose message it was in and which link of the campaign it is, never where that leads, and proves it with
128 bits under the key of the tenant that never changes.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import config
from shared.errors import NotFound

OPENS: Final = "/api/v1/opens"
CLICKS: Final = "/api/v1/clicks"
LONGEST: Final = 256

Kind = Literal["open", "click"]

_KINDS: Final[tuple[Kind, ...]] = ("open", "click")
_PATHS: Final[Mapping[Kind, str]] = {"open": OPENS, "click": CLICKS}
_IDS: Final = ("tenant", "campaign", "lead")
_ULID: Final = 16
_INDEX: Final = 2
_LENGTH: Final = 1 + len(_IDS) * _ULID + _INDEX
_PROOF: Final = 16
_KNOWN_AS: Final = "tracking"


class TrackingNotFound(NotFound):
    """404: no message has this link; it may have been cut off."""

    def __init__(self) -> None:
        super().__init__("No message has this link; it may have been cut off.")


class Token(NamedTuple):
    """What is counted: the message to a lead, and of a click which link of the campaign it was."""

    kind: Kind
    tenant_id: str
    campaign_id: str
    lead_id: str
    place: int = 0


def url(audience: Audience, token: Token) -> str:
    """Return the address at which something is counted. The token is in its query: access logs keep paths."""
    content = _packed(token)
    written = base64.urlsafe_b64encode(content + _proof(audience, content)).decode().rstrip("=")
    return f"{config.token_issuer().rstrip('/')}{_PATHS[token.kind]}?token={written}"


def read(text: str, kind: Kind) -> Token:
    """Return the token of a text. Raises TrackingNotFound for every other text, and for a token of the other kind."""
    content, proof = _decoded(text)
    token = _unpacked(content)
    audience = settings.find(token.tenant_id)
    if token.kind != kind or audience is None or not hmac.compare_digest(_proof(audience, content), proof):
        raise TrackingNotFound
    return token


def _proof(audience: Audience, content: bytes) -> bytes:
    return bytes.fromhex(audience.digests.of(_KNOWN_AS, content.hex()))[:_PROOF]


def _decoded(text: str) -> tuple[bytes, bytes]:
    if len(text) > LONGEST:
        raise TrackingNotFound
    try:
        content = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise TrackingNotFound from error
    return content[:-_PROOF], content[-_PROOF:]


def _packed(token: Token) -> bytes:
    from ulid import ULID  # noqa: PLC0415 - for a cold start: no read of the API makes or reads tokens

    named = (token.tenant_id, token.campaign_id, token.lead_id)
    return b"".join(
        (
            bytes((_KINDS.index(token.kind),)),
            *(ULID.from_str(each.rpartition("_")[2]).bytes for each in named),
            token.place.to_bytes(_INDEX),
        )
    )


def _unpacked(content: bytes) -> Token:
    """Return the token of what may be anything. Raises TrackingNotFound."""
    if len(content) != _LENGTH or content[0] >= len(_KINDS):
        raise TrackingNotFound
    from ulid import ULID  # noqa: PLC0415 - as above

    places = range(1, 1 + len(_IDS) * _ULID, _ULID)
    ids = [f"{kind}_{ULID.from_bytes(content[at : at + _ULID])}" for kind, at in zip(_IDS, places, strict=True)]
    return Token(_KINDS[content[0]], ids[0], ids[1], ids[2], int.from_bytes(content[-_INDEX:]))
