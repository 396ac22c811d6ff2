"""Deploying a stage that has names of its own: what is confirmed before, and in which regions."""

import pytest

from tests.infra.deploying.checkouts import ACCOUNT, Checkout, deployed, run

ZONE = "Z0123456789EXAMPLE"
CERTIFICATE = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/0a1b2c3d-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({}, {"domain": "a.example.com"}, "the address that AWS gave the API to https://a.example.com"),
        ({"domain": "a.example.com"}, {"domain": "none"}, "https://a.example.com to the address that AWS gave the API"),
        ({"domain": "a.example.com"}, {"domain": "b.example.com"}, "https://a.example.com to https://b.example.com"),
        ({"issuer": "https://a.b"}, {"issuer": "https://b.a"}, "https://a.b to https://b.a"),
    ],
)
def test_no_deployment_ends_every_session_unasked(
    before: dict[str, str],
    now: dict[str, str],
    said: str,
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    deployed("dev", kind="development", certificate_arn=CERTIFICATE, **before)
    certificate = {"certificate_arn": CERTIFICATE if ".com" in now.get("domain", "") else "none"}
    checkout.write(
        "dev", *(f'{name} = "{value}"' for name, value in ({"kind": "development"} | now | certificate).items())
    )
    refused, told = run("deploy", "dev"), checkout.told
    monkeypatch.setenv("CONFIRM", "dev")

    assert (refused, told) == (2, None)
    assert f"The issuer changes from {said}, which ends every session" in capsys.readouterr().err
    assert run("deploy", "dev") == 3


def test_an_issuer_that_stays_is_not_asked_about(checkout: Checkout) -> None:
    deployed("dev", kind="development", issuer="https://api.example.com")
    lines = ['kind = "development"', 'issuer = "https://api.example.com"', 'domain = "api.example.com"']
    checkout.write("dev", *lines, f'hosted_zone = "{ZONE}"')

    assert run("deploy", "dev") == 3


@pytest.mark.parametrize("wanted", ['graphql_domain = "graphql.example.com"', 'domain = "a.example.com"\nfront = true'])
def test_the_region_of_cloudfront_is_bootstrapped_where_the_stage_has_a_stack_in_it(
    wanted: str, checkout: Checkout
) -> None:
    checkout.write("dev", 'kind = "development"', wanted, f'hosted_zone = "{ZONE}"')
    run("bootstrap", "dev")

    assert checkout.told == ["bootstrap", f"aws://{ACCOUNT}/eu-west-1", f"aws://{ACCOUNT}/us-east-1"]


def test_a_stage_in_that_region_is_bootstrapped_once(checkout: Checkout) -> None:
    lines = ['kind = "development"', 'graphql_domain = "graphql.example.com"', f'hosted_zone = "{ZONE}"']
    checkout.write("dev", *lines, 'region = "us-east-1"')
    run("bootstrap", "dev")

    assert checkout.told == ["bootstrap", f"aws://{ACCOUNT}/us-east-1"]
