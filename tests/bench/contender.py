"""One contender of the per-request figures: a process that answers the same events, timed from inside.

    milepost       the handler of the goals context
    bare           a function that makes the same calls with the quickest client that botocore makes, and nothing else
    bare_default   the same with the client that boto3 makes when it is told nothing
    floor          the same calls signed and sent on a socket, their answers received and not read
    fastapi        the same routes in FastAPI and Mangum, with that default client

It takes an order per line on its standard input and answers with the nanoseconds of each request: in all, and of these
inside the DynamoDB client. Each contender has a process of its own, with only its own modules in memory.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.aws.entries import Context

Handler = Callable[[dict[str, Any], Context], Any]
Calls = list[tuple[str, dict[str, Any]]]
Timed = list[tuple[int, int]]

_ROOT = Path(__file__).parents[2]


class Contender:
    """A running contender, as the one who measures sees it; `calls` are those that a bare function is to make."""

    def __init__(
        self, name: str, *, events: dict[str, Any], environment: dict[str, str], calls: dict[str, Calls]
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.contender", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env=environment,
        )
        self._tell({"events": events, "calls": calls})

    def time(self, request: str, *, times: int) -> Timed:
        """Return the nanoseconds of each of so many requests, and of these inside the client."""
        self._tell({"request": request, "times": times})
        return [(total, inside) for total, inside in self._hear()]

    def record(self, request: str) -> Calls:
        """Return the calls that the request makes: operations and their requests."""
        self._tell({"request": request, "times": 0})
        return [(operation, arguments) for operation, arguments in self._hear()]

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _tell(self, order: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


def milepost(_: dict[str, Calls]) -> tuple[Any, Handler]:
    from functions.goals.api import handler  # noqa: PLC0415 - only its own modules in memory
    from shared.storage import table  # noqa: PLC0415

    return table._client(), handler


def bare(calls: dict[str, Calls]) -> tuple[Any, Handler]:
    from botocore import session  # noqa: PLC0415 - only its own modules in memory
    from botocore.config import Config  # noqa: PLC0415

    # A fixed user agent, and no second look at the parameters: a seventh of a read, a quarter of a change.
    config = Config(user_agent="milepost/1", parameter_validation=False, retries={"mode": "standard"})
    client = session.get_session().create_client("dynamodb", config=config)
    return client, _replaying(client, calls)


def bare_default(calls: dict[str, Calls]) -> tuple[Any, Handler]:
    import boto3  # noqa: PLC0415 - only its own modules in memory

    client = boto3.client("dynamodb")
    return client, _replaying(client, calls)


def fastapi(_: dict[str, Calls]) -> tuple[Any, Handler]:
    from tests.bench import fastapi_entry  # noqa: PLC0415 - only its own modules in memory

    return fastapi_entry.client, fastapi_entry.handler


def floor(calls: dict[str, Calls]) -> tuple[Any, Handler]:
    from tests.bench.floor import Wire  # noqa: PLC0415 - only its own modules in memory

    wire = Wire(os.environ["AWS_ENDPOINT_URL"])
    ready = {
        name: [(operation, json.dumps(request).encode()) for operation, request in each] for name, each in calls.items()
    }

    def handle(event: dict[str, Any], _: Context) -> dict[str, Any]:
        for operation, body in ready[_name_of(event)]:
            wire.call(operation, body)
        return {"statusCode": 200, "headers": {}, "body": "{}"}

    return wire, handle


def _replaying(client: Any, calls: dict[str, Calls]) -> Handler:
    methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
    made = {
        name: [(getattr(client, methods[operation]), request) for operation, request in each]
        for name, each in calls.items()
    }

    def handle(event: dict[str, Any], _: Context) -> dict[str, Any]:
        for method, request in made[_name_of(event)]:
            method(**request)
        return {"statusCode": 200, "headers": {}, "body": "{}"}

    return handle


def _name_of(event: dict[str, Any]) -> str:
    """Return the name of a request, which is how its path ends."""
    return str(event["rawPath"]).rpartition("/")[2]


class _Stopwatch:
    """Adds up the time inside a client's calls, and remembers what was asked."""

    def __init__(self, client: Any) -> None:
        self.nanoseconds = 0
        self.calls: Calls = []
        method = "_make_api_call" if hasattr(client, "_make_api_call") else "call"
        self._make = getattr(client, method)
        setattr(client, method, self._call)

    def _call(self, operation: str, request: Any) -> Any:
        start = time.perf_counter_ns()
        answer = self._make(operation, request)
        self.nanoseconds += time.perf_counter_ns() - start
        self.calls.append((operation, request))
        return answer


def _timed(handle: Handler, stopwatch: _Stopwatch, event: dict[str, Any], times: int) -> Iterator[tuple[int, int]]:
    for _ in range(times):
        stopwatch.nanoseconds, stopwatch.calls = 0, []
        start = time.perf_counter_ns()
        answer = handle(event, Context())
        total = time.perf_counter_ns() - start
        if answer.get("statusCode", 200) != 200 or answer.get("error"):
            raise RuntimeError(f"answered {answer}")
        yield total, stopwatch.nanoseconds


def _main(name: str) -> None:
    # What a request writes to the log is written, line by line as by Lambda, and read by nobody.
    answers, sys.stdout = sys.stdout, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", buffering=1)
    given = json.loads(sys.stdin.readline())
    client, handle = CONTENDERS[name](given["calls"])
    stopwatch = _Stopwatch(client)
    for line in sys.stdin:
        order = json.loads(line)
        event = given["events"][order["request"]]
        # The first request verifies the token; the calls of a later one are those that every request makes.
        timed = list(_timed(handle, stopwatch, event, order["times"] or 2))
        print(json.dumps(timed if order["times"] else stopwatch.calls), file=answers, flush=True)


CONTENDERS = {
    "milepost": milepost,
    "bare": bare,
    "bare_default": bare_default,
    "fastapi": fastapi,
    "floor": floor,
}

if __name__ == "__main__":
    _main(sys.argv[1])
