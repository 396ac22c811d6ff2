"""One request on the deployed stage: its id is in the answer, the log, the event, the webhook and the audit log."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.e2e.endpoints import endpoint_of, until
from tests.webhooks.receiver import receiving

ROOT = Path(__file__).parents[2]
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = """
import sys
from pathlib import Path
from infra.commands import trace
from infra.stage import access
access.STATE = Path(sys.argv[1])
sys.exit(trace.main(["local", sys.argv[2]]))
"""


@pytest.fixture
def traced(stack: Addresses, folder: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Return a function that runs `make trace` on the stage of these tests."""

    def run(request_id: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", TRACE, str(folder / "state"), request_id]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    return run


def rows_of(run: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    """Return where and what of each row that was printed."""
    return [(each.split()[1], each.split()[2]) for each in run.stdout.splitlines()[1:]]


def test_everything_of_a_request_has_its_id(
    stack: Addresses, sign_up: Callable[[], SignIn], traced: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    me, goals = sign_up(), f"{stack.api_url}/api/v1/goals"
    with receiving() as receiver:
        endpoint = endpoint_of(me, stack, receiver, event_types=["goals.goal.created"])
        sent = {"traceparent": TRACEPARENT, "x-request-id": "mine"}
        created = call("POST", goals, body={"title": "Run a marathon"}, token=me.access_token, headers=sent)
        (message,) = until(lambda: receiver.messages)
    request_id = created.headers["x-request-id"]
    path = f"{stack.api_url}/api/v1/webhook-endpoints/{endpoint['endpoint_id']}/deliveries/{message.webhook_id}"
    shown = until(lambda: delivered(call("GET", path, token=me.access_token)))
    run = until(lambda: whole(traced(request_id), "attempt"))

    assert (created.status, request_id == "mine") == (201, False)
    assert message.headers["milepost-request-id"] == shown["request_id"] == request_id
    assert message.headers["traceparent"] == TRACEPARENT
    assert {
        ("goals", "request"),
        ("table", "goals.goal.created"),
        ("outbox", "event"),
        ("webhooks", "message"),
        ("table", "delivery"),
        ("table", "attempt"),
    } <= set(rows_of(run))
    assert [each.split()[0] for each in run.stdout.splitlines()[1:]] == sorted(
        each.split()[0] for each in run.stdout.splitlines()[1:]
    )


def test_a_change_of_a_document_can_be_followed_until_it_is_found(
    stack: Addresses, sign_up: Callable[[], SignIn], traced: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    me, api = sign_up(), f"{stack.api_url}/api/v1"
    schema = {"name": "letters", "fields": [{"name": "title", "type": "string"}]}
    call("POST", f"{api}/collections", body=schema, token=me.access_token)
    change = {"operation": "upsert", "collection_name": "letters", "document": {"id": "one", "title": "confidential"}}
    stored = call("POST", f"{api}/documents/sync", body=change, token=me.access_token)
    run = until(lambda: whole(traced(stored.headers["x-request-id"]), "findable"))

    assert {
        ("search", "request"),
        ("table", "search.document.changed"),
        ("outbox", "event"),
        ("search", "message"),
        ("search", "findable"),
    } <= set(rows_of(run))
    assert "generation=1" in run.stdout
    assert "confidential" not in run.stdout


def test_a_refusal_has_it_too(
    stack: Addresses, sign_up: Callable[[], SignIn], traced: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    me = sign_up()
    refused = call("GET", f"{stack.api_url}/api/v1/goals/goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", token=me.access_token)
    run = until(lambda: whole(traced(refused.headers["x-request-id"]), "request"))

    assert (refused.status, refused.json()["request_id"]) == (404, refused.headers["x-request-id"])
    assert rows_of(run) == [("goals", "request")]
    assert "status=404 code=GoalNotFound" in run.stdout
    assert me.email not in run.stdout


def test_what_is_audited_names_the_request(
    stack: Addresses, sign_up: Callable[[], SignIn], traced: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    me = sign_up()
    credentials = {"email": me.email, "password": me.password}
    signed_in = call("POST", f"{stack.api_url}/api/v1/auth/login", body=credentials)
    request_id = signed_in.headers["x-request-id"]
    entry = until(lambda: audited(stack, me, request_id))
    run = until(lambda: whole(traced(request_id), "sequence="))

    assert entry["event_type"] == "identity.session.started"
    assert {("identity", "request"), ("table", "identity.session.started"), ("audit", "log")} <= set(rows_of(run))


def test_a_request_that_nobody_made_is_not_found(traced: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    run = traced("nobody=")

    assert (run.returncode, run.stdout) == (1, "")
    assert "belongs to the request nobody=" in run.stderr


def delivered(answer: Answer) -> Any:
    """Return a delivery when it was taken, None before."""
    return answer.json() if answer.json()["status"] == "delivered" else None


def audited(stack: Addresses, me: SignIn, request_id: str) -> Any:
    """Return the audit entry of a request, None before it is there."""
    log = call("GET", f"{stack.api_url}/api/v1/audit", token=me.access_token).json()["items"]
    return next((entry for entry in log if entry["request_id"] == request_id), None)


def whole(run: subprocess.CompletedProcess[str], last: str) -> Any:
    """Return a run that has shown what comes last, None before."""
    return run if last in run.stdout else None
