"""One line of the log, as JSON, for each request and each message: what it was, and what came of it.

A line names what it is about by ids. No body, credential, address or name of anybody is in one.
Powertools' Logger (`observability.py`) would take as long to load as a read takes to be answered, so it is left to what
goes wrong.
"""

import os
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

import orjson

from shared import clock
from shared.correlation import Correlation

# The first is what Powertools' Logger calls the context too.
_WHERE: Final = {
    name: os.environ[variable]
    for name, variable in (("service", "POWERTOOLS_SERVICE_NAME"), ("function", "AWS_LAMBDA_FUNCTION_NAME"))
    if variable in os.environ
}
_is_cold: Final = iter((True,))


def write(message: str, belongs_to: Correlation, fields: Mapping[str, Any]) -> None:
    """Write a line that belongs to a request. The first line that an instance writes has `cold_start`."""
    line = {
        "level": "INFO",
        "timestamp": clock.to_rfc3339(clock.now()),
        "message": message,
        **fields,
        "request_id": belongs_to.request_id,
        **_WHERE,
    }
    if belongs_to.traceparent:
        line["traceparent"] = belongs_to.traceparent
    if next(_is_cold, False):
        line["cold_start"] = True
    # In one piece: two writes may become two lines of the log.
    sys.stdout.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE).decode())


def milliseconds_since(begun: int) -> float:
    """Return how long it is since `time.perf_counter_ns()` said `begun`, in hundredths of a millisecond."""
    return (time.perf_counter_ns() - begun) // 10_000 / 100
