"""A browser that signs in with a provider: it follows redirects and keeps the cookie it is given."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest

from functions.identity import api
from functions.identity.oidc import clients as oidc_clients
from functions.identity.oidc import providers as oidc_providers
from functions.identity.oidc import sign_ins
from shared import config
from tests.aws.entries import Answer, call, http_event
from tests.identity.oidc.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider

START = "/api/v1/auth/google"
CALLBACK = f"{START}/callback"


@dataclass
class Browser:
    provider: Provider
    cookies: dict[str, str] = field(default_factory=dict)

    def opens(self, path: str, *, headers: Mapping[str, str] | None = None, **query: str) -> Answer:
        event: dict[str, Any] = http_event("GET", path, headers=headers, query=urlencode(query))
        event["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        answer = call(api.handler, api.api, event)
        if "Set-Cookie" in answer.headers:
            name, _, value = answer.headers["Set-Cookie"].split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def begins(self) -> dict[str, str]:
        """Go to the provider, agree, and return what the way back carries."""
        answer = self.opens(START)
        assert answer.status == 302, answer.body
        return self.provider.agrees(answer.headers["Location"])

    def comes_back(self, back: dict[str, str]) -> Answer:
        return self.opens(CALLBACK, **back)

    def signs_in(self) -> Answer:
        return self.comes_back(self.begins())


@contextmanager
def running_provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Run a provider that the stage has a client at."""
    client = json.dumps({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
    made = boto3.client("secretsmanager").create_secret(Name="oidc", SecretString=client)
    monkeypatch.setenv("OIDC_SECRET_ID", made["ARN"])
    with Provider(redirect_uri=f"{config.token_issuer()}{sign_ins.CALLBACK}") as provider:
        monkeypatch.setenv("OIDC_ISSUER", provider.issuer)
        yield provider
    oidc_clients.forget()
    oidc_providers.forget()
