"""An address that probes call: a real HTTP server on this machine, and how calls come to it in tests."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3

from functions.projects.probe_calls import consumers
from shared import config
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.projects.following.telling import follow, of_milestone
from tests.projects.team import Person

SECRET = "Bearer 5f0c9a-only-for-the-address"
DONE: dict[str, Any] = {"batchItemFailures": []}


@dataclass
class Address:
    """What has come, and what is answered."""

    port: int = 0
    status: int = 200
    body: bytes = b'{"state": "passed", "percent": 40}'
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = field(default_factory=list)
    before_answer: Callable[[], object] = lambda: None
    is_silent: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/state?token=in-the-query"

    def says(self, **document: Any) -> None:
        self.body = json.dumps(document).encode()


@contextmanager
def listening() -> Iterator[Address]:
    """Give the block an address on a free port."""
    address = Address()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            address.asked.append((self.command, self.path, {**self.headers}, body))
            address.before_answer()
            if address.is_silent:
                self.close_connection = True
                return
            self.send_response(address.status)
            for name, value in address.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(address.body)))
            self.end_headers()
            self.wfile.write(address.body)

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def calling(address: Address, **more: Any) -> dict[str, Any]:
    """Return the call of a probe as callers send it."""
    asked = {"url": address.url, "pointer": "/state", "comparison": "eq", "expected": "passed"}
    return {**asked, "secret": {"value": SECRET}, **more}


def messages(person: Person, milestone: str) -> list[str]:
    """Follow what probes have begun, and return the messages that bring their calls."""
    follow(*[each for each in of_milestone(person, milestone) if each.event_type == "projects.probe.asked"])
    found, asked = list[str](), {"QueueUrl": config.queue_url("PROBE_CALLS"), "MaxNumberOfMessages": 10}
    while received := boto3.client("sqs").receive_message(**asked).get("Messages"):
        found += [each["Body"] for each in received]
    return found


def hand_over(*bodies: str) -> None:
    """Bring messages to the function that calls."""
    assert consumers.handler(batch(bodies), Context()) == DONE


def calls(person: Person, milestone: str) -> None:
    """Let all calls of a milestone that have begun be made."""
    hand_over(*dict.fromkeys(messages(person, milestone)))
