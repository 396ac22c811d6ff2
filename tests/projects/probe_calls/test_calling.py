"""One call: what is sent, and what fails for which reason."""

from typing import Any

import pytest

from functions.projects.probe_calls import calling
from functions.projects.probes.calls import Call
from shared.egress.client import Limits
from tests.projects.probe_calls.addresses import SECRET, Address
from tests.shared.egress.listeners import Listening, answering
from tests.shared.egress.tricks import REFUSED_URLS

LARGEST = 64 * 1024


def call(url: str, **more: Any) -> Call:
    given = {"method": "GET", "pointer": "/state", "comparison": "eq", "expected": '"passed"', "set_by": "user_x"}
    return Call(**{**given, "url": url, "if_true": "on_track", "if_false": "at_risk", **more})


def failure(url: str, **more: Any) -> str | None:
    result = calling.make(call(url, **more), secret=None)
    assert result.sent is None or result.called.failure is None
    return result.called.failure


def document(size: int) -> bytes:
    """Return an answer of so many bytes."""
    return b'{"state": "passed", "filling": "' + b"x" * (size - 34) + b'"}'


def test_headers_secret_and_body_go_with_the_call(address: Address):
    headers = [{"name": "X-Team", "value": "wheels"}, {"name": "Accept", "value": "application/vnd.ci+json"}]
    asked = call(address.url, method="POST", body='{"a": 1}', headers=headers, secret_header="X-Key")
    result = calling.make(asked, secret=SECRET)
    ((method, path, sent, body),) = address.asked

    assert (method, path, body) == ("POST", "/state?token=in-the-query", b'{"a": 1}')
    assert (sent["X-Team"], sent["X-Key"], sent["Accept"]) == ("wheels", SECRET, "application/vnd.ci+json")
    assert (sent["Content-Type"], sent["User-Agent"]) == ("application/json", "Milepost-Probes/1")
    assert result.sent is not None
    assert (result.called.status, result.called.found, result.called.is_true) == (200, '"passed"', True)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (301, b'{"state": "passed"}', "redirected"),
        (302, b"", "redirected"),
        (307, b'{"state": "passed"}', "redirected"),
        (401, b'{"state": "passed"}', "status_not_success"),
        (404, b"", "status_not_success"),
        (500, b'{"state": "passed"}', "status_not_success"),
        (503, b"", "status_not_success"),
        (200, b"", "not_json"),
        (200, b"<html></html>", "not_json"),
        (200, b'{"state": NaN}', "not_json"),
        (200, b'{"state": "\\ud800"}', "not_json"),
        (200, b'{"status": "passed"}', "nothing_there"),
        (200, document(LARGEST), None),
        (200, document(LARGEST + 1), "answer_too_long"),
    ],
)
def test_what_cannot_be_compared_has_a_reason(status: int, body: bytes, reason: str | None, address: Address):
    address.status, address.body, address.headers = status, body, {"Location": f"http://127.0.0.1:{address.port}/other"}

    assert failure(address.url) == reason
    assert len(address.asked) == 1


@pytest.mark.parametrize(
    ("document", "percent"),
    [
        ({"percent": 40}, 40),
        ({"percent": 40.0}, 40),
        ({"percent": 0}, 0),
        ({"percent": 100}, 100),
        ({"percent": 101}, "progress_unusable"),
        ({"percent": -1}, "progress_unusable"),
        ({"percent": 40.5}, "progress_unusable"),
        ({"percent": "40"}, "progress_unusable"),
        ({"percent": True}, "progress_unusable"),
        ({"percent": None}, "progress_unusable"),
        ({}, "progress_unusable"),
    ],
)
def test_progress_is_a_whole_number_of_the_answer(document: dict[str, Any], percent: int | str, address: Address):
    address.says(state="passed", **document)
    result = calling.make(call(address.url, progress_pointer="/percent"), secret=None)

    assert percent == (result.called.failure if result.sent is None else result.sent.progress)


def test_an_address_that_repeats_the_secret_does_not_bring_it_out(address: Address):
    address.says(state=f"You sent {SECRET}, that is {SECRET[7:]}!", number=5)
    found = calling.make(call(address.url), secret=SECRET).called.found
    number = calling.make(call(address.url, pointer="/number"), secret="Bearer 5").called.found

    assert (found, number) == ('"You sent [secret], that is [secret]!"', "[secret]")


def test_no_more_is_kept_of_what_was_compared_than_a_line(address: Address):
    address.says(state="x" * 5000, many=[1] * 500, map={"a": 1})
    found = [
        calling.make(call(address.url, pointer=each), secret=None).called.found for each in ("/state", "/many", "/map")
    ]

    assert found == [f'"{"x" * 198}…', "[500 items]", "{1 members}"]


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_an_address_that_is_none_of_the_internet_is_not_called(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "false")

    assert failure(url) == "address_not_allowed"


def test_a_name_that_leads_to_this_machine_is_not_called(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "false")
    listening = Listening()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", listening.port))])
    refused = failure("https://ci.example.com/")
    listening.close()

    assert (refused, listening.connections) == ("address_not_allowed", 0)


def test_an_answer_that_drips_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calling, "LIMITS", Limits(seconds=0.4, max_bytes=LARGEST))
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"
    with answering(head, pause=0.02, endless=b" ") as url:
        assert failure(url) == "timed_out"


def test_where_nobody_listens_is_said():
    gone = Listening()
    gone.close()

    assert failure(f"http://127.0.0.1:{gone.port}/") == "connection_failed"
