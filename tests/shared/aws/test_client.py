"""What a client makes of everything that can happen between it and a service."""

import json
import select
import socket
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine

from shared.aws import credentials, retries, wire
from shared.aws.client import DYNAMODB, KMS, AwsRefused, Client, Limits, NoAnswer
from shared.aws.credentials import Credentials
from tests.shared.aws.conftest import Connect
from tests.shared.aws.servers import Act, Server, answers, closes, drips, echoes, is_silent, sends, serving

BODY = json.dumps({"Item": {"PK": {"S": "USER#ü"}}}).encode()
OK = answers(BODY)
BEGUN = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"


def refusal(code: str, status: str = "400 Bad Request", **more: object) -> Act:
    return answers(json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **more}).encode(), status=status)


def test_a_request_is_signed_and_its_answer_read(connect: Connect):
    with serving(OK) as server:
        answer = connect(server).call("GetItem", {"TableName": "milepost", "Key": {"PK": {"S": "ü"}}})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")

    assert answer == {"Item": {"PK": {"S": "USER#ü"}}}
    assert json.loads(body) == {"TableName": "milepost", "Key": {"PK": {"S": "ü"}}}
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    assert b"x-amz-target: DynamoDB_20120810.GetItem\r\n" in head
    assert b"authorization: AWS4-HMAC-SHA256 Credential=testing/" in head


def test_a_connection_is_kept(connect: Connect):
    with serving(OK) as server:
        made = connect(server)
        for _ in range(3):
            made.call("GetItem", {})

    assert (len(server.requests), server.connections) == (3, 1)


def test_a_connection_that_was_closed_meanwhile_is_not_used_again(connect: Connect):
    def answers_and_closes(sock, request):
        OK(sock, request)
        closes(sock, request)

    with serving(answers_and_closes, OK) as server:
        made = connect(server)
        made.call("GetItem", {})
        (kept,) = wire._idle.values()
        closed, _, _ = select.select([kept[0].sock], [], [], 5)
        assert closed
        # Tried once: what is written to a closed connection is lost, and told.
        Client(DYNAMODB, Limits(1, 1), tries=1).call("GetItem", {})

    assert (len(server.requests), server.connections) == (2, 2)


def test_a_connection_that_says_it_closes_is_not_kept(connect: Connect):
    with serving(answers(BODY, connection="close"), OK) as server:
        made = connect(server)
        made.call("GetItem", {})
        made.call("GetItem", {})

    assert server.connections == 2


def test_a_connection_that_rested_for_an_hour_is_not_used_again(connect: Connect):
    with serving(OK) as server:
        made = connect(server)
        with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as now:
            made.call("GetItem", {})
            now.shift(3600)
            made.call("GetItem", {})

    assert (len(server.requests), server.connections) == (2, 2)


@pytest.mark.parametrize("token", ["a\r\nx-injected: 1", "a\nb", "a\x00b", "ä"])
def test_a_header_that_would_become_two_is_not_sent(connect: Connect, monkeypatch: pytest.MonkeyPatch, token: str):
    with serving(OK) as server:
        made = connect(server)
        monkeypatch.setattr(credentials, "current", lambda: Credentials("key", "secret", token))
        with pytest.raises(ValueError, match="a header holds"):
            made.call("GetItem", {})

    assert server.requests == []


@pytest.mark.parametrize(
    "act",
    [
        closes,
        sends(b""),
        sends(b"HTTP/1.1 200 OK\r\ncontent-le"),
        sends(BEGUN),
        sends(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"),
        sends(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{}"),
        sends(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"),
        sends(b"HTTP/1.1 200 OK\r\n\r\n{}"),
        sends(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
        sends(b"not HTTP at all\r\n\r\n"),
        sends(b"HTTP/1.1 200 OK\r\ncontent-length: nonsense\r\n\r\n{}"),
        sends(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
        sends(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n"),
        sends(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000 + b"\r\n\r\n"),
        answers(b"<html>no</html>"),
        answers(b"[]"),
        answers(b"null"),
        answers(b'{"Item": \xff}'),
        answers(b'{"Item": {'),
        answers(b'{"M":' * 100_000),
        answers(BODY, x_amz_crc32="1"),
        answers(BODY, x_amz_crc32="nonsense"),
        answers(b"", status="502 Bad Gateway"),
        answers(b"<html>busy</html>", status="503 Service Unavailable"),
        refusal("InternalServerError", "500 Internal Server Error"),
    ],
)
def test_what_passes_is_tried_again_with_the_same_request(connect: Connect, act: Act):
    with serving(act, act, OK) as server:
        answer = connect(server).call("TransactWriteItems", {"ClientRequestToken": "once"})
    bodies = [request.partition(b"\r\n\r\n")[2] for request in server.requests]

    assert answer == json.loads(BODY)
    assert bodies == [b'{"ClientRequestToken":"once"}'] * 3


@pytest.mark.parametrize("act", [closes, sends(BEGUN), answers(b"<html>no</html>")])
def test_what_is_not_answered_three_times_is_said_to_be_uncertain(connect: Connect, act: Act):
    with serving(act) as server, pytest.raises(NoAnswer):
        connect(server).call("UpdateItem", {})

    assert len(server.requests) == retries.TRIES


def test_an_answer_that_does_not_come_is_given_up(connect: Connect, over: threading.Event):
    with serving(is_silent(over)) as server:
        made = connect(server)
        with pytest.raises(NoAnswer) as failure:
            made.call("GetItem", {})

    assert failure.value.timed_out
    assert len(server.requests) == retries.TRIES
    # Two retries, each of which costs twice what one costs that was answered.
    assert made._budget.left == retries.CAPACITY - 2 * 10


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", BEGUN, b"HTTP/1.1 200 OK\r\nx:"])
def test_an_answer_that_drips_is_given_up(connect: Connect, over: threading.Event, head: bytes):
    with serving(drips(head, over)) as server, pytest.raises(NoAnswer) as failure:
        connect(server).call("GetItem", {})

    assert failure.value.timed_out
    assert len(server.requests) == retries.TRIES


def test_an_answer_that_came_late_is_not_taken_for_the_next_one(connect: Connect, over: threading.Event):
    late = answers(b'{"Item": "late"}')

    def too_late(sock, request):
        over.wait(0.4)
        late(sock, request)

    with serving(too_late, OK) as server:
        answer = connect(server).call("GetItem", {})

    assert answer == json.loads(BODY)
    assert server.connections == 2


def test_nobody_listening_is_no_answer(connect: Connect):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = connect(Server(listener.getsockname()[1], []))
    with pytest.raises(NoAnswer) as failure:
        made.call("GetItem", {})

    assert isinstance(failure.value.__cause__, ConnectionRefusedError)


def test_a_refusal_is_not_tried_again_and_says_all_that_was_said(connect: Connect):
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": {"PK": {"S": "x"}}}]
    refused = refusal("TransactionCanceledException", Message="cancelled", CancellationReasons=reasons)
    with (
        serving(refused) as server,
        pytest.raises(AwsRefused, match=r"^TransactWriteItems: TransactionCanceledException cancelled$") as failure,
    ):
        connect(server).call("TransactWriteItems", {})

    assert (failure.value.code, failure.value.status) == ("TransactionCanceledException", 400)
    assert failure.value.fields["CancellationReasons"] == reasons
    assert len(server.requests) == 1


def test_a_whole_answer_of_a_megabyte_is_read(connect: Connect):
    items = [{"PK": {"S": f"{number:06}" * 10}} for number in range(14_000)]
    body = json.dumps({"Items": items}).encode()
    with serving(answers(body, x_amz_crc32=str(zlib.crc32(body)))) as server:
        answer = connect(server, answer_seconds=5).call("Query", {})

    assert len(body) > 1_000_000
    assert answer == {"Items": items}


def test_an_answer_without_an_end_is_not_read_to_it(connect: Connect, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "MAX_BYTES", 1000)
    with serving(answers(b"x" * 2000)) as server, pytest.raises(NoAnswer, match="more than 1000 bytes"):
        connect(server).call("GetItem", {})


def test_ipv6_is_spoken(connect: Connect):
    with serving(OK, host="::1") as server:
        assert connect(server, host="[::1]").call("GetItem", {}) == json.loads(BODY)


def test_threads_get_each_their_own_answer(connect: Connect):
    def call(number: int) -> dict[str, Any]:
        return made.call("GetItem", {"number": number})

    with serving(echoes) as server, ThreadPoolExecutor(8) as threads:
        made = connect(server, answer_seconds=5)
        found = list(threads.map(call, range(200)))

    assert found == [{"number": number} for number in range(200)]
    assert server.connections <= 8


def test_a_service_that_is_tried_once_is_not_tried_again(connect: Connect):
    with serving(closes) as server:
        connect(server)
        with pytest.raises(NoAnswer):
            Client(KMS, Limits(1, 1), tries=1).call("DescribeKey", {})

    assert len(server.requests) == 1
