"""The way out: no address of ours, whatever it is called, is ever connected to, and nothing takes longer than 15 s."""

import socket
import threading
from typing import Any

import pytest

from shared.egress import client, destination
from shared.egress.client import Limits, NotAnswered, Reply, Request
from tests.shared.egress.listeners import Listening
from tests.shared.egress.tricks import PUBLIC_ADDRESSES, REFUSED_ADDRESSES, REFUSED_URLS


def posted(url: str, *, allow_loopback: bool = False, seconds: float = 15.0) -> Reply:
    return client.ask(Request("POST", url, {}, b"{}"), Limits(seconds, 2048), allow_loopback=allow_loopback)


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
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        posted(url)

    assert connected == []


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_a_name_that_leads_there_is_never_connected_to(leads_to: Any, connected: list[str], address: str):
    leads_to(address)
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        posted("https://hooks.example.com/")

    assert connected == []


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_one_such_address_among_others_is_enough(leads_to: Any, connected: list[str], address: str):
    leads_to(f"8.8.8.8 {address}")
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        posted("https://hooks.example.com/")

    assert connected == []


def test_every_address_of_a_name_is_checked_also_those_that_would_not_be_tried(leads_to: Any, connected: list[str]):
    leads_to("1.1.1.1 8.8.8.8 9.9.9.9 93.184.215.14 8.8.4.4 10.0.0.1")
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        posted("https://hooks.example.com/")

    assert connected == []


def test_a_name_with_many_addresses_is_tried_at_four(leads_to: Any, connected: list[str]):
    leads_to("1.1.1.1 8.8.8.8 9.9.9.9 93.184.215.14 8.8.4.4 1.0.0.1")
    with pytest.raises(NotAnswered, match="connection_failed"):
        posted("https://hooks.example.com/")

    assert connected == ["1.1.1.1", "8.8.8.8", "9.9.9.9", "93.184.215.14"]


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_any_port_is_any_port_of_a_public_address(leads_to: Any, connected: list[str], address: str):
    request = Request("GET", "https://login.example.com:9443/", {})
    leads_to("8.8.8.8", address)
    with pytest.raises(NotAnswered, match="connection_failed"):
        client.ask(request, Limits(15.0, 2048), ports=None)
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        client.ask(request, Limits(15.0, 2048), ports=None)

    assert connected == ["8.8.8.8"]


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_connected_to(leads_to: Any, connected: list[str], address: str):
    leads_to(address)
    with pytest.raises(NotAnswered, match="connection_failed"):
        posted("https://hooks.example.com/")

    assert connected == [address]


def test_a_name_is_resolved_once_so_that_it_cannot_change_after_the_check(leads_to: Any, connected: list[str]):
    asked = leads_to("8.8.8.8", "127.0.0.1")
    with pytest.raises(NotAnswered, match="connection_failed"):
        posted("https://hooks.example.com/")

    assert asked == ["hooks.example.com"]
    assert connected == ["8.8.8.8"]


def test_a_name_that_becomes_ours_is_refused_from_then_on(leads_to: Any, connected: list[str]):
    leads_to("8.8.8.8", "169.254.169.254")
    reasons = []
    for _ in range(2):
        with pytest.raises(NotAnswered) as refusal:
            posted("https://hooks.example.com/")
        reasons.append(refusal.value.reason)

    assert reasons == ["connection_failed", "address_not_allowed"]
    assert connected == ["8.8.8.8"]


def test_the_next_address_is_tried_when_the_first_does_not_answer(leads_to: Any, connected: list[str]):
    leads_to("2606:4700:4700::1111 1.1.1.1")
    with pytest.raises(NotAnswered, match="connection_failed"):
        posted("https://hooks.example.com/")

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
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        posted(url.format(port=listening.port))

    assert listening.connections == 0


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://10.0.0.1/", "http://0.0.0.0:{port}/", "http://127.1:{port}/"]
)
def test_a_laptop_that_allows_itself_allows_nothing_else(listening: Listening, url: str):
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        posted(url.format(port=listening.port), allow_loopback=True)

    assert listening.connections == 0


def test_localhost_that_leads_elsewhere_is_refused(leads_to: Any, connected: list[str]):
    leads_to("10.0.0.1")
    with pytest.raises(NotAnswered, match="address_not_allowed"):
        posted("http://localhost/", allow_loopback=True)

    assert connected == []


def test_a_name_that_nobody_knows_is_told_so(monkeypatch: pytest.MonkeyPatch):
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NotAnswered, match="name_not_found"):
        posted("https://hooks.example.com/")


def test_a_resolver_that_does_not_answer_is_left_behind(monkeypatch: pytest.MonkeyPatch):
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(10) and [])
    with pytest.raises(NotAnswered, match="timed_out"):
        posted("https://hooks.example.com/", seconds=0.2)

    assert not answered.is_set()
    answered.set()
