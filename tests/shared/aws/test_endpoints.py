"""Where a service is reached: as the environment says, and otherwise where botocore's rules find it."""

import itertools

import pytest
from botocore.config import Config
from botocore.session import get_session

from shared.aws import endpoints
from shared.aws.endpoints import Endpoint

SERVICES = ("dynamodb", "kms", "secretsmanager", "sqs", "events")
ISOLATED = ("eu-isoe-west-1", "us-iso-east-1", "us-isob-east-1", "us-isof-south-1")
REGIONS = (
    "ap-southeast-5",
    "cn-north-1",
    "eu-west-1",
    "eusc-de-east-1",
    "il-central-1",
    "us-east-1",
    "us-gov-east-1",
    "us-gov-west-1",
    *ISOLATED,
)


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_USE_DUALSTACK_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_where_botocore_finds_it(monkeypatch: pytest.MonkeyPatch, service: str, region: str):
    monkeypatch.setenv("AWS_REGION", region)
    # What botocore says of the variants in isolated partitions differs from service to service.
    known = (False,) if region in ISOLATED else (False, True)
    for dual, fips in itertools.product(known, repeat=2):
        monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", str(dual).lower())
        monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", str(fips).lower())
        config = Config(
            region_name=region,
            account_id_endpoint_mode="disabled",
            use_dualstack_endpoint=dual,
            use_fips_endpoint=fips,
        )
        theirs = get_session().create_client(service, config=config).meta.endpoint_url

        assert (dual, fips, f"https://{endpoints.of(service).authority}") == (dual, fips, theirs)


@pytest.mark.parametrize(
    ("url", "endpoint", "authority"),
    [
        ("http://127.0.0.1:4566", Endpoint("127.0.0.1", 4566, is_secure=False), "127.0.0.1:4566"),
        ("http://127.0.0.1:80/", Endpoint("127.0.0.1", 80, is_secure=False), "127.0.0.1"),
        ("https://vpce-1.dynamodb.example", Endpoint("vpce-1.dynamodb.example", 443, is_secure=True), None),
        ("http://[::1]:4566", Endpoint("::1", 4566, is_secure=False), "[::1]:4566"),
    ],
)
def test_an_endpoint_of_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, url: str, endpoint: Endpoint, authority: str | None
):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere.example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", url)

    assert endpoints.of("dynamodb") == endpoint
    assert endpoints.of("dynamodb").authority == (authority or endpoint.host)
    assert endpoints.of("kms").host == "elsewhere.example"


@pytest.mark.parametrize(
    "url", ["localhost:4566", "127.0.0.1", "//localhost", "ftp://localhost", "http://", "https:///x"]
)
def test_an_endpoint_without_a_scheme_or_a_host_is_refused(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)

    with pytest.raises(ValueError, match=rf"^{url} is no address of an endpoint"):
        endpoints.of("dynamodb")


@pytest.mark.parametrize("service", SERVICES)
def test_an_endpoint_of_a_service_has_the_name_that_botocore_reads(monkeypatch: pytest.MonkeyPatch, service: str):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    for each in ("DYNAMODB", "EVENTBRIDGE", "KMS", "SECRETS_MANAGER", "SQS"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{each}", f"https://{each.lower().replace('_', '-')}.example")
    theirs = get_session().create_client(service).meta.endpoint_url

    assert endpoints.of(service).url == theirs


def test_endpoints_of_the_environment_can_be_ignored(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere.example")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")

    assert endpoints.of("dynamodb").host == "dynamodb.eu-west-1.amazonaws.com"
