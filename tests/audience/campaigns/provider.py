"""A delivery provider that answers as it is told: it may refuse, repeat itself, drop the connection, and dedupe."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast

STATUSES: Final = {"accepted": 200, "retry": 429, "refused": 400, "account": 401, "broken": 504}
TAKES: Final = ("accepted", "broken", "dropped")
"""What a provider answers, or does not, that has taken the message."""


class Scripted(ThreadingHTTPServer):
    """The provider. `answers` has, for each recipient, what the calls are answered one after the other."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[dict[str, Any]] = []
        self.taken: Counter[str] = Counter()
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.otherwise = "accepted"
        self.headers: dict[str, str] = {}
        self.heard: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def sent_to(self) -> Counter[str]:
        """Return how many calls there were for each lead."""
        return Counter(each["lead_id"] for each in self.calls)

    def takes(self, message: dict[str, Any]) -> str:
        """Keep a message, and return how it is answered."""
        self.calls.append(message)
        waiting = self.answers[message["to"]]
        answer = waiting.pop(0) if waiting else self.otherwise
        if answer in TAKES:
            self.taken[message["send_id"]] += 1
        self.heard()
        return answer


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        provider = cast("Scripted", self.server)
        answer = provider.takes(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        if answer == "dropped":
            self.close_connection = True
            return
        body = json.dumps({"message_id": f"vendor-{len(provider.calls)}"}).encode()
        self.send_response(STATUSES[answer])
        for name, value in {**provider.headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Scripted]:
    with Scripted() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
