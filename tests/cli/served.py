"""The API on a port of this machine, so that the real program can be run as a process of its own."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx

from tests.cli.shell import of_the_api

PROGRAM = Path(sys.executable).with_name("milepost")


class _Handler(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        url = f"http://{self.headers['host']}{self.path}"
        answer = of_the_api(
            httpx.Request(self.command, url, headers=dict(self.headers), content=self.rfile.read(length))
        )
        self.send_response(answer.status_code)
        self.send_header("content-type", answer.headers.get("content-type", "application/json"))
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = _answer  # noqa: N815 - the names http.server calls

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the API, one request after the other, for the block; yields the address."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def run(*arguments: str, environment: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run the program with its output in a pipe, and nothing of this environment but the path."""
    return subprocess.run(
        [PROGRAM, *arguments],
        input=stdin.encode(),
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"], **environment},
    )
