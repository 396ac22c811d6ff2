"""Links by which somebody unsubscribes or confirms a consent, and the headers of mail that go with them (RFC 8058).

A token says what its link is about, and proves it with 128 bits under the key of the tenant that never changes. Nothing
is stored for it: it works for as long as the tenant is there, also when the campaign and the lead are gone. Of the
address it has the digest.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from functions.audience.leads.consent import CHANNELS
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import config
from shared.clock import Instant
from shared.errors import NotFound

UNSUBSCRIBE: Final = "/api/v1/unsubscribe"
OPT_IN: Final = "/api/v1/opt-in"
LONGEST: Final = 256

Kind = Literal["unsubscribe", "opt_in", "preview"]
"""preview  in a message that is only shown: as long as the one that is sent, and no page takes it"""

_KINDS: Final[tuple[Kind, ...]] = ("unsubscribe", "opt_in", "preview")
_PATHS: Final[Mapping[Kind, str]] = {"unsubscribe": UNSUBSCRIBE, "opt_in": OPT_IN, "preview": UNSUBSCRIBE}
_TENANT: Final = "tenant_"
_ULID_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID_LENGTH: Final = 26
_FIXED: Final = 2 + 16 + 32 + 6
_PROOF: Final = 16
_BETWEEN: Final = " "


class MessageLinkNotFound(NotFound):
    """404: there is no link like this; it may have been cut off."""

    def __init__(self) -> None:
        super().__init__("There is no link like this; it may have been cut off.")


class Link(NamedTuple):
    """What a link is about.

    Attributes:
        kind: what is done with it.
        digest: of the address that it was sent to, on the channel.
        topic: the topic it is about, None for all of the channel.
        about: the `send_id` of the message it was in, or the lead who was asked; may be empty.
        at: when it was made.
    """

    kind: Kind
    tenant_id: str
    channel: str
    digest: str
    topic: str | None
    about: str
    at: Instant

    @property
    def subject(self) -> str:
        """The subject of the consent that it is about: a channel, or a topic of one."""
        return self.channel if self.topic is None else f"{self.channel}/{self.topic}"


def unsubscribe_url(
    audience: Audience,
    *,
    tenant_id: str,
    channel: str,
    digest: str,
    topic: str | None,
    send_id: str,
    at: Instant,
    is_preview: bool = False,
) -> str:
    """Return the address of the page by which the recipient of a message gets no more of them; of a preview, of none.

    Whoever may read a campaign sees its preview, and must not unsubscribe anybody by it.
    """
    kind: Kind = "preview" if is_preview else "unsubscribe"
    return url(audience, Link(kind, tenant_id, channel, digest, topic, send_id, at))


def headers(unsubscribe: str) -> Mapping[str, str]:
    """Return the headers by which a mail program unsubscribes with one click. DKIM must sign them."""
    return {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def url(audience: Audience, link: Link) -> str:
    """Return the address of the page of a link. The token is in its query: access logs keep paths."""
    return f"{config.token_issuer().rstrip('/')}{_PATHS[link.kind]}?token={token(audience, link)}"


def token(audience: Audience, link: Link) -> str:
    """Return the token of a link."""
    content = _packed(link)
    return base64.urlsafe_b64encode(content + _proof(audience, content)).decode().rstrip("=")


def read(text: str, kind: Kind) -> Link:
    """Return the link of a token. Raises MessageLinkNotFound for every other text, and for a link of another kind."""
    content, proof = _decoded(text)
    link = _unpacked(content)
    audience = settings.find(link.tenant_id)
    if link.kind != kind or audience is None or not hmac.compare_digest(_proof(audience, content), proof):
        raise MessageLinkNotFound
    return link


def _proof(audience: Audience, content: bytes) -> bytes:
    return bytes.fromhex(audience.digests.of("link", content.hex()))[:_PROOF]


def _decoded(text: str) -> tuple[bytes, bytes]:
    if len(text) > LONGEST:
        raise MessageLinkNotFound
    try:
        content = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise MessageLinkNotFound from error
    return content[:-_PROOF], content[-_PROOF:]


def _packed(link: Link) -> bytes:
    number = 0
    for digit in link.tenant_id.removeprefix(_TENANT):
        number = number * len(_ULID_DIGITS) + _ULID_DIGITS.index(digit)
    return b"".join(
        (
            bytes((_KINDS.index(link.kind), CHANNELS.index(link.channel))),
            number.to_bytes(16),
            bytes.fromhex(link.digest),
            link.at.to_bytes(6),
            f"{link.about}{_BETWEEN}{link.topic or ''}".encode(),
        )
    )


def _unpacked(content: bytes) -> Link:
    """Return the link of what may be anything. Raises MessageLinkNotFound."""
    if len(content) <= _FIXED or content[0] >= len(_KINDS) or content[1] >= len(CHANNELS):
        raise MessageLinkNotFound
    about, _, topic = content[_FIXED:].decode(errors="replace").partition(_BETWEEN)
    return Link(
        _KINDS[content[0]],
        _tenant_id(int.from_bytes(content[2:18])),
        CHANNELS[content[1]],
        content[18:50].hex(),
        topic or None,
        about,
        int.from_bytes(content[50:_FIXED]),
    )


def _tenant_id(number: int) -> str:
    digits = ""
    for _ in range(_ULID_LENGTH):
        number, digit = divmod(number, len(_ULID_DIGITS))
        digits = _ULID_DIGITS[digit] + digits
    return _TENANT + digits
