"""Whether the platform is well: what is answered without asking anybody, and what when somebody does not answer."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from functions.portal import readiness
from shared.aws.client import NoAnswer
from tests.aws import hooks
from tests.portal.entries import ask

ROOT = Path(__file__).parents[2]
HEALTH = "/api/v1/health"
READY = "/api/v1/health/ready"


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, whose table can be taken away."""


def test_health_says_that_the_function_answers() -> None:
    answer = ask("GET", HEALTH)

    assert answer.status == 200
    assert answer.json == {"status": "ok", "stage": "local"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_and_docs_are_answered_without_loading_what_speaks_to_aws() -> None:
    script = (
        "import sys; from functions.portal import api; "
        "event = {'rawPath': '/api/v1/health', 'requestContext': {'http': {'method': 'GET'}}}; "
        "print(api.handler(event, None)['statusCode'], [name for name in ('boto3', 'pydantic') if name in sys.modules])"
    )

    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )

    assert run.stdout.splitlines()[-1:] == ["200 []"], run.stderr


@pytest.mark.usefixtures("aws")
def test_ready_names_what_answers() -> None:
    answer = ask("GET", READY)

    assert answer.status == 200
    assert answer.json == {"status": "ready", "table": "ok", "signing_key": "ok"}


@pytest.mark.usefixtures("aws")
def test_a_head_of_ready_has_no_body() -> None:
    answer = ask("HEAD", READY)

    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.usefixtures("aws")
def test_a_missing_table_is_a_503_that_names_it() -> None:
    boto3.client("dynamodb").delete_table(TableName=os.environ["TABLE_NAME"])

    answer = ask("GET", READY)

    assert (answer.status, answer.json["code"]) == (503, "NotReady")
    assert answer.json["detail"] == "Not ready: table is refused: ResourceNotFoundException."
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.usefixtures("aws")
def test_a_key_that_is_switched_off_is_a_503_that_names_it() -> None:
    boto3.client("kms").disable_key(KeyId=os.environ["SIGNING_KEY_ID"])

    answer = ask("GET", READY)

    assert answer.status == 503
    assert answer.json["detail"] == "Not ready: signing_key is Disabled."


@pytest.mark.usefixtures("aws")
def test_both_are_named_when_neither_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("dynamodb").delete_table(TableName=os.environ["TABLE_NAME"])
    monkeypatch.setenv("SIGNING_KEY_ID", "12345678-1234-1234-1234-123456789012")

    answer = ask("GET", READY)

    assert answer.status == 503
    assert answer.json["detail"] == (
        "Not ready: table is refused: ResourceNotFoundException, signing_key is refused: NotFoundException."
    )


@pytest.mark.usefixtures("aws")
def test_a_table_that_cannot_be_reached_is_a_503() -> None:
    def cut(**_: object) -> None:
        raise NoAnswer("unreachable")

    hooks.register("before-call.dynamodb.DescribeTable", cut)

    answer = ask("GET", READY)

    assert answer.json["detail"] == "Not ready: table does not answer."


@pytest.fixture
def stuck() -> Iterator[None]:
    """Let the table keep whoever asks waiting until the test is over."""
    over = threading.Event()
    hooks.register("before-call.dynamodb.DescribeTable", lambda **_: over.wait(30) and None)
    yield
    over.set()


@pytest.mark.usefixtures("aws", "stuck")
def test_a_table_that_keeps_us_waiting_is_a_503_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.2)

    answer = ask("GET", READY)

    assert answer.json["detail"] == "Not ready: table does not answer in time."


def test_what_nobody_expected_is_a_500_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAGE")

    answer = ask("GET", HEALTH)

    assert (answer.status, answer.json["code"]) == (500, "InternalError")
    assert "STAGE" not in answer.text
