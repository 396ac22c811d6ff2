"""The lines of a request in the log groups of a stage, and rows of a table made of them."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from infra.stage import log_search
from infra.stage.log_search import MAX_LINES, Line
from shared.clock import Instant

# What every line has, or what is too long for a row of a table.
_LEFT_OUT: Final = frozenset(
    {"level", "timestamp", "time", "message", "service", "function", "location", "request_id", "traceparent"}
    | {"exception", "stack_trace"}
)


class Trace(NamedTuple):
    """A row of the table: when it was (RFC 3339), where it was written, what it is, and more of it."""

    at: str
    where: str
    what: str
    details: str


def find(logs: Any, stage: str, request_id: str, *, since: Instant, until: Instant) -> list[Line]:
    """Return the lines of the stage that belong to a request. Raises NotSearched.

    Others may have the id in their text: a caller can write it into a path, which the access log repeats.
    """
    lines = log_search.search(logs, log_search.of_stage(logs, stage), query_of(request_id), since=since, until=until)
    return [line for line in lines if line.fields.get("request_id") == request_id]


def query_of(request_id: str) -> str:
    """Return the query of CloudWatch Logs Insights that finds the lines in which a request is named."""
    pattern = re.escape(request_id).replace("/", r"\/")
    return (
        "fields @timestamp, @log, @message\n"
        f"| filter @message like /{pattern}/\n"
        "| sort @timestamp asc\n"
        f"| limit {MAX_LINES}"
    )


def trace(line: Line) -> Trace:
    """Return a line as a row of the table."""
    what = str(line.fields.get("message", "access"))
    told = {name: value for name, value in line.fields.items() if name not in _LEFT_OUT}
    details = " ".join(f"{name}={value}" for name, value in told.items())
    return Trace(line.at, str(line.fields.get("service", line.group)), what, details)


def tenants(lines: Sequence[Line]) -> set[str]:
    """Return the tenants that lines name."""
    return {str(line.fields["tenant_id"]) for line in lines if "tenant_id" in line.fields}
