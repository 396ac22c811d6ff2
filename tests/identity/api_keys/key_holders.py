"""Services of a tenant, which call with an API key as they do outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.aws.entries import Answer
from tests.identity.entries import rest
from tests.identity.people import SignedIn

KEYS = "/api/v1/keys"


@dataclass(frozen=True)
class Service:
    name: str
    user_id: str
    key_id: str
    key: str

    @property
    def path(self) -> str:
        return f"{KEYS}/{self.name}"

    def calls(self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        return rest(method, path, body, headers={"x-api-key": self.key, **(headers or {})})

    def enters(self) -> Answer:
        """Ask for something that every good key with `identity:admin` is answered."""
        return self.calls("GET", KEYS)


def given(answer: Answer) -> Service:
    assert answer.status == 201, answer.body
    body = answer.body
    return Service(body["service_name"], body["user_id"], body["key_id"], body["key"])


def service_of(admin: SignedIn, name: str = "nightly-report", **more: Any) -> Service:
    draft = {"service_name": name, "scopes": ["identity:admin"], **more}
    return given(admin.post(KEYS, draft))
