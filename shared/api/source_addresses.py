"""Where a request comes from: the address that API Gateway has seen, or the one that the front before it has seen.

Behind a front (CloudFront, another proxy) API Gateway sees the front alone. A stage that has one says in which header
the front names the address (`front_address_header`), and shares a secret with it, which the front sends in another
header (`front.py`). Only with that secret is the address believed; without, anybody could have written it.
"""

from collections.abc import Mapping
from typing import Any

from shared import config
from shared.api import front

# With each address goes the port it was seen at: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
_WITH_PORT = "cloudfront-viewer-address"
# Each proxy adds whom it has heard of it from: only the last is the front's own word.
_LIST = "x-forwarded-for"


def of(event: Mapping[str, Any]) -> str:
    """Return the source address of an event of API Gateway (HTTP API, payload 2.0)."""
    seen = str(event["requestContext"]["http"].get("sourceIp", ""))
    header = config.front_address_header()
    if header is None:
        return seen
    headers = event.get("headers") or {}
    if not front.has_sent(headers):
        return seen
    return _named(headers.get(header, ""), header, seen) or seen


def _named(value: str, header: str, seen: str) -> str | None:
    """Return the address that a header names, None when it names none, or several where there is one."""
    entries = [entry.strip() for entry in value.split(",")]
    if header == _LIST:
        # API Gateway adds whom it has seen itself, which is the front.
        entries = (entries[:-1] if len(entries) > 1 and _parsed(entries[-1]) == _parsed(seen) else entries)[-1:]
    if len(entries) != 1:
        return None
    return _parsed(entries[0].rpartition(":")[0] if header == _WITH_PORT else _without_port(entries[0]))


def _without_port(text: str) -> str:
    """Return an address as it is, or without the port: `203.0.113.7:443`, `[2001:db8::1]:443`."""
    if text.startswith("[") or text.count(":") == 1:
        return text.rpartition(":")[0] if not text.endswith("]") else text
    return text


def _parsed(text: str) -> str | None:
    """Return an address in its one spelling, None for what is none. IPv6 may stand in brackets."""
    import ipaddress  # noqa: PLC0415 - most stages have no front, and a cold start is shorter without

    try:
        address = ipaddress.ip_address(text[1:-1] if text.startswith("[") and text.endswith("]") else text)
    except ValueError:
        return None
    return None if "%" in text else str(getattr(address, "ipv4_mapped", None) or address)
