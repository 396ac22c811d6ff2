"""A provider that is not well, or leads elsewhere: a refusal, soon, and nothing else is asked."""

import json
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import boto3
import pytest

from functions.identity.oidc import fetching
from functions.identity.oidc import providers as oidc_providers
from tests.identity.oidc.browsers import START, Browser
from tests.identity.oidc.oidc_provider import Provider, json_answer


@pytest.fixture
def browser(provider: Provider) -> Browser:
    return Browser(provider)


def drips(handler: BaseHTTPRequestHandler) -> None:
    """Say so little at a time that no single wait is too long."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" ")
            time.sleep(0.05)
        except OSError:
            return


def stays_silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)


WRONG_ANSWERS: dict[str, Any] = {
    "an error": json_answer(500, {"error": "broken"}),
    "HTML": (200, {"Content-Type": "text/html"}, b"<html>Sign in to the hotel's network</html>"),
    "a list": json_answer(200, []),
    "nested deeply": (200, {}, b"[" * 60_000),
    "something large": json_answer(200, {"keys": [], "more": "x" * 70_000}),
    "a redirect": (302, {"Location": "http://127.0.0.1:1/elsewhere"}, b"{}"),
    "nothing": (200, {}, b""),
    "nothing of use": json_answer(200, {}),
    "silence": stays_silent,
    "a drip": drips,
}

SLOW = (stays_silent, drips)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("said", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_a_provider_that_is_not_well_is_unavailable(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, path: str, said: Any
):
    back = browser.begins()
    oidc_providers.forget()
    browser.provider.said[path] = said
    # Only one that is slow may run into the time-out: on a busy machine half a second is short for a quick one.
    monkeypatch.setattr(fetching, "TOGETHER_SECONDS", 0.5 if said in SLOW else 30.0)
    answer = browser.comes_back(back)

    assert (answer.status, answer.code) == (503, "ProviderUnavailable")
    assert answer.headers["Retry-After"] == "5"
    assert "GET /elsewhere" not in browser.provider.asked


def test_a_provider_that_is_away_is_unavailable(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1:9")
    answer = Browser(provider).opens(START)

    assert (answer.status, answer.code) == (503, "ProviderUnavailable")


def test_a_client_that_the_provider_does_not_know_is_unavailable(browser: Browser):
    wrong = json.dumps({"client_id": "milepost-at-the-provider", "client_secret": "not this one"})
    boto3.client("secretsmanager").put_secret_value(SecretId="oidc", SecretString=wrong)
    answer = browser.signs_in()

    assert (answer.status, answer.code) == (503, "ProviderUnavailable")


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/latest/meta-data"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "https://user:password@provider.example/token"},
        {"jwks_uri": 7},
        {"jwks_uri": "https://["},
        {"authorization_endpoint": "https://provider.example/\r\nSet-Cookie: a=b"},
    ],
)
def test_a_discovery_that_leads_elsewhere_is_not_followed(browser: Browser, said: dict[str, Any]):
    browser.provider.discovery = said
    answer = browser.opens(START)

    assert (answer.status, answer.code) == (503, "ProviderUnavailable")


@pytest.mark.parametrize("address", ["169.254.169.254", "10.0.0.1", "127.0.0.1", "fd00:ec2::254", "2002:a9fe:a9fe::1"])
def test_a_provider_whose_name_leads_to_no_public_address_is_not_asked(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, address: str
):
    back = browser.begins()
    oidc_providers.forget()
    browser.provider.discovery = {"token_endpoint": "https://login.example.com:9443/token"}
    real, asked, connected = socket.getaddrinfo, list[str](), list[int]()

    def getaddrinfo(host: str, port: int, *rest: Any, **named: Any) -> Any:
        if host != "login.example.com":
            return real(host, port, *rest, **named)
        asked.append(host)
        return [(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    class Noting(socket.socket):
        def connect(self, to: Any) -> None:
            connected.append(to[1])
            super().connect(to)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "socket", Noting)
    answer = browser.comes_back(back)

    assert (answer.status, answer.code) == (503, "ProviderUnavailable")
    assert asked == ["login.example.com"]
    assert 9443 not in connected


def test_a_stage_on_aws_asks_over_https_only(browser: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STAGE", "dev")
    answer = browser.opens(START)

    assert (answer.status, answer.code) == (503, "ProviderUnavailable")
    assert browser.provider.asked == []
