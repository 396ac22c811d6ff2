"""The way to the evaluator, in this process: the reference evaluator answers, and what can happen on the way does."""

import http.client
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from examples.evaluator.contract import Evaluator

HOST = "evaluator.example"
REAL = http.client.HTTPConnection

Mishap = Literal["refused", "down", "lost before", "lost after", "late", "wrong", "huge", "redirect", "limited"]


@dataclass
class Wire:
    """Carries requests to the evaluator. `mishaps` befall the next requests in turn, `always` all after them.

    A number is a status with which a request is answered instead of by the evaluator.
    """

    evaluator: Evaluator
    mishaps: deque[Mishap | int | None] = field(default_factory=deque)
    always: Mishap | int | None = None
    sent: list[tuple[str, str, dict[str, str], str | None]] = field(default_factory=list)
    late: list[Callable[[], Any]] = field(default_factory=list)
    before_each: Callable[[], None] | None = None

    def connection(self, host: str, *rest: Any, **named: Any) -> Any:
        """Stand in for `http.client.HTTPConnection`; who asks for another host gets what there is."""
        return Connection(self) if host == HOST else REAL(host, *rest, **named)

    def next_mishap(self) -> Mishap | int | None:
        return self.mishaps.popleft() if self.mishaps else self.always

    def arrive(self) -> None:
        """Let the requests arrive that are late."""
        late, self.late = self.late, []
        for request in late:
            request()

    @property
    def calls(self) -> list[str]:
        return [f"{method} {target.split('?')[0].split('/')[1]}" for method, target, _, _ in self.sent]


class Response:
    def __init__(self, status: int, content: bytes) -> None:
        self.status = status
        self._content = content

    def read(self, amount: int) -> bytes:
        return self._content[:amount]

    def close(self) -> None:
        pass


class Connection:
    """What `http.client` offers of a connection, as far as it is used."""

    sock = None

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._mishap = wire.next_mishap()
        self._response: Response | None = None

    def connect(self) -> None:
        if self._mishap == "refused":
            raise ConnectionRefusedError

    def request(self, method: str, target: str, body: str | None, headers: dict[str, str]) -> None:
        if self._wire.before_each is not None:
            self._wire.before_each()
        self._wire.sent.append((method, target, headers, body))
        lower = {name.lower(): value for name, value in headers.items()}

        def arrive() -> tuple[int, dict[str, Any]]:
            return self._wire.evaluator.answer(method, target.removeprefix("/api"), lower, body)

        if self._mishap == "late":
            self._wire.late.append(arrive)
        self._response = self._answered(arrive)

    def getresponse(self) -> Response:
        if self._response is None:
            raise TimeoutError
        return self._response

    def close(self) -> None:
        pass

    def _answered(self, arrive: Callable[[], tuple[int, dict[str, Any]]]) -> Response | None:
        match self._mishap:
            case "late" | "lost before":
                return None
            case "down":
                return Response(503, b"<html>")
            case "limited" | int():
                status = self._mishap if isinstance(self._mishap, int) else 429
                return Response(status, b'{"error": "not like this"}')
        status, said = arrive()
        match self._mishap:
            case "lost after":
                return None
            case "wrong":
                return Response(status, b"<html>")
            case "huge":
                return Response(status, b" " * 70_000)
            case "redirect":
                return Response(302, b"")
        return Response(status, json.dumps(said).encode())
