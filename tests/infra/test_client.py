"""The client of the local stage: it comes back when it is told to, and not when that would be in minutes."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from infra.stage.client import call


class Busy(BaseHTTPRequestHandler):
    """Refuses as often as `refusals` says; `retry_after` says when to come back."""

    refusals = 0
    retry_after: str | None = "0"
    bodies: list[bytes]

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        refused = len(self.bodies) <= self.refusals
        self.send_response(429 if refused else 200)
        if refused and self.retry_after is not None:
            self.send_header("retry-after", self.retry_after)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the server."""
    monkeypatch.setattr(Busy, "bodies", [], raising=False)
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_who_was_too_fast_comes_back_when_told_to(busy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Busy, "refusals", 1)
    monkeypatch.setattr(Busy, "retry_after", "1")
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    answer = call("POST", busy, body={"title": "Run"})

    assert answer.status == 200
    assert Busy.bodies == [b'{"title": "Run"}'] * 2
    assert slept == [1]


@pytest.mark.parametrize("retry_after", ["900", None])
def test_a_refusal_for_minutes_is_the_answer(
    busy: str, monkeypatch: pytest.MonkeyPatch, retry_after: str | None
) -> None:
    monkeypatch.setattr(Busy, "refusals", 1)
    monkeypatch.setattr(Busy, "retry_after", retry_after)

    assert call("POST", busy, body={}).status == 429
    assert len(Busy.bodies) == 1


def test_it_does_not_come_back_for_ever(busy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Busy, "refusals", 100)

    assert call("POST", busy, body={}).status == 429
    assert len(Busy.bodies) == 10
