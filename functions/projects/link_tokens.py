"""Tokens of links by which people without an account do one thing, once: the id of the link and its signature.

The signature is HMAC-SHA-256 under a key of the stage, over what a link is bound to. It is stored nowhere; who may make
it again is who mails it. A token stands in the fragment of an address, which no browser sends to anybody, and comes
back in a body, so that no log has it. The page of that address speaks the language of the tenant whose link it is.
"""

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from shared import config, sealing
from shared.callers import api_keys, tenant_settings
from shared.errors import Forbidden, Gone
from shared.templates import catalogues

MOST_DAYS: Final = 14
LONGEST: Final = 100
LANGUAGES: Final[Mapping[str, str]] = {tag: tag for tag in ("en", "de", "fr", "es")}
"""What the pages speak on which links are used."""

_TOKEN: Final = re.compile(r"([a-z]{3}_[0-9A-HJKMNP-TV-Z]{26})\.([A-Za-z0-9_-]{43})", re.ASCII)


class LinkForged(Forbidden):
    """403: the link was not made here, or was changed or cut off on its way."""

    def __init__(self) -> None:
        super().__init__("The link is not as it was sent. Open it from the e-mail, or copy all of it.")


class LinkOver(Gone):
    """410: the link was used already, has expired, or is not needed any more."""

    def __init__(self) -> None:
        super().__init__("The link is used, has expired, or is not needed any more. Ask the sender for another.")


class Signed(NamedTuple):
    """What the token of a link says: its id, what it is for, the version of the secret, and what it is bound to."""

    link_id: str
    purpose: bytes
    key_version: str
    bound_to: Sequence[str]


def link_id(token: str) -> str | None:
    """Return the id of the link that a token names, None for what is no token."""
    found = _TOKEN.fullmatch(token)
    return None if found is None else found[1]


def is_of(token: str, signed: Signed) -> bool:
    """Return whether a token is that of a link. Raises Unavailable."""
    return hmac.compare_digest(token.encode(), made(signed).encode())


def made(signed: Signed) -> str:
    """Return the token of a link. Raises Unavailable."""
    key = sealing.key(api_keys.pepper.of(signed.key_version), signed.purpose)
    digest = hmac.digest(key, "\n".join((signed.link_id, *signed.bound_to)).encode(), "sha256")
    return f"{signed.link_id}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def url(page: str, signed: Signed) -> str:
    """Return the address of the page on which a link is used. Raises Unavailable."""
    return f"{config.token_issuer().rstrip('/')}/{page}#{made(signed)}"


def language(tenant_id: str) -> str:
    """Return the language in which a tenant's links are shown, by its setting `locale`; at most one read a minute.

    Raises Unavailable.
    """
    return catalogues.lookup(LANGUAGES, tenant_settings.of(tenant_id).locale)
