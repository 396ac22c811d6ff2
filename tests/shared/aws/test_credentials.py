"""Where credentials come from, and what becomes of them when they end."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Lock, Thread

import pytest
import time_machine

from shared.aws import credentials
from shared.aws.credentials import Credentials, NoCredentials
from tests.shared.aws.conftest import Connect
from tests.shared.aws.servers import answers, serving

GIVEN = {"AccessKeyId": "AK", "SecretAccessKey": "s", "Token": "t", "Expiration": "2099-01-01T00:00:00Z"}


class Container:
    """The endpoint of a container: hands out a key after the other, each for `lasts` seconds, unless it is away.

    What it says instead is `says`.
    """

    def __init__(self) -> None:
        self.lasts, self.given, self.tokens, self.is_away = 3600.0, 0, [], False
        self.says: bytes | None = None
        container = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                container.tokens.append((self.path, self.headers["Authorization"]))
                container.given += not container.is_away
                ends = datetime.fromtimestamp(time.time() + container.lasts, UTC).isoformat().replace("+00:00", "Z")
                key = {"AccessKeyId": f"AK{container.given}", "SecretAccessKey": "s", "Token": "t", "Expiration": ends}
                self.send_response(500 if container.is_away else 200)
                self.end_headers()
                self.wfile.write(json.dumps(key).encode() if container.says is None else container.says)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/creds?a=1"


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch):
    made = Container()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", made.url)
    monkeypatch.setattr(credentials, "_held", None)
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_those_of_the_environment_come_first(container: Container, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")

    assert credentials.current() == ("mine", "secret", "token")
    assert container.given == 0


def test_those_of_the_container_are_kept_until_shortly_before_they_end(container: Container):
    keys = [credentials.current().access_key_id for _ in range(3)]
    container.lasts = 299
    credentials.forget(credentials.current())
    short = [credentials.current().access_key_id for _ in range(2)]

    assert keys == ["AK1"] * 3
    assert short == ["AK2", "AK3"]


def test_the_container_is_shown_its_token(container: Container, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the environment")
    credentials.current()
    (tmp_path / "token").write_text("of a file\n")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
    credentials.forget(credentials.current())
    credentials.current()

    assert container.tokens == [("/creds?a=1", "of the environment"), ("/creds?a=1", "of a file")]


def test_old_ones_do_while_the_container_is_away(container: Container):
    container.lasts = 200
    first = credentials.current()
    container.is_away = True

    assert credentials.current() == first


def test_a_container_that_is_away_is_asked_every_half_minute_and_when_the_old_ones_end(container: Container):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as now:
        container.lasts = 200
        credentials.current()
        container.is_away = True
        asked = []
        for seconds in (0, 1, 28, 1, 1, 160, 8):
            now.shift(seconds)
            credentials.current()
            asked.append(len(container.tokens))
        now.shift(2)
        with pytest.raises(NoCredentials):
            credentials.current()
        container.is_away = False

        assert asked == [2, 2, 2, 3, 3, 4, 4]
        assert len(container.tokens) == 5
        assert credentials.current().access_key_id == "AK2"


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"[]",
        b"null",
        b"1",
        b'"text"',
        b"{}",
        b"not JSON",
        b"[" * 100_000,
        *[
            json.dumps({**GIVEN, **other}).encode()
            for other in (
                {"Expiration": None},
                {"Expiration": 1},
                {"Expiration": "tomorrow"},
                {"Expiration": "0001-01-01T00:00:00"},
                {"AccessKeyId": None},
                {"AccessKeyId": 1},
                {"AccessKeyId": "a\nb"},
                {"SecretAccessKey": None},
                {"SecretAccessKey": []},
                {"SecretAccessKey": "\ud800"},
                {"Token": 1},
                {"Token": "a\r\nx-injected: 1"},
                {"Token": "ä"},
            )
        ],
    ],
    ids=lambda says: repr(says[:120]),
)
def test_a_container_that_answers_something_else_gives_no_credentials(container: Container, says: bytes):
    container.says = says

    with pytest.raises(NoCredentials, match="the container"):
        credentials.current()


def test_what_a_container_answers_is_read(container: Container):
    container.says = json.dumps({**GIVEN, "Token": None}).encode()

    assert credentials.current() == ("AK", "s", None)


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
@pytest.mark.parametrize("value", ["a\r\nx-injected: 1", "a\n", "ä", "\udcff"])
def test_credentials_that_no_header_can_hold_are_none(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(name, value)
    with serving(answers(b"{}")) as server, pytest.raises(NoCredentials, match="no header may hold"):
        connect(server).call("GetItem", {})

    assert server.requests == []


def test_credentials_are_not_shown_in_full():
    shown = f"{Credentials('AK', 'hidden', 'hidden')!r} {Credentials('AK', 'hidden', 'hidden')}"

    assert shown == "Credentials(AK) Credentials(AK)"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://[fd00:ec2::23]/v1/credentials", ("fd00:ec2::23", 80)),
        ("http://[::1]:8080/v1", ("::1", 8080)),
        ("http://169.254.170.23/v1/credentials", ("169.254.170.23", 80)),
        ("https://[2001:db8::23]/v1", ("2001:db8::23", 443)),
    ],
)
def test_a_container_is_asked_where_its_address_says(
    container: Container, monkeypatch: pytest.MonkeyPatch, url: str, address: tuple[str, int]
):
    def connected(to: tuple[str, int], *_: object, **__: object) -> socket.socket:
        addresses.append(to)
        raise ConnectionRefusedError

    addresses: list[tuple[str, int]] = []
    monkeypatch.setattr(socket, "create_connection", connected)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
    with pytest.raises(NoCredentials):
        credentials.current()

    assert addresses == [address]


def test_credentials_that_were_renewed_meanwhile_are_not_forgotten(container: Container):
    refused = credentials.current()
    credentials.forget(refused)
    renewed = credentials.current()
    credentials.forget(refused)

    assert credentials.current() == renewed
    assert container.given == 2


def test_threads_that_need_credentials_at_once_ask_once(container: Container, monkeypatch: pytest.MonkeyPatch):
    class Gate:
        """A lock that nobody gets before all have found that there are no credentials."""

        def __enter__(self) -> None:
            all_are_here.wait(10)
            lock.acquire()

        def __exit__(self, *_: object) -> None:
            lock.release()

    all_are_here, lock = Barrier(4), Lock()
    monkeypatch.setattr(credentials, "_lock", Gate())
    with ThreadPoolExecutor(4) as threads:
        keys = list(threads.map(lambda _: credentials.current().access_key_id, range(4)))

    assert keys == ["AK1"] * 4


def test_none_at_all_is_said(container: Container, monkeypatch: pytest.MonkeyPatch):
    container.is_away = True
    with pytest.raises(NoCredentials, match="the container"):
        credentials.current()
    monkeypatch.delenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    with pytest.raises(NoCredentials, match="neither"):
        credentials.current()


@pytest.mark.parametrize("url", ["http://192.0.2.1/creds", "http://metadata.example/creds"])
def test_a_container_elsewhere_is_not_asked_in_the_clear(container: Container, monkeypatch, url: str):
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)

    with pytest.raises(NoCredentials, match="over HTTPS only"):
        credentials.current()


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException"])
def test_expired_ones_are_fetched_anew_and_the_call_repeated(container: Container, connect: Connect, code: str):
    expired = answers(json.dumps({"__type": f"x#{code}"}).encode(), status="400 Bad Request")
    with serving(expired, answers(b"{}")) as server:
        connect(server).call("GetItem", {})
    keys = [request.partition(b"Credential=")[2][:3] for request in server.requests]

    assert keys == [b"AK1", b"AK2"]


def test_expired_ones_of_the_environment_are_refused_at_once(connect: Connect):
    expired = answers(b'{"__type": "x#ExpiredTokenException"}', status="400 Bad Request")
    with serving(expired) as server, pytest.raises(Exception, match="ExpiredTokenException"):
        connect(server).call("GetItem", {})

    assert len(server.requests) == 1


def test_credentials_that_change_in_the_environment_sign_the_next_call(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    with serving(answers(b"{}")) as server:
        made = connect(server)
        for key in ("FIRST", "SECOND"):
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
            made.call("GetItem", {})

    assert [request.partition(b"Credential=")[2].partition(b"/")[0] for request in server.requests] == [
        b"FIRST",
        b"SECOND",
    ]


@pytest.mark.parametrize(("secret", "key"), [(None, "key"), ("", "key"), ("secret", None)])
def test_without_credentials_nothing_is_sent(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, secret: str | None, key: str | None
):
    for name, value in (("AWS_SECRET_ACCESS_KEY", secret), ("AWS_ACCESS_KEY_ID", key)):
        monkeypatch.setenv(name, value) if value is not None else monkeypatch.delenv(name)
    with serving(answers(b"{}")) as server, pytest.raises(NoCredentials):
        connect(server).call("GetItem", {})

    assert server.requests == []
