"""The tokens of links: they say what they are about, hide the address, and cannot be made or changed by others."""

import base64
import hashlib

import boto3
import pytest

from functions.audience.respect import links
from functions.audience.respect.links import Link, MessageLinkNotFound
from functions.audience.settings import settings
from shared import ids
from shared.callers import api_keys

DIGEST = "9f" * 32
SEND_ID = "A1b2C3d4E5f0000000000000000000000"
AT = 1_795_176_000_000


def made(tenant_id: str, **fields: object) -> Link:
    return Link("unsubscribe", tenant_id, "email", DIGEST, "news", SEND_ID, AT)._replace(**fields)  # type: ignore[arg-type]


@pytest.fixture
def tenant(pepper: str) -> str:
    return ids.new("tenant")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"topic": None},
        {"about": ""},
        {"topic": None, "about": "", "channel": "sms"},
        {"channel": "webhook", "topic": "t" * 40},
    ],
)
def test_a_token_is_read_as_it_was_made(tenant: str, fields: dict[str, object]):
    link = made(tenant, **fields)

    assert links.read(links.token(settings.of(tenant), link), "unsubscribe") == link


def test_the_longest_link_fits_a_line_of_a_header_and_the_token_hides_the_address(tenant: str):
    audience = settings.of(tenant)
    url = links.url(audience, made(tenant, topic="t" * 40))
    name, value = next(iter(links.headers(url).items()))

    assert url.startswith("https://milepost.example/api/v1/unsubscribe?token=")
    assert len(f"{name}: {value}") <= 300
    assert (name, value) == ("List-Unsubscribe", f"<{url}>")
    assert links.headers(url)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"example.org" not in base64.urlsafe_b64decode(url.partition("token=")[2] + "==")


def test_a_token_is_good_after_the_secret_of_the_stage_has_a_new_version(tenant: str, pepper: str):
    token = links.token(settings.of(tenant), made(tenant))
    boto3.client("secretsmanager").put_secret_value(SecretId=pepper, SecretString="another pepper")
    api_keys.pepper.forget()
    settings.forget()

    assert links.read(token, "unsubscribe") == made(tenant)
    assert links.token(settings.of(tenant), made(tenant)) == token


def test_a_link_of_one_kind_is_none_of_another(tenant: str):
    with pytest.raises(MessageLinkNotFound):
        links.read(links.token(settings.of(tenant), made(tenant)), "opt_in")


def test_a_link_of_a_tenant_with_the_key_of_another_is_none(tenant: str):
    other = ids.new("tenant")
    settings.of(tenant)

    with pytest.raises(MessageLinkNotFound):
        links.read(links.token(settings.of(other), made(tenant)), "unsubscribe")


def test_a_link_of_a_tenant_without_an_audience_is_none_and_begins_none(tenant: str):
    token = links.token(settings.of(tenant), made(ids.new("tenant")))

    with pytest.raises(MessageLinkNotFound):
        links.read(token, "unsubscribe")


def test_no_character_of_a_token_can_be_another(tenant: str):
    token = links.token(settings.of(tenant), made(tenant, topic=None, about=""))
    for place in range(len(token) - 1):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(MessageLinkNotFound):
            links.read(changed, "unsubscribe")


@pytest.mark.parametrize(
    "text",
    ["", "A", "====", "é", "\ud800", "A" * 75, "A" * 120, "/" * 120, "_" * 200, "A" * 400]
    + [base64.urlsafe_b64encode(hashlib.shake_128(bytes([size])).digest(size)).decode() for size in range(0, 190, 10)],
)
def test_what_is_no_token_is_no_link(tenant: str, text: str):
    with pytest.raises(MessageLinkNotFound):
        links.read(text, "unsubscribe")
