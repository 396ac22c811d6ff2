"""The dashboard in Chromium without a stage: what a window asks for, the Lambda handlers of this process answer."""

import base64
import contextlib
import io
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, expect

from functions.search import query_api as queries
from shared import ids
from tests.aws.entries import Context, http_event
from tests.goals import people
from tests.goals.conftest import enrol
from tests.identity.access_tokens.issuer import Issuer
from tests.platform.operations import HANDLERS, Handler, handler_of

ORIGIN = "https://milepost.example"
SCOPE = "goals:read goals:write search:read search:write search:admin sequences:read sequences:write identity:read"


@dataclass
class Somebody:
    """Somebody who has signed in; `said` is what their window says on the console, `asked` what it has asked for."""

    issuer: Issuer
    scope: str = SCOPE
    role: str = "owner"
    user_id: str = field(default_factory=lambda: ids.new("user"))
    tenant_id: str = field(default_factory=lambda: ids.new("tenant"))
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        enrol(people.Person(self.user_id, self.tenant_id, self.issuer), role=self.role)

    @property
    def token(self) -> str:
        claims = {"sub": self.user_id, "tid": self.tenant_id, "scope": self.scope, "roles": [self.role]}
        return self.issuer.token(claims=self.issuer.claims(**claims))

    def asks(self, method: str, path: str, body: Any = None) -> Any:
        """Return what the API answers; anything but success is a failure of the test."""
        headers = {"authorization": f"Bearer {self.token}"}
        path, _, query = f"/api/v1/{path}".partition("?")
        answer = _answered(http_event(method, path, body, headers=headers, query=query))
        assert answer["statusCode"] < 300, answer["body"]
        return json.loads(answer["body"]) if answer["body"] else None

    def session(self) -> dict[str, Any]:
        good_until = int((time.time() + 900) * 1000)
        return {"access_token": self.token, "refresh_token": "none", "good_until": good_until, "name": "Ada Lovelace"}


@contextmanager
def opened(chromium: Browser, person: Somebody, part: str, **wanted: Any) -> Iterator[Page]:
    """Give the block the dashboard at a part of it, in a window of its own."""
    kept = [{"name": "milepost.session", "value": json.dumps(person.session())}]
    state: Any = {"cookies": [], "origins": [{"origin": ORIGIN, "localStorage": kept}]}
    size = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
    context = chromium.new_context(storage_state=state, **{**size, **wanted})
    page = context.new_page()
    page.on("console", lambda message: person.said.append(message.text))
    page.on("pageerror", lambda error: person.said.append(str(error)))
    page.route(f"{ORIGIN}/**", lambda route: _serve(route, person))
    page.goto(f"{ORIGIN}/{part}")
    expect(page.locator("main h1")).to_be_visible()
    try:
        yield page
    finally:
        context.close()


def _serve(route: Route, person: Somebody) -> None:
    request, url = route.request, urlsplit(route.request.url)
    person.asked.append(f"{request.method} {url.path}")
    headers = {**request.headers, "accept-encoding": "identity"}
    answer = _answered(http_event(request.method, url.path, request.post_data, headers=headers, query=url.query))
    content = answer["body"] or ""
    body = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
    route.fulfill(status=answer["statusCode"], headers=answer["headers"], body=body)


def _answered(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the handler of a path answers. What it logs is not what the test says."""
    with contextlib.redirect_stdout(io.StringIO()):
        return _handler(event["rawPath"])(dict(event), Context())


def _handler(path: str) -> Handler:
    if path in {"/api/v1/search", "/api/v1/multi-search"}:
        return queries.handler
    return handler_of(path) if path.startswith("/api/v1/") else HANDLERS["portal"]
