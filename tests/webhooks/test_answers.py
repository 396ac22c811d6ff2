"""What endpoints answer: slow, endless, none, or leading elsewhere. Nothing takes longer, or more, than it may."""

import pytest

from functions.webhooks import egress
from functions.webhooks.egress import NotDelivered
from tests.webhooks.listeners import Listening, answering


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
