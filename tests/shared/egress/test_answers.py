"""What others answer: slow, endless, none, or leading elsewhere. Nothing takes longer, or more, than it may."""

import pytest

from shared.egress import client
from shared.egress.client import Limits, NotAnswered, Reply, Request
from tests.shared.egress.listeners import Listening, answering, hesitating


def sent(url: str, *, seconds: float = 15.0, max_bytes: int = 2048) -> Reply:
    return client.ask(Request("POST", url, {}, b"{}"), Limits(seconds, max_bytes), allow_loopback=True)


def test_a_head_that_drips_ends_with_the_time():
    with (
        answering(b"HTTP/1.1 200 OK\r\nX: ", pause=0.05, endless=b"a") as url,
        pytest.raises(NotAnswered, match="timed_out"),
    ):
        sent(url, seconds=0.5)


def test_a_body_that_drips_is_not_waited_for_longer():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    with answering(head, pause=0.05, endless=b"a") as url:
        reply = sent(url, seconds=0.5)

    assert (reply.status, reply.cut) == (200, "timed_out")
    assert set(reply.body) == set(b"a")


def test_a_server_that_says_nothing_ends_with_the_time():
    with answering(b"", pause=5) as url, pytest.raises(NotAnswered, match="timed_out"):
        sent(url, seconds=0.3)


def test_of_a_long_answer_as_much_is_kept_as_was_asked_for():
    head = b"HTTP/1.1 500 Oh\r\nContent-Length: 1000000\r\n\r\n"
    with answering(head, b"x" * 1_000_000) as url:
        reply = sent(url)

    assert (reply.status, reply.body, reply.cut) == (500, b"x" * 2048, "answer_too_long")


def test_a_head_without_end_is_not_read_to_its_end():
    with (
        answering(b"HTTP/1.1 200 OK\r\n", endless=b"X-Long: " + b"a" * 1000 + b"\r\n") as url,
        pytest.raises(NotAnswered, match="answer_unreadable"),
    ):
        sent(url)


@pytest.mark.parametrize("answer", [b"not HTTP at all\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_http_is_told_so(answer: bytes):
    with answering(answer) as url, pytest.raises(NotAnswered, match="answer_unreadable"):
        sent(url)


def test_a_connection_that_is_closed_before_an_answer_is_told_so():
    with answering() as url, pytest.raises(NotAnswered, match="connection_failed"):
        sent(url)


@pytest.mark.parametrize("size", [0, 2047, 2048])
def test_an_answer_within_the_limit_is_whole(size: int):
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size, b"x" * size) as url:
        reply = sent(url)

    assert (reply.body, reply.cut) == (b"x" * size, None)


def test_an_answer_in_chunks_is_put_together():
    chunks = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    with answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks) as url:
        reply = sent(url)

    assert (reply.body, reply.cut) == (b"hello world", None)


def test_chunks_without_end_are_not_read_to_their_end():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with answering(head, endless=b"1;" + b"x" * 60_000 + b"\r\na\r\n") as url:
        reply = sent(url)

    assert reply.cut == "answer_unreadable"
    assert len(reply.body) <= 2


@pytest.mark.parametrize("frame", [b"Content-Length: 10", b"Transfer-Encoding: chunked"])
def test_an_answer_that_breaks_off_is_told_from_a_whole_one(frame: bytes):
    with answering(b"HTTP/1.1 200 OK\r\n%b\r\n\r\n" % frame, b"5\r\nhel") as url:
        reply = sent(url)

    assert reply.status == 200
    assert reply.cut in {"connection_failed", "answer_unreadable"}


def test_a_large_body_that_is_taken_by_and_by_ends_with_the_time():
    with hesitating() as url, pytest.raises(NotAnswered, match="timed_out"):
        client.ask(Request("POST", url, {}, b"x" * 50_000_000), Limits(0.5, 2048), allow_loopback=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Note", "one\r\nHost: internal"),
        ("X-Note", "one\nX-Other: two"),
        ("X-Note", "one\rtwo"),
        ("X-Note", "nul\x00"),
        ("X-Note", "\u560d\u560aX-Other: two"),
        ("X-Note", "caf\xe9"),
        ("X-Note\r\nX-Other", "one"),
        ("X Note", "one"),
        ("X-Note:", "one"),
        ("", "one"),
        ("Host", "internal"),
        ("host", "internal"),
        ("Content-Length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "keep-alive"),
    ],
)
def test_a_header_that_would_change_the_request_is_not_sent(listening: Listening, name: str, value: str):
    request = Request("POST", f"http://127.0.0.1:{listening.port}/", {name: value}, b"{}")
    with pytest.raises(NotAnswered, match="header_not_allowed"):
        client.ask(request, Limits(5.0, 2048), allow_loopback=True)

    assert listening.connections == 0


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
