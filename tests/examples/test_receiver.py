"""The receiver fails as the path says, keeps what it was sent, and can be run as a command."""

import contextlib
import http.client
import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from examples.receiver.server import Receiver, running
from examples.receiver.ways import WAYS
from tests.aws.certificates import NOW, certificate
from tests.infra.stages import ROOT

Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running(Receiver()) as receiver:
        yield receiver


@pytest.fixture
def ask(receiver: Receiver) -> Iterator[Ask]:
    with contextlib.ExitStack() as used:

        def ask(path: str, method: str = "POST", body: str = "hello") -> http.client.HTTPResponse:
            connection = http.client.HTTPConnection(*receiver.server_address, timeout=10)
            used.enter_context(contextlib.closing(connection))
            connection.request(method, path, body, {"X-Sent": "yes"})
            return used.enter_context(contextlib.closing(connection.getresponse()))

        yield ask


def test_what_comes_is_kept_and_shown(ask: Ask):
    ask("/status/503")
    shown = json.loads(ask("/received", "GET", "").read())

    (received,) = shown
    assert (received["method"], received["path"], received["body"]) == ("POST", "/status/503", "hello")
    assert received["headers"]["X-Sent"] == "yes"


@pytest.mark.parametrize(("path", "status"), [("/accepted", 200), ("/status/503", 503), ("/status/204", 204)])
def test_a_status_is_answered_as_asked(ask: Ask, path: str, status: int):
    assert ask(path).status == status


@pytest.mark.parametrize("path", ["/status/many", "/status/", "/slow/-1", "/huge/1e9"])
def test_a_way_that_needs_a_number_says_so(ask: Ask, path: str):
    assert ask(path).status == 400


def test_what_is_no_way_is_told_which_there_are(ask: Ask):
    answer = ask("/elsewhere")

    assert answer.status == 404
    assert json.loads(answer.read())["ways"] == sorted(WAYS)


def test_who_is_busy_says_for_how_long(ask: Ask):
    answer = ask("/busy/30")

    assert (answer.status, answer.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    ("path", "location"), [("/redirect", "/accepted"), ("/redirect/http://169.254.169.254/", "http://169.254.169.254/")]
)
def test_a_redirect_leads_where_it_is_told(ask: Ask, path: str, location: str):
    answer = ask(path)

    assert (answer.status, answer.headers["Location"]) == (302, location)


def test_a_large_answer_is_as_large_as_asked(ask: Ask):
    assert len(ask("/huge/2").read()) == 2 * 1024 * 1024


def test_an_answer_that_is_cut_is_shorter_than_it_says(ask: Ask):
    with pytest.raises(http.client.IncompleteRead):
        ask("/cut").read()


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/close", http.client.RemoteDisconnected),
        ("/reset", ConnectionResetError),
        ("/garbage", http.client.BadStatusLine),
    ],
)
def test_a_connection_ends_after_the_request_was_read(
    receiver: Receiver, ask: Ask, path: str, failure: type[Exception]
):
    with pytest.raises(failure):
        ask(path)

    assert [each.body for each in receiver.received] == ["hello"]


def test_what_hangs_has_read_the_request_and_lets_go_at_the_end(receiver: Receiver):
    with socket.create_connection(receiver.server_address, timeout=10) as connection:
        connection.sendall(b"POST /hang HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)

    assert [each.body for each in receiver.received] == ["hello"]


def test_slow_and_dripping_answers_come_at_last(ask: Ask):
    slow, dripping = ask("/slow/0.01"), ask("/drip/0.01")

    assert (slow.status, dripping.read(3)) == (200, b"...")


def test_a_certificate_is_presented_however_bad_it_is(tmp_path: Path):
    expired = certificate(tmp_path / "both.pem", names=["other.example.com"], ends=NOW - timedelta(days=1))
    receiver = Receiver()
    receiver.present(expired)
    with running(receiver):
        connection = http.client.HTTPSConnection(*receiver.server_address, timeout=10)
        with contextlib.closing(connection), pytest.raises(ssl.SSLCertVerificationError):
            connection.request("POST", "/accepted")


def test_the_command_says_where_it_is_and_what_came():
    command = [sys.executable, "-m", "examples.receiver", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(len(WAYS) + 1)]
        port = urlsplit(lines[0].split()[0]).port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/accepted", "hello")
        connection.getresponse().read()
        connection.close()
        said = process.stdout.readline()
        process.terminate()

    assert [line.split()[0].rpartition("/")[2] for line in lines] == [*WAYS, "received"]
    assert said == "POST /accepted 5 characters\n"
