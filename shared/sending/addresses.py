"""E-mail addresses as SES takes them and gives them back: seven bits, the domain in Punycode."""

import re
from typing import Final

# https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1: one address, without a name, comments or quotes.
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"(?=.{{1,64}}@){_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)


class NotMailable(ValueError):
    """An address, a subject or a URL that no header can hold as it is."""


def to_ascii(address: str) -> str:
    """Return an address as SES takes it. Raises NotMailable."""
    local, _, domain = address.rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise NotMailable("no domain of an address") from error
    if not _ADDRESS.fullmatch(written):
        raise NotMailable("no address that SES takes")
    return written


def from_ascii(address: str) -> str:
    """Return an address that SES names as its owner writes it; as it is when it cannot be read."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return address
