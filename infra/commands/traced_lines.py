"""The lines of a request in the log groups of a stage, found by CloudWatch Logs Insights."""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from infra.stage import stack_names
from shared import clock
from shared.clock import SECOND, Instant

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
MAX_GROUPS: Final = 50
MAX_LINES: Final = 10_000

_PAUSE_SECONDS: Final = 1
_TRIES: Final = 300
_UNDER_WAY: Final = frozenset({"Scheduled", "Running", "Unknown"})
# What every line has, or what is too long for a row of a table.
_LEFT_OUT: Final = frozenset(
    {"level", "timestamp", "time", "message", "service", "function", "location", "request_id", "traceparent"}
    | {"exception", "stack_trace"}
)


class NotSearched(Exception):
    """The logs could not be searched; the message says why."""


class Trace(NamedTuple):
    """A row of the table: when it was (RFC 3339), where it was written, what it is, and more of it."""

    at: str
    where: str
    what: str
    details: str


class Line(NamedTuple):
    """A line of a log group, and what it says; nothing if it is no JSON."""

    at: str
    group: str
    fields: Mapping[str, Any]


def find(logs: Any, stage: str, request_id: str, *, since: Instant, until: Instant) -> list[Line]:
    """Return the lines of the stage that belong to a request. Raises NotSearched.

    Others may have the id in their text: a caller can write it into a path, which the access log repeats.
    """
    groups = _groups(logs, stage)
    found: list[Line] = []
    for start in range(0, len(groups), MAX_GROUPS):
        query = logs.start_query(
            logGroupNames=groups[start : start + MAX_GROUPS],
            startTime=since // SECOND,
            endTime=until // SECOND + 1,
            queryString=query_of(request_id),
        )
        lines = map(_line, _results(logs, query["queryId"]))
        found += [line for line in lines if line.fields.get("request_id") == request_id]
    return found


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


def _groups(logs: Any, stage: str) -> list[str]:
    """Return the log groups of the stage. Raises NotSearched.

    Each has the name of its stack in its own: `milepost-dev-goals-FunctionsGoalsApiLog…`, with a slash behind the stack
    on MiniStack.
    """
    ours = re.compile(rf"(^|/)({'|'.join(stack_names.all_of(stage))})[-/]")
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePattern=f"milepost-{stage}-")
    found = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    groups = [name for name in found if ours.search(name)]
    if not groups:
        raise NotSearched(f"The stage {stage} has no log groups. Deploy it first.")
    return groups


def _results(logs: Any, query_id: str) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a query when it has ended. Raises NotSearched."""
    for _ in range(_TRIES):
        answer = logs.get_query_results(queryId=query_id)
        if answer["status"] == "Complete":
            for row in answer["results"]:
                yield {each["field"]: each["value"] for each in row}
            return
        if answer["status"] not in _UNDER_WAY:
            raise NotSearched(f"The search of the logs ended as {answer['status']}. Repeat it.")
        time.sleep(_PAUSE_SECONDS)
    raise NotSearched(f"The search of the logs took more than {_TRIES * _PAUSE_SECONDS} s. Look less far back.")


def _line(row: Mapping[str, str]) -> Line:
    try:
        said = json.loads(row["@message"])
    except ValueError:
        said = {}
    fields: Mapping[str, Any] = said if isinstance(said, dict) else {}
    # The account stands before the group: `123456789012:milepost-dev-goals-…`.
    return Line(_at(row["@timestamp"], fields), row["@log"].rpartition(":")[2], fields)


def _at(ingested: str, fields: Mapping[str, Any]) -> str:
    """Return when a line was written: what it says itself, or else what the log says, `2026-11-20 09:30:00.000`."""
    said = fields.get("timestamp")
    if isinstance(said, str) and said.endswith("Z"):
        return said
    return clock.to_rfc3339(clock.from_rfc3339(f"{ingested.replace(' ', 'T')}Z"))


def tenants(lines: Sequence[Line]) -> set[str]:
    """Return the tenants that lines name."""
    return {str(line.fields["tenant_id"]) for line in lines if "tenant_id" in line.fields}
