"""Where a service of AWS is reached in a region.

https://docs.aws.amazon.com/general/latest/gr/rande.html
"""

import functools
import os
from typing import Final, NamedTuple

# The names of services in the environment's variables, where they are not those of their endpoints.
_NAMES: Final = {"events": "EVENTBRIDGE", "secretsmanager": "SECRETS_MANAGER"}
# What a region begins with, and the ends of the names there: plain, and with IPv6 beside IPv4.
_PARTITIONS: Final = (
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
    ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("", "amazonaws.com", "api.aws"),
)
# Services whose plain endpoints in GovCloud are those of FIPS.
_GOVERNED: Final = ("us-gov-", frozenset({"events", "sqs"}))


class Endpoint(NamedTuple):
    """A host with its port, and whether TLS is spoken there."""

    host: str
    port: int
    is_secure: bool

    @property
    def authority(self) -> str:
        """The `Host` header: without the port that the scheme has anyway."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_secure else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address without a path."""
        return f"{'https' if self.is_secure else 'http'}://{self.authority}"


def region() -> str:
    """Return the region of this function. Raises KeyError outside of one."""
    return os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]


def of(service: str) -> Endpoint:
    """Return the endpoint of a service: the one that the environment names, or AWS's own in this region.

    `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are read as AWS's SDKs read them
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html), and so are
    `AWS_USE_DUALSTACK_ENDPOINT` and `AWS_USE_FIPS_ENDPOINT`.
    """
    url = named(service)
    if url is not None:
        return at(url)
    is_fips, is_dual = _is_on("AWS_USE_FIPS_ENDPOINT"), _is_on("AWS_USE_DUALSTACK_ENDPOINT")
    return _regional(service, region(), is_fips=is_fips, is_dual=is_dual)


def named(service: str) -> str | None:
    """Return the address that the environment names for a service, as a local stage does; None for AWS's own."""
    if _is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"):
        return None
    own = os.environ.get(f"AWS_ENDPOINT_URL_{_NAMES.get(service, service.upper())}")
    return own or os.environ.get("AWS_ENDPOINT_URL") or None


def _is_on(name: str) -> bool:
    return os.environ.get(name, "").lower() == "true"


@functools.cache
def _regional(service: str, where: str, *, is_fips: bool, is_dual: bool) -> Endpoint:
    suffix, dual = next((plain, dual) for prefix, plain, dual in _PARTITIONS if where.startswith(prefix))
    governed, services = _GOVERNED
    is_plain = not is_fips or (not is_dual and service in services and where.startswith(governed))
    name = service if is_plain else f"{service}-fips"
    return Endpoint(f"{name}.{where}.{dual if is_dual else suffix}", 443, is_secure=True)


@functools.cache
def at(url: str) -> Endpoint:
    """Return the endpoint at an address. Raises ValueError for one that has none."""
    # Few stages name an endpoint, and `urllib.parse` would be a hundredth of a cold start.
    from urllib.parse import urlsplit  # noqa: PLC0415

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url} is no address of an endpoint: it is http:// or https://, and a host")
    is_secure = parts.scheme == "https"
    return Endpoint(parts.hostname, parts.port or (443 if is_secure else 80), is_secure=is_secure)
