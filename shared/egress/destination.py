"""Where a request may go: the rules for an address that others give, and for the IP address that its name leads to.

A name that is harmless today may lead elsewhere tomorrow, so the second rule is asked at every request, of the very
address that is then connected to (client.py).
"""

import ipaddress
import re
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

MAX_URL_LENGTH: Final = 2048
PORTS: Final = frozenset({443, 8443})

_URL = re.compile(r"[!-~]+", re.ASCII)
_UNSAFE = re.compile(r'[\\"<>^`{|}]')
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last part begins with a letter: what ends in a number is another way of writing an IPv4 address
# (https://url.spec.whatwg.org/#ends-in-a-number-checker).
_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?", re.ASCII)
_INTERNAL = ("localhost", "local", "internal", "arpa")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# https://www.iana.org/assignments/iana-ipv4-special-registry: all that is not globally reachable, and the relays.
_NOT_PUBLIC_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# https://www.iana.org/assignments/iana-ipv6-special-registry. Outside of 2000::/3 nothing is global unicast: mapped and
# compatible IPv4, NAT64, unique local, link-local and multicast addresses all lie there.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


class Destination(NamedTuple):
    """An address taken apart; `target` is what is asked for there, path and query."""

    is_tls: bool
    host: str
    port: int
    target: str

    @property
    def is_loopback(self) -> bool:
        """Tell whether it names this machine."""
        return self.host in _LOOPBACK

    @property
    def authority(self) -> str:
        """Return what the `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_tls else 80) else f"{host}:{self.port}"


def parse(url: str, *, allow_loopback: bool, ports: frozenset[int] | None = PORTS) -> Destination:
    """Return where a URL leads. Raises ValueError, which says what is wrong with it.

    It is `https`, to a name with a dot, on one of the ports, any for None, without credentials or a fragment; with
    `allow_loopback` this machine is allowed too, on any port and without TLS.
    """
    if len(url) > MAX_URL_LENGTH:
        raise ValueError(f"must have at most {MAX_URL_LENGTH} characters")
    if not _URL.fullmatch(url) or _UNSAFE.search(url):
        raise ValueError("must be a URL in ASCII; write a name in other letters as xn--…, and encode what is no letter")
    parts, given_port = _split(url)
    if "@" in parts.netloc:
        raise ValueError("must not contain credentials")
    if "#" in url:
        raise ValueError("must not have a fragment")
    is_tls = parts.scheme == "https"
    port = (443 if is_tls else 80) if given_port is None else given_port
    found = Destination(is_tls, parts.hostname or "", port, _target(parts.path, parts.query))
    if not (allow_loopback and found.is_loopback and parts.scheme in {"http", "https"}):
        _require_public_name(found, ports)
    return found


def is_allowed(address: str, destination: Destination, *, allow_loopback: bool) -> bool:
    """Tell whether the IP address that a destination's name leads to may be connected to."""
    if allow_loopback and destination.is_loopback:
        return ipaddress.ip_address(address).is_loopback
    return is_public(address)


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _NOT_PUBLIC_IPV4)
    return found in _GLOBAL_IPV6 and not any(found in network for network in _NOT_PUBLIC_IPV6)


def _require_public_name(found: Destination, ports: frozenset[int] | None) -> None:
    """Require that the destination may be on the internet. Raises ValueError."""
    if not found.is_tls:
        raise ValueError("must begin with https://")
    if not _NAME.fullmatch(found.host) or found.host.rpartition(".")[2] in _INTERNAL:
        raise ValueError("must name a host of the internet, such as hooks.example.com, and not an IP address")
    if ports is not None and found.port not in ports:
        raise ValueError(f"must use one of the ports {', '.join(map(str, sorted(ports)))}")


def _split(url: str) -> tuple[SplitResult, int | None]:
    """Return the parts of a URL and the port that it names. Raises ValueError."""
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:
        raise ValueError("must be a URL whose host and port can be read") from error


def _target(path: str, query: str) -> str:
    return f"{path or '/'}?{query}" if query else path or "/"
