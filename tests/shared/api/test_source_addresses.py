"""Where a request comes from, behind a front and without one."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine

from shared.api import front, source_addresses
from tests.aws.entries import http_event

SECRET = "a-secret-that-the-front-and-the-stage-share"
EDGE = "130.176.0.1"
VIEWER = "cloudfront-viewer-address"
FORWARDED = "x-forwarded-for"

Store = Callable[..., None]


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def stores(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give the stage a front that says `CloudFront-Viewer-Address`; the function stores another secret."""
    manager = boto3.client("secretsmanager")
    text = json.dumps({"current": SECRET, "previous": ""})
    arn = manager.create_secret(Name="front", SecretString=text)["ARN"]
    monkeypatch.setenv("FRONT_SECRET_ID", arn)
    monkeypatch.setenv("FRONT_ADDRESS_HEADER", VIEWER)
    front.forget()

    def store(**values: object) -> None:
        manager.put_secret_value(SecretId=arn, SecretString=json.dumps(values))

    yield store
    front.forget()


def source(header: str, value: str, *, secret: str | None = SECRET, seen: str = EDGE) -> str:
    proof = {} if secret is None else {"x-front-secret": secret}
    event = http_event("GET", "/api/v1/goals", headers={header: value, **proof})
    event["requestContext"]["http"]["sourceIp"] = seen
    return source_addresses.of(event)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("198.51.100.10:46532", "198.51.100.10"),
        # CloudFront puts no brackets around IPv6.
        ("2001:db8:85a3:0:0:8a2e:370:7334:46532", "2001:db8:85a3::8a2e:370:7334"),
        ("2001:0DB8::1:46532", "2001:db8::1"),
        ("[2001:db8::1]:46532", "2001:db8::1"),
        ("::ffff:198.51.100.10:46532", "198.51.100.10"),
    ],
)
@pytest.mark.usefixtures("stores")
def test_cloudfront_names_address_and_port(value: str, address: str):
    assert source(VIEWER, value) == address


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("198.51.100.10", "198.51.100.10"),
        ("198.51.100.10:443", "198.51.100.10"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        # Whoever calls has written the first; the last is what API Gateway adds.
        ("203.0.113.66, 198.51.100.10", "198.51.100.10"),
        (f"203.0.113.66, 198.51.100.10, {EDGE}", "198.51.100.10"),
        (f"203.0.113.66,198.51.100.10,{EDGE}", "198.51.100.10"),
        (f"{EDGE}, 198.51.100.10, {EDGE}", "198.51.100.10"),
        # Without an entry of the front, only API Gateway has said something.
        (EDGE, EDGE),
    ],
)
@pytest.mark.usefixtures("stores")
def test_of_a_list_of_proxies_the_last_is_the_word_of_the_front(
    value: str, address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FRONT_ADDRESS_HEADER", FORWARDED)

    assert source(FORWARDED, value) == address


@pytest.mark.usefixtures("stores")
def test_another_header_holds_one_address(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FRONT_ADDRESS_HEADER", "x-real-ip")

    assert source("x-real-ip", "2001:db8::1") == "2001:db8::1"
    assert source("x-real-ip", "198.51.100.10,198.51.100.11") == EDGE


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], f"{SECRET},{SECRET}", SECRET.upper(), "\ud800"])
@pytest.mark.parametrize("header", [VIEWER, FORWARDED])
@pytest.mark.usefixtures("stores")
def test_without_the_secret_a_header_means_nothing(secret: str | None, header: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FRONT_ADDRESS_HEADER", header)

    assert source(header, "198.51.100.10:46532", secret=secret) == EDGE


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":46532",
        "198.51.100.10",
        "198.51.100.10:1,198.51.100.11:2",
        "198.51.100.300:46532",
        "nobody:46532",
        "fe80::1%eth0:46532",
        "[2001:db8::1:46532",
        "198.51.100.10#:46532",
    ],
)
@pytest.mark.usefixtures("stores")
def test_what_is_no_address_counts_for_what_api_gateway_saw(value: str):
    assert source(VIEWER, value) == EDGE


@pytest.mark.usefixtures("stores")
def test_another_header_than_that_of_the_stage_means_nothing():
    assert source(FORWARDED, "198.51.100.10") == EDGE


@pytest.mark.usefixtures("aws")
def test_a_stage_without_a_front_believes_no_header():
    assert source(VIEWER, "198.51.100.10:46532") == EDGE


def test_while_the_secret_is_changed_two_values_are_good(stores: Store):
    assert source(VIEWER, "198.51.100.10:1") == "198.51.100.10"
    stores(current="the next secret", previous=SECRET)

    assert source(VIEWER, "198.51.100.10:1") == "198.51.100.10"


def test_a_new_value_is_known_within_a_minute(stores: Store, time: time_machine.Traveller):
    source(VIEWER, "198.51.100.10:1")
    stores(current="the next secret", previous=SECRET)

    assert source(VIEWER, "198.51.100.10:1", secret="the next secret") == EDGE
    time.shift(timedelta(seconds=60))
    assert source(VIEWER, "198.51.100.10:1", secret="the next secret") == "198.51.100.10"
    assert source(VIEWER, "198.51.100.10:1") == "198.51.100.10"


def test_a_value_that_was_taken_away_is_good_for_five_minutes_at_most(stores: Store, time: time_machine.Traveller):
    source(VIEWER, "198.51.100.10:1")
    stores(current="the next secret", previous="")
    time.shift(timedelta(minutes=5))

    assert source(VIEWER, "198.51.100.10:1") == EDGE
    assert source(VIEWER, "198.51.100.10:1", secret="") == EDGE


@pytest.mark.parametrize("values", [{}, {"current": ""}, {"current": 7}, {"current": None, "previous": ""}])
def test_a_secret_without_a_value_is_met_by_nothing(stores: Store, values: dict[str, object]):
    stores(**values)

    assert source(VIEWER, "198.51.100.10:1") == EDGE
    assert source(VIEWER, "198.51.100.10:1", secret="") == EDGE


def test_while_the_secret_cannot_be_read_what_was_known_is_good(
    stores: Store, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    source(VIEWER, "198.51.100.10:1")
    monkeypatch.setenv("FRONT_SECRET_ID", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone")
    time.shift(timedelta(minutes=5))

    assert source(VIEWER, "198.51.100.10:1") == "198.51.100.10"


def test_a_secret_that_was_never_read_believes_nobody(stores: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FRONT_SECRET_ID", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone")

    assert source(VIEWER, "198.51.100.10:1") == EDGE
