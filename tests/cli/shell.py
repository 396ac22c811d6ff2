"""The command line in process: what is typed goes to the real commands, what they ask to the real Lambda handlers."""

import base64
import io
import json
import re
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from functions.audience import api as audience
from functions.goals import api as goals
from functions.identity import api as identity
from functions.jobs import api as jobs
from functions.payments import api as payments
from functions.projects import api as projects
from functions.search import api as search
from functions.search import query_api as queries
from functions.sequences import api as sequences
from milepost_cli.account import open_account
from milepost_cli.api import Request as ApiRequest
from milepost_cli.app import app
from milepost_cli.surroundings import Surroundings
from shared import config
from tests.aws.entries import Context, http_event

URL = "https://api.milepost.example"
HANDLERS = {
    "/api/v1/leads": audience.handler,
    "/api/v1/lead-imports": audience.handler,
    "/api/v1/segments": audience.handler,
    "/api/v1/campaigns": audience.handler,
    "/api/v1/suppressions": audience.handler,
    "/api/v1/delivery-providers": audience.handler,
    "/api/v1/auth": identity.handler,
    "/api/v1/keys": identity.handler,
    "/api/v1/jobs": jobs.handler,
    "/api/v1/invoices": payments.handler,
    "/api/v1/payment": payments.handler,
    "/api/v1/ledger": payments.handler,
    "/api/v1/financing-requests": payments.handler,
    "/api/v1/projects": projects.handler,
    "/api/v1/project-milestones": projects.handler,
    "/api/v1/verifications": projects.handler,
    "/api/v1/worklist": projects.handler,
    "/api/v1/probes": projects.handler,
    "/api/v1/delegations": projects.handler,
    "/api/v1/sequences": sequences.handler,
    "/api/v1/collection": search.handler,
    "/api/v1/documents": search.handler,
    "/api/v1/search": queries.handler,
    "/api/v1/saved-searches": search.handler,
}
"""By the beginning of the path; every other one is of goals."""
OF_PAYMENTS = re.compile(r"/api/v1/(?:project-milestones/[^/]+/(?:invoices|payment-terms)|projects/[^/]+/deposits)")
"""What payments has below the paths of projects."""

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
    """A machine with a home folder; `instead` answers a request before the API does, `requests` are those that came.

    `meanwhile` is what happens while a command waits.
    """

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    instead: Reply = lambda _: None
    requests: list[httpx.Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(
            environment={"MILEPOST_HOME": str(self.home), **self.environment},
            transport=httpx.MockTransport(self._answered),
            pause=self._waits,
        )

    def types(self, *arguments: str, stdin: str = "") -> Ran:
        result = CliRunner().invoke(app, list(arguments), input=stdin, obj=self.surroundings)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    def signs_in(self, email: str, password: str) -> Ran:
        return self.types("login", "--url", URL, "--email", email, stdin=f"{password}\n")

    def asks(self, method: str, path: str, body: Any = None) -> Any:
        """Return what the API answers to whoever has signed in here."""
        return open_account(self.surroundings).ask(ApiRequest(method=method, path=path, body=body)).json()

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def _waits(self, seconds: float) -> None:
        self.pauses.append(seconds)
        with redirect_stdout(io.StringIO()):
            self.meanwhile()

    def _answered(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        is_signed = "X-Amz-Signature" in request.url.params
        return self.instead(request) or (of_the_bucket if is_signed else of_the_api)(request)


def of_the_api(request: httpx.Request) -> httpx.Response:
    """Return what the handlers answer. What they log is not what the command prints."""
    path, query = request.url.path, request.url.query.decode()
    body = request.content.decode() or None
    event = http_event(request.method, path, body, headers=dict(request.headers), query=query)
    found = (each for begins, each in HANDLERS.items() if path.startswith(begins))
    handler = payments.handler if OF_PAYMENTS.fullmatch(path) else next(found, goals.handler)
    with redirect_stdout(io.StringIO()):
        answer: Mapping[str, Any] = handler(event, Context())
    content = answer["body"] or ""
    raw = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
    return httpx.Response(answer["statusCode"], headers=answer["headers"], content=raw)


def of_the_bucket(request: httpx.Request) -> httpx.Response:
    """Return what the bucket answers at a signed address: a file that is there is not written over."""
    bucket, place = boto3.client("s3"), {"Bucket": config.files_bucket(), "Key": request.url.path[1:]}
    try:
        if request.method == "PUT":
            bucket.put_object(**place, Body=request.content, IfNoneMatch=request.headers["if-none-match"])
            return httpx.Response(200)
        return httpx.Response(200, content=bucket.get_object(**place)["Body"].read())
    except ClientError as error:
        return httpx.Response(error.response["ResponseMetadata"]["HTTPStatusCode"])
