"""TLS of the way out: a certificate that is good for the name lets a message through, every other one does not."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from shared.egress import client
from shared.egress.client import Limits, NotAnswered, Reply, Request
from tests.aws.certificates import DAY, NOW, certificate


class Receiver(BaseHTTPRequestHandler):
    """Takes what is posted."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving(chain: Path) -> Iterator[tuple[str, list[str | None]]]:
    """Give the block the address of a receiver, and the names that it is asked for in the handshake."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}/hook", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sent(url: str) -> Reply:
    return client.ask(Request("POST", url, {}, b"{}"), Limits(15.0, 2048), allow_loopback=True)


def trusted(monkeypatch: pytest.MonkeyPatch, chain: Path) -> None:
    """Let the certificate be one of those that the machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))


def test_a_receiver_that_is_trusted_under_its_name_gets_the_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    chain = certificate(tmp_path / "chain.pem", names=["localhost"], ends=NOW + DAY)
    trusted(monkeypatch, chain)
    with receiving(chain) as (url, asked):
        reply = sent(url)

    assert reply.status == 204
    assert asked == ["localhost"]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path):
    chain = certificate(tmp_path / "chain.pem", names=["localhost"], ends=NOW + DAY)
    with receiving(chain) as (url, _), pytest.raises(NotAnswered, match="tls_failed"):
        sent(url)


def test_a_certificate_for_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    chain = certificate(tmp_path / "chain.pem", names=["hooks.example.com"], ends=NOW + DAY)
    trusted(monkeypatch, chain)
    with receiving(chain) as (url, _), pytest.raises(NotAnswered, match="tls_failed"):
        sent(url)


def test_a_certificate_that_has_expired_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    chain = certificate(tmp_path / "chain.pem", names=["localhost"], ends=NOW - DAY)
    trusted(monkeypatch, chain)
    with receiving(chain) as (url, _), pytest.raises(NotAnswered, match="tls_failed"):
        sent(url)
