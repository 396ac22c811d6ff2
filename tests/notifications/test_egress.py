"""The way out: no address of ours, whatever it is called, is ever connected to, and nothing takes longer than 15 s."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from functions.notifications import destination, egress
from functions.notifications.egress import NotDelivered
from tests.notifications.people import Person

# Written in a URL: refused when an endpoint is made, and again when it is sent to.
REFUSED_URLS = [
    "http://hooks.example.com/",
    "ftp://hooks.example.com/",
    "file:///etc/passwd",
    "gopher://hooks.example.com/",
    "javascript:alert(1)",
    "//hooks.example.com/",
    "hooks.example.com",
    "https://",
    "https:///path",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://api.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.0.0.0x1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://8.8.8.8/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1%25eth0]/",
    "https://[2606:4700:4700::1111]/",
    "https://ada@hooks.example.com/",
    "https://ada:secret@hooks.example.com/",
    "https://hooks.example.com@127.0.0.1/",
    "https://hooks.example.com:secret@127.0.0.1/",
    "https://hooks.example.com:80/",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:6379/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:99999/",
    "https://hooks.example.com:https/",
    "https://hooks.example.com/#fragment",
    "https://hooks.example.com\\@127.0.0.1/",
    "https://hooks.example.com /",
    "https://hooks.example.com/\r\nHost: internal",
    "https://hooks.example.com/\ttab",
    "https://hooks.example.com%2f@127.0.0.1/",
    "https://%6c%6f%63%61%6c%68%6f%73%74/",
    "https://hooks_example.com/",
    "https://-hooks.example.com/",
    "https://hooks..example.com/",
    "https://①②⑦.0.0.1/",
    "https://１２７.０.０.１/",  # noqa: RUF001 - fullwidth digits are the trick
    "https://ⓛocalhost/",
    "https://bücher.example/",
    "https://hooks.example.com。evil.example/",
    f"https://hooks.example.com/{'a' * 2048}",
    f"https://{'a' * 64}.example.com/",
]
# What a name may lead to: checked at the moment of the connection.
REFUSED_ADDRESSES = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC_ADDRESSES = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "192.0.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"]


class Listening:
    """A real listener on this machine that counts who connects."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.connections = 0
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def listening() -> Iterator[Listening]:
    listener = Listening()
    yield listener
    listener.close()


@pytest.fixture
def leads_to(monkeypatch: pytest.MonkeyPatch, listening: Listening) -> Any:
    """Let the system's resolver answer what the test says, and every connection go to the listener."""
    asked: list[str] = []

    def set_answers(*answers: str) -> list[str]:
        waiting = list(answers)

        def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
            asked.append(host)
            found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return [
                (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in found.split()
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return set_answers


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every address that a socket is asked to connect to, and refuse the connection."""
    tried: list[str] = []

    class Noting(socket.socket):
        def connect(self, address: Any) -> None:
            tried.append(address[0])
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "socket", Noting)
    return tried


def test_there_are_enough_tricks():
    assert len(REFUSED_URLS) >= 60
    assert len(REFUSED_ADDRESSES) >= 50


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_such_an_address_is_refused_and_never_connected_to(connected: list[str], url: str):
    with pytest.raises(ValueError, match="must "):
        destination.parse(url, allow_loopback=False)
    with pytest.raises(NotDelivered, match="address_not_allowed"):
        egress.post(url, b"{}", headers={}, allow_loopback=False)

    assert connected == []


def test_an_address_that_is_not_delivered_to_makes_no_endpoint(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "false")
    fields = [ada.post("", {"url": url}).fields for url in ("https://127.0.0.1/", "http://localhost:8000/")]
    made = ada.post("", {"url": "https://hooks.example.com/"}).body
    changed = ada.patch(f"/{made['endpoint_id']}", {"url": "https://[::1]/"})

    assert fields == [["url"], ["url"]]
    assert (changed.status, changed.fields) == (422, ["url"])


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_a_name_that_leads_there_is_never_connected_to(leads_to: Any, connected: list[str], address: str):
    leads_to(address)
    with pytest.raises(NotDelivered, match="address_not_allowed"):
        egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)

    assert connected == []


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_one_such_address_among_others_is_enough(leads_to: Any, connected: list[str], address: str):
    leads_to(f"8.8.8.8 {address}")
    with pytest.raises(NotDelivered, match="address_not_allowed"):
        egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)

    assert connected == []


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_connected_to(leads_to: Any, connected: list[str], address: str):
    leads_to(address)
    with pytest.raises(NotDelivered, match="connection_failed"):
        egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)

    assert connected == [address]


def test_a_name_is_resolved_once_so_that_it_cannot_change_after_the_check(leads_to: Any, connected: list[str]):
    asked = leads_to("8.8.8.8", "127.0.0.1")
    with pytest.raises(NotDelivered, match="connection_failed"):
        egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)

    assert asked == ["hooks.example.com"]
    assert connected == ["8.8.8.8"]


def test_a_name_that_becomes_ours_is_refused_from_then_on(leads_to: Any, connected: list[str]):
    leads_to("8.8.8.8", "169.254.169.254")
    reasons = []
    for _ in range(2):
        with pytest.raises(NotDelivered) as refusal:
            egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)
        reasons.append(refusal.value.reason)

    assert reasons == ["connection_failed", "address_not_allowed"]
    assert connected == ["8.8.8.8"]


def test_the_next_address_is_tried_when_the_first_does_not_answer(leads_to: Any, connected: list[str]):
    leads_to("2606:4700:4700::1111 1.1.1.1")
    with pytest.raises(NotDelivered, match="connection_failed"):
        egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)

    assert connected == ["2606:4700:4700::1111", "1.1.1.1"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
    ],
)
def test_a_listener_on_this_machine_hears_nothing(listening: Listening, url: str):
    with pytest.raises(NotDelivered, match="address_not_allowed"):
        egress.post(url.format(port=listening.port), b"{}", headers={}, allow_loopback=False)

    assert listening.connections == 0


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://10.0.0.1/", "http://0.0.0.0:{port}/", "http://127.1:{port}/"]
)
def test_a_laptop_that_allows_itself_allows_nothing_else(listening: Listening, url: str):
    with pytest.raises(NotDelivered, match="address_not_allowed"):
        egress.post(url.format(port=listening.port), b"{}", headers={}, allow_loopback=True)

    assert listening.connections == 0


def test_localhost_that_leads_elsewhere_is_refused(leads_to: Any, connected: list[str]):
    leads_to("10.0.0.1")
    with pytest.raises(NotDelivered, match="address_not_allowed"):
        egress.post("http://localhost/", b"{}", headers={}, allow_loopback=True)

    assert connected == []


def test_a_name_that_nobody_knows_is_told_so(monkeypatch: pytest.MonkeyPatch):
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NotDelivered, match="name_not_found"):
        egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)


def test_a_resolver_that_does_not_answer_is_left_behind(monkeypatch: pytest.MonkeyPatch):
    answered = threading.Event()
    monkeypatch.setattr(egress, "TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(10) and [])
    with pytest.raises(NotDelivered, match="timed_out"):
        egress.post("https://hooks.example.com/", b"{}", headers={}, allow_loopback=False)
    answered.set()

    assert not isinstance(threading.current_thread(), threading.Timer)


@contextlib.contextmanager
def answering(*parts: bytes, pause: float = 0.0, endless: bytes = b"") -> Iterator[str]:
    """Give the block the address of a server that sends these parts with pauses, and then the last for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            for part in parts:
                connection.sendall(part)
                done.wait(pause)
            while endless and not done.is_set():
                connection.sendall(endless)
                done.wait(pause)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        done.set()
        thread.join()
        server.close()


def sent(url: str) -> egress.Reply:
    return egress.post(url, b"{}", headers={}, allow_loopback=True)


def test_a_head_that_drips_ends_with_the_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(egress, "TIMEOUT_SECONDS", 0.5)
    with (
        answering(b"HTTP/1.1 200 OK\r\nX: ", pause=0.05, endless=b"a") as url,
        pytest.raises(NotDelivered, match="timed_out"),
    ):
        sent(url)


def test_a_body_that_drips_is_not_waited_for_longer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(egress, "TIMEOUT_SECONDS", 0.5)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    with answering(head, pause=0.05, endless=b"a") as url:
        reply = sent(url)

    assert (reply.status, reply.body) == (200, "")


def test_a_server_that_says_nothing_ends_with_the_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(egress, "TIMEOUT_SECONDS", 0.3)
    with answering(b"", pause=5) as url, pytest.raises(NotDelivered, match="timed_out"):
        sent(url)


def test_of_a_long_answer_two_kilobytes_are_kept():
    head = b"HTTP/1.1 500 Oh\r\nContent-Length: 1000000\r\n\r\n"
    with answering(head, b"x" * 1_000_000) as url:
        reply = sent(url)

    assert (reply.status, reply.body) == (500, "x" * 2048)


def test_a_head_without_end_is_not_read_to_its_end():
    with (
        answering(b"HTTP/1.1 200 OK\r\n", endless=b"X-Long: " + b"a" * 1000 + b"\r\n") as url,
        pytest.raises(NotDelivered, match="answer_unreadable"),
    ):
        sent(url)


@pytest.mark.parametrize("answer", [b"not HTTP at all\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_http_is_told_so(answer: bytes):
    with answering(answer) as url, pytest.raises(NotDelivered, match="answer_unreadable"):
        sent(url)


def test_a_connection_that_is_closed_before_an_answer_is_told_so():
    with answering() as url, pytest.raises(NotDelivered, match="connection_failed"):
        sent(url)


def test_an_answer_that_is_no_text_is_kept_as_far_as_it_is():
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xffok") as url:
        assert sent(url).body == "\ufffdok"


def test_a_redirect_is_not_followed(listening: Listening):
    head = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{listening.port}/\r\nContent-Length: 0\r\n\r\n"
    with answering(head.encode()) as url:
        assert sent(url).status == 302

    assert listening.connections == 0


def test_a_proxy_of_the_environment_is_not_used(listening: Listening, monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listening.port}")
    with answering(b"HTTP/1.1 204 No Content\r\n\r\n") as url:
        assert sent(url).status == 204

    assert listening.connections == 0
