"""The command line in process: what is typed goes to the real commands, what they ask to the real Lambda handlers."""

import base64
import io
import json
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from functions.goals import api as goals
from functions.identity import api as identity
from functions.search import api as search
from functions.search import query_api as queries
from functions.sequences import api as sequences
from milepost_cli.app import app
from milepost_cli.surroundings import Surroundings
from tests.aws.entries import Context, http_event

URL = "https://api.milepost.example"
HANDLERS = {
    "/api/v1/auth": identity.handler,
    "/api/v1/keys": identity.handler,
    "/api/v1/sequences": sequences.handler,
    "/api/v1/collection": search.handler,
    "/api/v1/documents": search.handler,
    "/api/v1/search": queries.handler,
    "/api/v1/saved-searches": search.handler,
}
"""By the beginning of the path; every other one is of goals."""

Reply = Callable[[httpx.Request], httpx.Response | None]


@dataclass(frozen=True)
class Ran:
    """What a command has left behind."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def rows(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.splitlines()]


@dataclass
class Shell:
    """A machine with a home folder; `instead` answers a request before the API does, `requests` are those that came."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    instead: Reply = lambda _: None
    requests: list[httpx.Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(
            environment={"MILEPOST_HOME": str(self.home), **self.environment},
            transport=httpx.MockTransport(self._answered),
            pause=self.pauses.append,
        )

    def types(self, *arguments: str, stdin: str = "") -> Ran:
        result = CliRunner().invoke(app, list(arguments), input=stdin, obj=self.surroundings)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    def signs_in(self, email: str, password: str) -> Ran:
        return self.types("login", "--url", URL, "--email", email, stdin=f"{password}\n")

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def _answered(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.instead(request) or of_the_api(request)


def of_the_api(request: httpx.Request) -> httpx.Response:
    """Return what the handlers answer. What they log is not what the command prints."""
    path, query = request.url.path, request.url.query.decode()
    body = request.content.decode() or None
    event = http_event(request.method, path, body, headers=dict(request.headers), query=query)
    handler = next((each for begins, each in HANDLERS.items() if path.startswith(begins)), goals.handler)
    with redirect_stdout(io.StringIO()):
        answer: Mapping[str, Any] = handler(event, Context())
    content = answer["body"] or ""
    raw = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
    return httpx.Response(answer["statusCode"], headers=answer["headers"], content=raw)
