"""Chat: what each service is sent, and what its answers mean."""

import json
import socket

import pytest

from examples.receiver.server import Receiver
from shared.sending import chat
from shared.sending.answers import Answer
from shared.sending.chat import Kind


def said(provider: Receiver, kind: Kind, text: str) -> object:
    assert chat.send(text, kind=kind, url=f"{provider.url}/accepted", allow_loopback=True) == Answer("accepted")
    (received,) = provider.received
    return json.loads(received.body)


def sent_to(url: str) -> Answer:
    return chat.send("Overdue", kind="slack", url=url, allow_loopback=True)


def test_slack_is_sent_text_that_calls_nobody(provider: Receiver):
    assert said(provider, "slack", "<!channel> & co") == {"text": "&lt;!channel&gt; &amp; co"}


def test_discord_is_sent_text_that_calls_nobody(provider: Receiver):
    assert said(provider, "discord", "@everyone") == {"content": "@everyone", "allowed_mentions": {"parse": []}}


def test_teams_is_sent_a_card(provider: Receiver):
    body = said(provider, "teams", "Overdue")

    assert isinstance(body, dict)
    ((block,),) = (each["content"]["body"] for each in body["attachments"])
    assert (body["type"], block) == ("message", {"type": "TextBlock", "text": "Overdue", "wrap": True})


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("/status/204", Answer("accepted")),
        ("/status/202", Answer("accepted")),
        ("/status/400", Answer("refused", "400")),
        ("/status/403", Answer("refused", "403")),
        ("/status/404", Answer("refused", "404")),
        ("/status/410", Answer("refused", "410")),
        ("/redirect", Answer("refused", "302")),
        ("/busy/30", Answer("retry", "429", retry_after_seconds=30)),
        ("/status/429", Answer("retry", "429")),
        ("/status/503", Answer("retry", "503")),
        ("/status/500", Answer("ambiguous", "500")),
        ("/close", Answer("ambiguous", "connection_failed")),
        ("/reset", Answer("ambiguous", "connection_failed")),
        ("/garbage", Answer("ambiguous", "answer_unreadable")),
        ("/huge/1", Answer("accepted")),
        ("/cut", Answer("accepted")),
    ],
)
def test_an_answer_has_a_class_and_comes_of_one_request(provider: Receiver, way: str, expected: Answer):
    answer = sent_to(provider.url + way)

    assert len(provider.received) == 1
    assert answer == expected


def test_an_answer_that_does_not_come_leaves_it_open_whether_it_was_taken(
    provider: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chat, "_LIMITS", chat._LIMITS._replace(seconds=0.3))
    answer = sent_to(f"{provider.url}/hang")

    assert len(provider.received) == 1
    assert answer == Answer("ambiguous", "timed_out")


def test_where_nobody_listens_nothing_was_taken():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    assert sent_to(f"http://127.0.0.1:{port}/") == Answer("retry", "connection_failed")


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest/", "https://10.0.0.1/", "ftp://hooks.example.com/"])
def test_an_address_inside_is_refused_without_a_request(url: str):
    assert sent_to(url) == Answer("refused", "address_not_allowed")


def test_this_machine_is_refused_on_aws(provider: Receiver):
    answer = chat.send("Overdue", kind="slack", url=f"{provider.url}/accepted")

    assert (answer, len(provider.received)) == (Answer("refused", "address_not_allowed"), 0)


@pytest.mark.parametrize(("kind", "most"), [("slack", 40_000), ("teams", 20_000), ("discord", 2_000)])
def test_a_text_that_is_too_long_is_refused_without_a_request(provider: Receiver, kind: Kind, most: int):
    answer = chat.send("x" * (most + 1), kind=kind, url=f"{provider.url}/accepted", allow_loopback=True)

    assert (answer, len(provider.received)) == (Answer("refused", "text_too_long"), 0)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30", 30), ("0.3", 1), ("-1", 0), ("soon", None), ("inf", None), ("nan", None), (None, None)]
)
def test_a_pause_that_is_asked_for_is_read_as_whole_seconds(text: str | None, seconds: int | None):
    assert chat._seconds(text) == seconds
