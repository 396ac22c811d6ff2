"""The server: it keeps what it receives, and answers in the way that the path names."""

import json
import re
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from examples.receiver.ways import NEED_NUMBER, WAYS

RECEIVED = "/received"
MOST_KEPT = 1000
MOST_BYTES = 1024 * 1024


class Received(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class Receiver(ThreadingHTTPServer):
    """A receiver on a port of this machine, 0 for a free one. `hear` is called with every request."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0, *, hear: Callable[[Received], None] | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.received: deque[Received] = deque(maxlen=MOST_KEPT)
        self.ending = threading.Event()
        self.hear = hear or (lambda _: None)
        self.scheme = "http"

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    def present(self, certificate: Path) -> None:
        """Speak TLS with this certificate and its key, which may be good for another name, expired or self-signed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.scheme = "https"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that leave early are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def _serve(self) -> None:
        path = self.path.split("?")[0]
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, MOST_BYTES)).decode(errors="replace")
        if path == RECEIVED and self.command == "GET":
            return self._say(200, [each._asdict() for each in self.server.received])
        received = Received(self.command, self.path, dict(self.headers), body)
        self.server.received.append(received)
        self.server.hear(received)
        name, _, rest = unquote(path).removeprefix("/").partition("/")
        if name not in WAYS:
            return self._say(404, {"ways": sorted(WAYS)})
        # An SDK of AWS puts a slash behind the address it is told.
        rest = rest.rstrip("/") if name in NEED_NUMBER else rest
        if name in NEED_NUMBER and not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", rest, re.ASCII):
            return self._say(400, {"missing": f"a number: /{name}/30"})
        return WAYS[name](self, rest, self.server.ending)

    # The names that http.server looks for.
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _say(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing: `hear` does."""


@contextmanager
def running(receiver: Receiver) -> Iterator[Receiver]:
    """Serve while the block runs; what hangs then is let go."""
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ending.set()
        receiver.shutdown()
        receiver.server_close()
        thread.join()
