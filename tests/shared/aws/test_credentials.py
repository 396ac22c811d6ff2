"""Where credentials come from, and what becomes of them when they end."""

import json
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shared.aws import credentials
from shared.aws.credentials import NoCredentials
from tests.shared.aws.conftest import Connect
from tests.shared.aws.servers import answers, serving


class Container:
    """The endpoint of a container: hands out a key after the other, each for `lasts` seconds, unless it is away."""

    def __init__(self) -> None:
        self.lasts, self.given, self.tokens, self.is_away = 3600.0, 0, [], False
        container = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                container.tokens.append((self.path, self.headers["Authorization"]))
                container.given += not container.is_away
                ends = datetime.fromtimestamp(time.time() + container.lasts, UTC).isoformat().replace("+00:00", "Z")
                key = {"AccessKeyId": f"AK{container.given}", "SecretAccessKey": "s", "Token": "t", "Expiration": ends}
                self.send_response(500 if container.is_away else 200)
                self.end_headers()
                self.wfile.write(json.dumps(key).encode())

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
    credentials.forget()
    yield made
    credentials.forget()
    made.server.shutdown()
    made.server.server_close()


def test_those_of_the_environment_come_first(container: Container, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")

    assert credentials.current() == ("mine", "secret", "token", None)
    assert container.given == 0


def test_those_of_the_container_are_kept_until_shortly_before_they_end(container: Container):
    keys = [credentials.current().access_key_id for _ in range(3)]
    container.lasts = 299
    credentials.forget()
    short = [credentials.current().access_key_id for _ in range(2)]

    assert keys == ["AK1"] * 3
    assert short == ["AK2", "AK3"]


def test_the_container_is_shown_its_token(container: Container, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the environment")
    credentials.current()
    (tmp_path / "token").write_text("of a file\n")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
    credentials.forget()
    credentials.current()

    assert container.tokens == [("/creds?a=1", "of the environment"), ("/creds?a=1", "of a file")]


def test_old_ones_do_while_the_container_is_away(container: Container):
    container.lasts = 200
    first = credentials.current()
    container.is_away = True

    assert credentials.current() == first


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


def test_expired_ones_are_fetched_anew_and_the_call_repeated(container: Container, connect: Connect):
    expired = answers(b'{"__type": "x#ExpiredTokenException"}', status="400 Bad Request")
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
