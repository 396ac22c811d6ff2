"""The names under which a stage answers: which settings belong together, and what they need.

A setting by itself is checked where it is declared (`infra/stage_files.py`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront, and AppSync's names, which lie behind one, look for certificates and web ACLs."""

_OF_FRONT: Final = (
    "origin_domain",
    "front_certificate_arn",
    "front_requests_per_address",
    "front_price_class",
    "front_blocks_anonymous",
)
# What has no effect in an emulator: it has neither certificates nor names.
ON_AWS_ONLY: Final = (
    "domain",
    "graphql_domain",
    "hosted_zone",
    "certificate_arn",
    "graphql_certificate_arn",
    "front",
    *_OF_FRONT,
)

Given = Mapping[str, Any]


def faults(given: Given) -> Iterator[str]:
    """Yield a line for each setting that contradicts another, or lacks it."""
    yield from _fronted(given)
    yield from _lacking(given)
    yield from _idle(given)
    yield from _misplaced(given)


def faults_of_local(given: Given) -> Iterator[str]:
    """Yield a line for each setting that the local stage cannot have."""
    for name in ON_AWS_ONLY:
        if name in given:
            yield f"{name}: only a stage on AWS has one; `make status` says where the local stage answers"


def needs_edge(given: Given) -> bool:
    """Return whether a stage with these settings has a stack in the region of CloudFront."""
    makes_certificate = "graphql_domain" in given and "graphql_certificate_arn" not in given
    return makes_certificate or bool(given.get("front"))


def issuer_of(given: Given) -> str | None:
    """Return the issuer of the access tokens, None where it is the address that AWS gave the API."""
    issuer: str | None = given.get("issuer")
    return issuer or (f"https://{given['domain']}" if "domain" in given else None)


def _certificates(given: Given) -> Mapping[str, str]:
    """Return which certificate is that of which name. Before a front, `domain` is that of the front."""
    if given.get("front"):
        certificates = {"domain": "front_certificate_arn", "origin_domain": "certificate_arn"}
    else:
        certificates = {"domain": "certificate_arn"}
    return {**certificates, "graphql_domain": "graphql_certificate_arn"}


def _fronted(given: Given) -> Iterator[str]:
    if not given.get("front"):
        for name in _OF_FRONT:
            if name in given:
                yield f"{name}: there is no front; write front = true"
        return
    if "domain" not in given:
        yield "front: needs a domain; under its own names CloudFront speaks TLS 1.0"
    if "front_address_header" in given:
        yield "front_address_header: is for a front of yours, and front = true makes one"


def _lacking(given: Given) -> Iterator[str]:
    certificates = _certificates(given)
    for name, certificate in certificates.items():
        if name in given and not given.keys() & {certificate, "hosted_zone"}:
            yield f"{name}: needs {certificate}, or hosted_zone to have a certificate made"
    known: dict[str, str] = {}
    for name in certificates.keys() & given.keys():
        other = known.setdefault(given[name], name)
        if other != name:
            yield f"{max(name, other)}: is also the {min(name, other)}; each needs a name of its own"


def _idle(given: Given) -> Iterator[str]:
    certificates = _certificates(given)
    for name, certificate in certificates.items():
        if certificate in given and name not in given:
            yield f"{certificate}: there is no {name} that it is for"
    if "hosted_zone" in given and not given.keys() & certificates.keys():
        yield "hosted_zone: there is no name to put into it: domain or graphql_domain"


def _misplaced(given: Given) -> Iterator[str]:
    wanted = {
        "certificate_arn": given.get("region"),
        "graphql_certificate_arn": EDGE_REGION,
        "front_certificate_arn": EDGE_REGION,
    }
    for certificate, region in wanted.items():
        if certificate in given and region and given[certificate].split(":")[3] != region:
            yield f"{certificate}: is not in {region}, where the certificate has to be"
