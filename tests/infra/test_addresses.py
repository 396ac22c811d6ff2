"""Settings of names and fronts: which need each other, and which contradict each other."""

import tomllib

import pytest

from infra import addresses
from infra.stage_files import StageFile

ZONE = "Z0123456789EXAMPLE"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000001"
EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000002"


def faults(lines: str) -> list[str]:
    written = StageFile.model_validate({"kind": "production"} | tomllib.loads(lines))
    return [*addresses.faults(written.given())]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            'domain = "api.example.com"',
            "domain: needs certificate_arn, or hosted_zone to have a certificate made",
        ),
        (
            'graphql_domain = "graphql.example.com"',
            "graphql_domain: needs graphql_certificate_arn, or hosted_zone to have a certificate made",
        ),
        (
            f'domain = "a.example.com"\ngraphql_domain = "a.example.com"\nhosted_zone = "{ZONE}"',
            "graphql_domain: is also the domain; each needs a name of its own",
        ),
        (f'certificate_arn = "{CERTIFICATE}"', "certificate_arn: there is no domain that it is for"),
        (f'hosted_zone = "{ZONE}"', "hosted_zone: there is no name to put into it: domain or graphql_domain"),
        (
            f'region = "eu-west-1"\ndomain = "api.example.com"\ncertificate_arn = "{CERTIFICATE}"',
            "certificate_arn: is not in eu-west-1, where the certificate has to be",
        ),
        (
            f'graphql_domain = "graphql.example.com"\ngraphql_certificate_arn = "{CERTIFICATE}"',
            "graphql_certificate_arn: is not in us-east-1, where the certificate has to be",
        ),
        ("front = true", "front: needs a domain; under its own names CloudFront speaks TLS 1.0"),
        (
            'front = true\ndomain = "api.example.com"',
            "domain: needs front_certificate_arn, or hosted_zone to have a certificate made",
        ),
        (
            f'front = true\ndomain = "a.example.com"\nhosted_zone = "{ZONE}"\ncertificate_arn = "{CERTIFICATE}"',
            "certificate_arn: there is no origin_domain that it is for",
        ),
        (
            f'front = true\ndomain = "api.example.com"\nfront_certificate_arn = "{CERTIFICATE}"',
            "front_certificate_arn: is not in us-east-1, where the certificate has to be",
        ),
        (
            f'front = true\ndomain = "a.example.com"\norigin_domain = "a.example.com"\nhosted_zone = "{ZONE}"',
            "origin_domain: is also the domain; each needs a name of its own",
        ),
        (
            f'front = true\ndomain = "a.example.com"\nhosted_zone = "{ZONE}"\nfront_address_header = "X-Forwarded-For"',
            "front_address_header: is for a front of yours, and front = true makes one",
        ),
        ("front_blocks_anonymous = true", "front_blocks_anonymous: there is no front; write front = true"),
        ("front_requests_per_address = 100", "front_requests_per_address: there is no front; write front = true"),
        ('front = false\nfront_price_class = "100"', "front_price_class: there is no front; write front = true"),
    ],
)
def test_settings_that_lack_or_contradict_others_are_named(lines: str, said: str) -> None:
    assert faults(lines) == [said]


@pytest.mark.parametrize(
    "lines",
    [
        f'domain = "api.example.com"\ncertificate_arn = "{CERTIFICATE}"\nregion = "eu-central-1"',
        f'domain = "api.example.com"\ngraphql_domain = "graphql.example.com"\nhosted_zone = "{ZONE}"',
        f'graphql_domain = "graphql.example.com"\ngraphql_certificate_arn = "{EDGE_CERTIFICATE}"',
        f'front = true\ndomain = "api.example.com"\nfront_certificate_arn = "{EDGE_CERTIFICATE}"',
        f'front = true\ndomain = "a.example.com"\norigin_domain = "o.example.com"\nhosted_zone = "{ZONE}"',
        f'front = false\ndomain = "api.example.com"\nhosted_zone = "{ZONE}"',
        'front_address_header = "X-Forwarded-For"',
    ],
)
def test_settings_that_go_together_are_not(lines: str) -> None:
    assert faults(lines) == []


def test_certificates_and_the_front_want_the_region_of_cloudfront() -> None:
    wanting = [
        {"graphql_domain": "graphql.example.com", "hosted_zone": ZONE},
        {"front": True, "domain": "api.example.com", "front_certificate_arn": EDGE_CERTIFICATE},
    ]
    others = [
        {"domain": "api.example.com", "hosted_zone": ZONE},
        {"graphql_domain": "graphql.example.com", "graphql_certificate_arn": EDGE_CERTIFICATE},
        {"front": False},
        {},
    ]

    assert [addresses.needs_edge(given) for given in wanting] == [True, True]
    assert [addresses.needs_edge(given) for given in others] == [False] * 4
