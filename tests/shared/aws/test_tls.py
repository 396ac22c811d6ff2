"""TLS to a service: only a certificate that is good for its name lets a request through."""

import json
import socket
import ssl
from pathlib import Path

import pytest

from shared.aws import client, wire
from shared.aws.client import Client
from shared.aws.wire import Limits, NoAnswer
from tests.aws.certificates import DAY, NOW, certificate
from tests.shared.aws.conftest import Connect
from tests.shared.aws.servers import Server, answers, serving


def trusting(monkeypatch: pytest.MonkeyPatch, bundle: Path | None, server: Server) -> Client:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://localhost:{server.port}")
    if bundle:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    wire._context.cache_clear()
    return Client(client.DYNAMODB, Limits(1, 1))


@pytest.fixture(autouse=True)
def _forgetting(connect: Connect):
    yield
    wire._context.cache_clear()


def serves(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_certificate_that_is_good_lets_a_request_through(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    good = certificate(tmp_path / "good.pem", names=["localhost"], ends=NOW + DAY)
    with serving(answers(b'{"a": 1}'), tls=serves(good)) as server:
        made = trusting(monkeypatch, good, server)

        assert [made.call("GetItem", {}), made.call("GetItem", {})] == [{"a": 1}] * 2
        assert server.connections == 1
        assert json.loads(server.requests[0].partition(b"\r\n\r\n")[2]) == {}


@pytest.mark.parametrize(
    ("names", "ends", "is_known"),
    [(["other.example"], NOW + DAY, True), (["localhost"], NOW - DAY, True), (["localhost"], NOW + DAY, False)],
    ids=["another name", "expired", "unknown"],
)
def test_another_certificate_ends_the_call_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, names: list[str], ends, *, is_known: bool
):
    wrong = certificate(tmp_path / "wrong.pem", names=names, ends=ends)
    with serving(answers(b"{}"), tls=serves(wrong)) as server:
        made = trusting(monkeypatch, wrong if is_known else None, server)
        with pytest.raises(NoAnswer):
            made.call("GetItem", {})

    assert server.requests == []


def test_a_server_that_is_silent_in_the_handshake_is_given_up(monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(NoAnswer) as failure:
            Client(client.DYNAMODB, Limits(0.1, 1)).call("GetItem", {})

    assert failure.value.timed_out


def test_a_server_that_speaks_no_tls_is_told_nothing(monkeypatch: pytest.MonkeyPatch):
    with serving(answers(b"{}")) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{server.port}")
        with pytest.raises(NoAnswer):
            Client(client.DYNAMODB, Limits(0.1, 1)).call("GetItem", {})

    assert server.requests == []
