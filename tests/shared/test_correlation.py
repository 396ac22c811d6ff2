"""What a request is known by: its id, and a trace that is carried on only if the W3C's grammar allows it."""

import re

import pytest

from shared import correlation
from shared.correlation import Correlation

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
VALID = f"00-{TRACE}-{PARENT}-01"
MADE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00")


@pytest.fixture(autouse=True)
def _untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("_X_AMZN_TRACE_ID", raising=False)


def handed_on(sent: str | None = None) -> str:
    """Return the trace that an event or a message would name."""
    token = correlation.enter(correlation.new("request-1", traceparent=sent))
    first, second = correlation.current(), correlation.current()
    correlation.leave(token)
    assert first is not None
    assert first == second
    return first.traceparent


def test_a_valid_traceparent_is_carried_on():
    assert correlation.new("request-1", traceparent=VALID) == Correlation("request-1", VALID)


@pytest.mark.parametrize(
    ("sent", "carried"),
    [
        (f"00-{TRACE}-{PARENT}-00", f"00-{TRACE}-{PARENT}-00"),
        # Sampled and random have a meaning; what the other flags will mean nobody knows yet.
        (f"00-{TRACE}-{PARENT}-ff", f"00-{TRACE}-{PARENT}-03"),
        (f"00-{TRACE}-{PARENT}-08", f"00-{TRACE}-{PARENT}-00"),
        # A later version begins as this one does.
        (f"cc-{TRACE}-{PARENT}-01", VALID),
        (f"cc-{TRACE}-{PARENT}-01-what-the-future-brings", VALID),
    ],
)
def test_what_is_known_of_it_is_carried_on(sent: str, carried: str):
    assert handed_on(sent) == carried


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "nonsense",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE[:-1]}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}0-01",
        f"00-{TRACE}-{PARENT}-1",
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE}-{PARENT}-01-more",
        f"cc-{TRACE}-{PARENT}-01more",
        f" {VALID}",
        f"{VALID}\n",
        f"{VALID},{VALID}",
        VALID.replace("0", "\N{FULLWIDTH DIGIT ZERO}"),
    ],
)
def test_one_that_breaks_the_grammar_is_ignored(sent: str):
    made = handed_on(sent)

    assert MADE.fullmatch(made)
    assert TRACE not in made


def test_without_one_the_trace_is_that_of_xray(monkeypatch: pytest.MonkeyPatch):
    header = f"Root=1-{TRACE[:8]}-{TRACE[8:]};Parent={PARENT};Sampled=1;Lineage=1:fc3b4ff1:0"
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)

    assert handed_on() == VALID
    assert handed_on("nonsense") == VALID


@pytest.mark.parametrize("header", ["", "Root=1-5759e988", f"Root=1-{TRACE[:8]}-{TRACE[8:]}", "a;b=c", "Self=1;Root="])
def test_without_a_whole_one_the_trace_is_a_new_one(header: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)

    first, second = handed_on(), handed_on()

    assert MADE.fullmatch(first)
    assert first != second


def test_one_is_made_when_something_needs_it_and_not_before():
    token = correlation.enter(correlation.new("request-1"))
    before = correlation.known()
    needed = correlation.current()
    after = correlation.known()
    correlation.leave(token)

    assert before == Correlation("request-1")
    assert after == needed != before
    assert correlation.known() is None


def test_xray_is_told_the_trace_but_not_whether_to_record_it():
    assert correlation.xray_header(VALID) == f"Root=1-{TRACE[:8]}-{TRACE[8:]};Parent={PARENT}"


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "request-1",
        {},
        {"request_id": "request-1"},
        {"request_id": "request-1", "traceparent": "nonsense"},
        {"request_id": "request-1", "traceparent": None},
        {"request_id": "", "traceparent": VALID},
        {"request_id": "two words", "traceparent": VALID},
        {"request_id": "r" * 129, "traceparent": VALID},
        {"request_id": "request\ud800", "traceparent": VALID},
        {"request_id": 1, "traceparent": VALID},
    ],
)
def test_what_is_no_correlation_is_none(stored: object):
    assert correlation.read(stored) is None


def test_what_is_stored_is_read_again():
    known = correlation.new("Hs7dXhQ4joEEMbg=", traceparent=VALID)

    assert correlation.read(known._asdict()) == known
