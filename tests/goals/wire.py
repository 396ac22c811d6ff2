"""A wire between the client and moto that can be made to fail: at which call, and how at each of its attempts."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

Attempt = Callable[[AWSPreparedRequest], AWSResponse]
Fault = Sequence[Attempt]
"""What becomes of the first attempts of a call; those after them get through."""


class Wire:
    """Counts the calls of a client and lets one of them fail. botocore makes up to three attempts of each."""

    def __init__(self, client: Any) -> None:
        self.calls: list[str] = []
        self._attempts = 0
        self._faults: dict[int, Fault] = {}
        client.meta.events.unregister("before-send", botocore_stubber)
        client.meta.events.register("before-send", self._send)
        client.meta.events.register("before-call.dynamodb", self._count)

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

    def _send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        fault = self._faults.get(len(self.calls), ())
        attempt = fault[self._attempts] if self._attempts < len(fault) else passed
        self._attempts += 1
        return attempt(request)


def passed(request: AWSPreparedRequest) -> AWSResponse:
    response = botocore_stubber("before-send", request)
    assert response is not None
    return response


def lost(request: AWSPreparedRequest) -> AWSResponse:
    """It took effect, and nobody heard of it."""
    passed(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def unreachable(request: AWSPreparedRequest) -> AWSResponse:
    raise EndpointConnectionError(endpoint_url=request.url)


def refused(code: str, status: int = 400) -> Attempt:
    """It is answered with an error, and nothing took effect."""
    return lambda request: _error(request, code, status, {})


def cancelled(reason: str) -> Attempt:
    """The transaction is cancelled because of its first item."""

    def attempt(request: AWSPreparedRequest) -> AWSResponse:
        others = len(json.loads(request.body)["TransactItems"]) - 1
        reasons = [{"Code": reason, "Message": reason}, *[{"Code": "None"}] * others]
        return _error(request, "TransactionCanceledException", 400, {"CancellationReasons": reasons})

    return attempt


def _error(request: AWSPreparedRequest, code: str, status: int, details: Mapping[str, Any]) -> AWSResponse:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **details}
    headers = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(request.url, status, headers, MockRawResponse(json.dumps(body)))
