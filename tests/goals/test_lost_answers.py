"""A request whose calls of the table lose their answers on a real wire: one effect, and the caller is told of it.

The table is moto behind a server on loopback, which knows a transaction again by its token, as DynamoDB does.
"""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, HeadersDict

from tests.aws import connections, hooks
from tests.goals.catalogue import Scene
from tests.goals.conftest import Happened, Stored
from tests.goals.people import Person
from tests.shared.aws.servers import answers, serving

URL = "https://dynamodb.eu-west-1.amazonaws.com/"


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which knows a transaction again by its token."""


class Table:
    """DynamoDB that loses the answers to the first calls of each operation: before or after their effect."""

    def __init__(self, *, losses: int, takes_effect: bool) -> None:
        self.operations: list[str] = []
        self._losses, self._takes_effect = losses, takes_effect
        self._done: dict[str, bytes] = {}

    def __call__(self, sock: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:]]
        headers = {name.lower(): value for name, value in lines}
        operation = headers["x-amz-target"].partition(".")[2]
        self.operations.append(operation)
        is_lost = self.operations.count(operation) <= self._losses
        status, answer = (200, b"") if is_lost and not self._takes_effect else self._answer(headers, body)
        if is_lost:
            sock.shutdown(socket.SHUT_RDWR)
        else:
            answers(answer, status=f"{status} said")(sock, request)

    def _answer(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        token = json.loads(body).get("ClientRequestToken", "")
        if token in self._done:
            return 200, self._done[token]
        answer = hooks.in_moto(AWSPreparedRequest("POST", URL, HeadersDict(headers), body, stream_output=False))
        assert answer is not None
        if token and answer.status == 200:
            self._done[token] = answer.body
        return answer.status, answer.body


@contextmanager
def losing(monkeypatch: pytest.MonkeyPatch, losses: int, *, takes_effect: bool) -> Iterator[Table]:
    """Put the table behind a wire that loses answers, as long as the block lasts."""
    table = Table(losses=losses, takes_effect=takes_effect)
    with serving(table) as server, monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{server.port}")
        yield table
        connections.close()


def completions(happened: list[dict[str, Any]]) -> int:
    return sum(event["event_type"] == "goals.task.completed" for event in happened)


@pytest.mark.parametrize("key", [None, "once"])
@pytest.mark.parametrize("losses", [1, 2])
@pytest.mark.parametrize("takes_effect", [False, True], ids=["before the effect", "after the effect"])
def test_a_task_whose_completion_loses_answers_is_completed_once(
    ada: Person,
    scene: Scene,
    happened: Happened,
    monkeypatch: pytest.MonkeyPatch,
    *,
    takes_effect: bool,
    losses: int,
    key: str | None,
):
    with losing(monkeypatch, losses, takes_effect=takes_effect) as table:
        answer = ada.post(f"/goals/{scene.goal_id}/tasks/{scene.task_id}/complete", key=key)
    progress = ada.get(f"/goals/{scene.goal_id}/progress").body

    assert (answer.status, answer.body["status"]) == (200, "completed")
    assert progress["completed_tasks"] == 1
    assert completions(happened(ada, scene.goal_id)) == 1
    assert table.operations.count("TransactWriteItems") == losses + 1


@pytest.mark.parametrize("takes_effect", [False, True], ids=["before the effect", "after the effect"])
def test_what_is_repeated_after_all_answers_were_lost_has_one_effect(
    ada: Person, stored: Stored, travel: Any, monkeypatch: pytest.MonkeyPatch, *, takes_effect: bool
):
    with losing(monkeypatch, 3, takes_effect=takes_effect):
        lost = ada.post("/goals", {"title": "Run a marathon"}, key="once")
    told = ada.post("/goals", {"title": "Run a marathon"}, key="once")

    assert (lost.status, told.status) == (503, 201)
    assert [item["goal_id"] for item in stored().values() if item.get("entity") == "Goal"] == [told.body["goal_id"]]
