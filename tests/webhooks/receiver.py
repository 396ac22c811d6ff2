"""A receiver of webhooks: a real HTTP server on this machine that keeps what comes, and answers as it is told."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Message:
    """A message as it came."""

    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def webhook_id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """Return what the reference library reads, which verifies signature and time first."""
        return Webhook(secret).verify(self.body, dict(self.headers))


@dataclass
class Receiver:
    """What came, and what is answered to the next one: a status, headers and a body."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    before_answer: Callable[[], object] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def answers_next(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.answers.append((status, dict(headers or {}), body))

    def take(self, message: Message) -> tuple[int, dict[str, str], bytes]:
        with self.lock:
            self.messages.append(message)
            return self.answers.pop(0) if self.answers else (self.status, {}, b"")


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give the block a receiver on a free port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.before_answer()
            status, sent, content = receiver.take(Message(self.path, headers, body))
            self.send_response(status)
            for name, value in sent.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
