"""A wire between the client and moto that can be made to fail: at which call, and how at each of its attempts."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from shared.aws.wire import Answer, NoAnswer
from tests.aws import hooks

Attempt = Callable[[AWSPreparedRequest], Answer]
Fault = Sequence[Attempt]
"""What becomes of the first attempts of a call; those after them get through."""


class Wire:
    """Counts the calls of the table and lets one of them fail. The client makes up to three attempts of each."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._attempts = 0
        self._faults: dict[int, Fault] = {}
        hooks.register("before-send.dynamodb", self._send)
        hooks.register("before-call.dynamodb", self._count)

    def mend(self) -> None:
        """Count from the beginning, and let everything pass."""
        self.calls.clear()
        self._faults.clear()

    def fail(self, call: int, fault: Fault) -> None:
        """Let a call fail, counted from 1."""
        self._faults[call] = fault

    def _count(self, model: Any, **_: object) -> None:
        self.calls.append(model.name)
        self._attempts = 0

    def _send(self, request: AWSPreparedRequest, **_: object) -> Answer:
        fault = self._faults.get(len(self.calls), ())
        attempt = fault[self._attempts] if self._attempts < len(fault) else passed
        self._attempts += 1
        return attempt(request)


def passed(request: AWSPreparedRequest) -> Answer:
    answer = hooks.in_moto(request)
    assert answer is not None
    return answer


def lost(request: AWSPreparedRequest) -> Answer:
    """It took effect, and nobody heard of it."""
    passed(request)
    raise NoAnswer("lost", timed_out=True)


def unreachable(_: AWSPreparedRequest) -> Answer:
    raise NoAnswer("unreachable")


def refused(code: str, status: int = 400) -> Attempt:
    """It is answered with an error, and nothing took effect."""
    return lambda _: _error(code, status, {})


def cancelled(reason: str) -> Attempt:
    """The transaction is cancelled because of its first item."""

    def attempt(request: AWSPreparedRequest) -> Answer:
        others = len(json.loads(request.body)["TransactItems"]) - 1
        reasons = [{"Code": reason, "Message": reason}, *[{"Code": "None"}] * others]
        return _error("TransactionCanceledException", 400, {"CancellationReasons": reasons})

    return attempt


def _error(code: str, status: int, details: Mapping[str, Any]) -> Answer:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **details}
    return Answer(status, {"content-type": "application/x-amz-json-1.0"}, json.dumps(body).encode())
