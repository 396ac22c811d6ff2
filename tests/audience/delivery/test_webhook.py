"""The generic provider: what it is sent, and what its answers mean."""

import json
import socket

import pytest
from standardwebhooks import Webhook

from examples.receiver.server import Receiver
from functions.audience.delivery import posting, providers, senders
from functions.audience.delivery.providers import ReceiptSecret
from shared.egress import signature
from shared.egress.client import Limits
from shared.sending.answers import Answer
from tests.audience.delivery.having import AT, message, provider

pytestmark = pytest.mark.usefixtures("pepper")


def sent(url: str) -> Answer:
    made, _ = provider(settings={"url": url})
    return senders.send(made, message())


def test_a_message_is_sent_as_json_that_the_secret_has_signed(receiver: Receiver):
    made, secret = provider(settings={"url": f"{receiver.url}/accepted"})
    letter = message(subject="On its way", html="<p>On its way</p>", headers={"List-Id": "<news.example.org>"})

    assert senders.send(made, letter) == Answer("accepted")
    (received,) = receiver.received
    headers = {name.lower(): value for name, value in received.headers.items()}
    assert headers["webhook-id"] == letter.send_id
    assert Webhook(secret).verify(received.body, headers) == {"type": "message", **letter._asdict()}


def test_after_a_rotation_both_secrets_sign(receiver: Receiver):
    made, new = provider(settings={"url": f"{receiver.url}/accepted"})
    before = signature.new_secret()
    older = ReceiptSecret("secret_1", providers.sealed(made.provider_id, before), AT, 2**52)
    senders.send(made._replace(receipt_secrets=[*made.receipt_secrets, older]), message())

    (received,) = receiver.received
    for secret in (new, before):
        assert Webhook(secret).verify(received.body, {name.lower(): each for name, each in received.headers.items()})


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("/status/200", Answer("accepted")),
        ("/status/202", Answer("accepted")),
        ("/status/204", Answer("accepted")),
        ("/huge/1", Answer("accepted")),
        ("/cut", Answer("accepted")),
        ("/redirect", Answer("account", "302")),
        ("/status/400", Answer("refused", "400")),
        ("/status/401", Answer("account", "401")),
        ("/status/402", Answer("account", "402")),
        ("/status/403", Answer("account", "403")),
        ("/status/404", Answer("refused", "404")),
        ("/status/408", Answer("ambiguous", "408")),
        ("/status/409", Answer("refused", "409")),
        ("/status/410", Answer("refused", "410")),
        ("/status/422", Answer("refused", "422")),
        ("/status/425", Answer("retry", "425")),
        ("/status/429", Answer("retry", "429")),
        ("/busy/30", Answer("retry", "429", retry_after_seconds=30)),
        ("/status/503", Answer("retry", "503")),
        ("/status/500", Answer("ambiguous", "500")),
        ("/status/502", Answer("ambiguous", "502")),
        ("/status/504", Answer("ambiguous", "504")),
        ("/close", Answer("ambiguous", "connection_failed")),
        ("/reset", Answer("ambiguous", "connection_failed")),
        ("/garbage", Answer("ambiguous", "answer_unreadable")),
    ],
)
def test_an_answer_means_what_the_table_says(receiver: Receiver, way: str, expected: Answer):
    assert sent(receiver.url + way) == expected
    assert len(receiver.received) == 1


def test_an_answer_that_does_not_come_leaves_it_open_whether_it_was_taken(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(posting, "_LIMITS", Limits(0.2, 1024))

    assert sent(f"{receiver.url}/hang") == Answer("ambiguous", "timed_out")
    assert len(receiver.received) == 1


@pytest.mark.usefixtures("receiver")
def test_where_nobody_listens_nothing_was_taken():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    assert sent(f"http://127.0.0.1:{port}/") == Answer("retry", "connection_failed")


@pytest.mark.parametrize("url", ["http://example.com/", "https://10.0.0.1/", "https://localhost/"])
def test_an_address_that_is_not_allowed_is_about_the_account(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "false")

    assert sent(url) == Answer("account", "address_not_allowed")


def test_neither_text_nor_address_is_logged(receiver: Receiver, capfd: pytest.CaptureFixture[str]):
    for way in ("/accepted", "/status/500", "/reset", "/status/401"):
        sent(receiver.url + way)

    written = "".join(capfd.readouterr())
    assert json.loads(receiver.received[0].body)["to"] not in written
    assert json.loads(receiver.received[0].body)["text"] not in written
