"""What Schemathesis makes of the API document: data that it allows and data that it forbids, sent to every operation.

No answer is a 5xx, has a status that is not documented, or another media type, header or shape than it says; and what
the document forbids is refused. Every request finds the tenants as they were settled, so one that signs out everywhere
or deletes its own account ends nothing for those after it. The seed is fixed.

A test is one context and one caller, so that they can be spread over processes. The second caller of a context, which
comes right after the first, sends what was generated for that one.
"""

import base64
import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from tests.aws import hooks
from tests.aws.entries import Context, http_event
from tests.platform.catalogues import told
from tests.platform.operations import DOCUMENT, HANDLERS, OPERATIONS, Operation, send
from tests.platform.tenants import ALL_SCOPES, Actor, Tenants, restored, settle, standing
from tests.platform.unprepared import unprepared
from tests.portal.conftest import bundled

__all__ = ["bundled"]

HOST = "http://127.0.0.1"
EXAMPLES = 6
MOST_FAILURES = 5
CASES = 2000
FEWEST: dict[str, int] = told("CASES")
"""How many cases a context makes at least, for each caller."""
CALLERS = ("owner", "service")
FOR_PEOPLE = {
    "GET /api/v1/auth/memberships",
    "PATCH /api/v1/auth/me",
    "POST /api/v1/auth/generate",
    "POST /api/v1/auth/otp/enroll",
    "POST /api/v1/financing-requests/{financing_id}/approve",
    "POST /api/v1/financing-requests/{financing_id}/reject",
    "POST /api/v1/projects/{project_id}/deposits/return",
    "PUT /api/v1/auth/phone",
    "PUT /api/v1/payment-payee",
}
"""What a service is refused whatever its key may do."""
FOR_THE_AUTHOR = {
    "PATCH /api/v1/verifications/{verification_id}/comments/{comment_id}",
    "POST /api/v1/probes/{probe_id}/answer",
}
"""What a service is refused because the one that there is is somebody else's."""
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
]
OF_ANY_TEXT = {"type", "title", "examples"}
"""What the schema of a parameter says that any text is of."""
SAYING_WHAT_IS_WRONG = {"POST /api/v1/goals/check"}
"""What is asked which rows are wrong, and so answers 200 to rows that are."""
CONFIG = schemathesis.Config()
# The credential is that of the actor; what other ones do is tried in test_matrix.py.
CONFIG.projects.default.generation.with_security_parameters = False
SCHEMA = schemathesis.openapi.from_dict({**DOCUMENT, "servers": [{"url": HOST}]}, config=CONFIG)


@dataclass
class Run:
    """What a run has sent, and what came back."""

    tenants: Tenants
    actor: Actor
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    has_written: bool = True

    def __post_init__(self) -> None:
        hooks.register("before-call.dynamodb", self._note)

    def _note(self, model: Any, **_: Any) -> None:
        self.has_written = self.has_written or model.name in WRITES

    @property
    def cases(self) -> int:
        return sum(each.total() for each in self.statuses.values())

    def send(self, operation: Operation, case: schemathesis.Case) -> None:
        """Send what was generated, to tenants that know nothing of what was sent before."""
        if self.has_written:
            restored(self.tenants)
            self.has_written = False
        kwargs = case.as_transport_kwargs(base_url=HOST, headers=dict(self.actor.headers))
        request = requests.Request(**{name: value for name, value in kwargs.items() if name in REQUEST}).prepare()
        reply = HANDLERS[operation.context](event_of(request), Context())
        self.statuses.setdefault(str(operation), Counter())[reply["statusCode"]] += 1
        try:
            case.validate_response(response_of(reply, request), checks=checks_of(operation))
        except (Failure, FailureGroup) as failure:
            self.failures.append(f"{operation}: {failure}")


def checks_of(operation: Operation) -> list[Any]:
    """Return what is held against an answer of this operation."""
    is_refusing = str(operation) not in SAYING_WHAT_IS_WRONG
    return [each for each in CHECKS if is_refusing or each is not openapi_checks.negative_data_rejection]


REQUEST = {"method", "url", "headers", "data", "params", "json", "cookies", "files"}


def event_of(request: requests.PreparedRequest) -> dict[str, Any]:
    """Return the event that API Gateway makes of a request: path decoded, what is sent twice joined by a comma."""
    url = urlsplit(request.url)
    event = http_event(request.method, unquote(url.path), headers=dict(request.headers), query=url.query)
    event |= body_of(request)
    joined: dict[str, str] = {}
    for name, value in parse_qsl(url.query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return event | ({"queryStringParameters": joined} if joined else {})


def body_of(request: requests.PreparedRequest) -> dict[str, Any]:
    """Return the body as text where it is some, otherwise in base64, as API Gateway does."""
    if request.body is None:
        return {}
    if isinstance(request.body, str):
        return {"body": request.body}
    try:
        return {"body": request.body.decode()}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def response_of(reply: dict[str, Any], request: requests.PreparedRequest) -> schemathesis.Response:
    """Return the answer as a client of API Gateway gets it."""
    body = reply["body"] or ""
    content = base64.b64decode(body) if reply.get("isBase64Encoded") else body.encode()
    return schemathesis.Response(
        status_code=reply["statusCode"],
        headers={name.lower(): [value] for name, value in reply["headers"].items()},
        content=gzip.decompress(content) if reply["headers"].get("Content-Encoding") == "gzip" else content,
        request=request,
        elapsed=0,
        verify=False,
    )


def modes(operation: Operation) -> list[GenerationMode]:
    """Return what there is to send: nothing is forbidden where only names of any text and an entity tag are sent."""
    declared = DOCUMENT["paths"][operation.path][operation.method.lower()]
    is_taking = "requestBody" in declared or any(
        each["in"] == "query" or each["schema"].keys() - OF_ANY_TEXT for each in declared.get("parameters", [])
    )
    return [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if is_taking else [])]


_generated: dict[tuple[str, GenerationMode, bool], list[schemathesis.Case]] = {}
"""What was generated in this process: it is the same for every caller, but for the names of what is theirs."""


def generate(run: Run, operation: Operation) -> None:
    """Send the example of the document, what it allows and what it forbids, to what is there and to what is not."""
    declared = SCHEMA[operation.path][operation.method]
    body = {} if operation.example is None else {"body": operation.example, "media_type": "application/json"}
    run.send(operation, declared.Case(path_parameters=dict(run.actor.places), **body))
    for mode in modes(operation):
        for is_there in (False, True) if operation.names else (False,):
            places = {"path_parameters": dict(run.actor.places)} if is_there else {}
            place = str(operation), mode, is_there
            if place not in _generated:
                _generated[place] = generated(declared.as_strategy(mode, **places))
            for case in _generated[place]:
                if is_there and case.path_parameters != places["path_parameters"]:
                    case.path_parameters = dict(places["path_parameters"])
                run.send(operation, case)


def generated(cases: Any) -> list[schemathesis.Case]:
    """Return some cases, none where there is nothing to forbid since nothing is taken."""
    found = []

    @seed(20261120)
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def keep(case: schemathesis.Case) -> None:
        found.append(case)

    with suppress(Unsatisfiable):
        keep()
    return found


@pytest.fixture(scope="module")
def callers() -> Iterator[tuple[Tenants, dict[str, Actor]]]:
    """The tenants, and the two that call: the owner with a token, a service with every scope that a key can have."""
    with standing() as tenants:
        service = at_home(tenants.services[ALL_SCOPES])
        settle(tenants)
        yield tenants, {"owner": tenants.actors["owner"], "service": service}


def at_home(service: Actor) -> Actor:
    """Return the service with a goal and a task of its own, shared with somebody, a job, and a saved search."""
    goal = send("POST", "/api/v1/goals", {"title": "Nightly report"}, headers=service.headers).body
    path = f"/api/v1/goals/{goal['goal_id']}"
    task = send("POST", f"{path}/tasks", {"title": "Write it"}, headers=service.headers).body
    send("PUT", f"{path}/shares/{service.places['user_id']}", {"role": "viewer"}, headers=service.headers)
    link = send("POST", "/api/v1/links", {}, headers=service.headers).body
    job = send("POST", "/api/v1/goals/export-jobs", headers=service.headers).body
    draft = {"name": "all", "collection_name": service.places["collection_name"], "parameters": {"q": "*"}}
    saved = send("POST", "/api/v1/saved-searches", draft, headers=service.headers).body
    own = {"goal_id": goal["goal_id"], "task_id": task["task_id"], "link_id": link["link_id"], "job_id": job["job_id"]}
    own["saved_search_id"] = saved["saved_search_id"]
    return replace(service, places={**service.places, **own})


@pytest.fixture
def with_its_files(context: str, request: pytest.FixtureRequest) -> None:
    """Lay out the files that the portal sends, for its own operations."""
    if context == "portal":
        request.getfixturevalue("bundled")


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("context", sorted(HANDLERS))
def test_every_answer_is_as_the_document_says(
    callers: tuple[Tenants, dict[str, Actor]], caller: str, context: str, with_its_files: None
):
    tenants, actors = callers
    run = Run(tenants, actors[caller])
    for operation in OPERATIONS:
        if operation.context == context:
            generate(run, operation)

    assert run.failures[:MOST_FAILURES] == []
    assert run.cases >= FEWEST[context]
    refused = {operation for operation, statuses in run.statuses.items() if min(statuses) >= 400}
    assert {each for each in refused if not unprepared(each)} <= (
        FOR_PEOPLE | FOR_THE_AUTHOR if caller == "service" else set()
    )


def test_every_context_is_sent_its_part_of_the_cases():
    assert FEWEST.keys() == HANDLERS.keys() == {each.context for each in OPERATIONS}
    assert len(CALLERS) * sum(FEWEST.values()) >= CASES
