"""The names under which a stage answers: which settings belong together, and what they need.

A setting by itself is checked where it is declared (`infra/stage_files.py`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront, and AppSync's names, which lie behind one, look for certificates and web ACLs."""

# What has no effect in an emulator: it has neither certificates nor names.
ON_AWS_ONLY: Final = ("domain", "graphql_domain", "hosted_zone", "certificate_arn", "graphql_certificate_arn")
_NAMES: Final = {"domain": "certificate_arn", "graphql_domain": "graphql_certificate_arn"}


def faults(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each setting that contradicts another, or lacks it."""
    yield from _lacking(given)
    yield from _idle(given)
    yield from _misplaced(given)


def faults_of_local(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each setting that the local stage cannot have."""
    for name in ON_AWS_ONLY:
        if name in given:
            yield f"{name}: only a stage on AWS has one; `make status` says where the local stage answers"


def needs_edge(given: Mapping[str, Any]) -> bool:
    """Return whether a stage with these settings has a stack in the region of CloudFront."""
    return "graphql_domain" in given and "graphql_certificate_arn" not in given


def issuer_of(given: Mapping[str, Any]) -> str | None:
    """Return the issuer of the access tokens, None where it is the address that AWS gave the API."""
    issuer: str | None = given.get("issuer")
    return issuer or (f"https://{given['domain']}" if "domain" in given else None)


def _lacking(given: Mapping[str, Any]) -> Iterator[str]:
    for name, certificate in _NAMES.items():
        if name in given and not given.keys() & {certificate, "hosted_zone"}:
            yield f"{name}: needs {certificate}, or hosted_zone to have a certificate made"
    if "domain" in given and given["domain"] == given.get("graphql_domain"):
        yield "graphql_domain: is the domain; GraphQL needs a name of its own"


def _idle(given: Mapping[str, Any]) -> Iterator[str]:
    for name, certificate in _NAMES.items():
        if certificate in given and name not in given:
            yield f"{certificate}: there is no {name} that it is for"
    if "hosted_zone" in given and not given.keys() & _NAMES.keys():
        yield f"hosted_zone: there is no name to put into it: {' or '.join(_NAMES)}"


def _misplaced(given: Mapping[str, Any]) -> Iterator[str]:
    wanted = {"certificate_arn": given.get("region"), "graphql_certificate_arn": EDGE_REGION}
    for certificate, region in wanted.items():
        if certificate in given and region and given[certificate].split(":")[3] != region:
            yield f"{certificate}: is not in {region}, where the certificate has to be"
