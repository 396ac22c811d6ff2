"""The log groups of a stage, and their lines, found by CloudWatch Logs Insights."""

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


class NotSearched(Exception):
    """The logs could not be searched; the message says why."""


class Line(NamedTuple):
    """A line of a log group: what it says, nothing if it is no JSON, and its text."""

    at: str
    group: str
    fields: Mapping[str, Any]
    text: str = ""


def groups(logs: Any, stage: str, stacks: Sequence[str]) -> list[str]:
    """Return the log groups of these stacks of the stage. Raises NotSearched.

    Each has the name of its stack in its own: `milepost-dev-goals-FunctionsGoalsApiLog…`, with a slash behind the stack
    on MiniStack.
    """
    ours = re.compile(rf"(^|/)({'|'.join(stacks)})[-/]")
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePattern=f"milepost-{stage}-")
    names = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    found = [name for name in names if ours.search(name)]
    if not found:
        raise NotSearched(f"The stage {stage} has no log groups. Deploy it first.")
    return found


def of_stage(logs: Any, stage: str) -> list[str]:
    """Return all log groups of the stage. Raises NotSearched."""
    return groups(logs, stage, stack_names.all_of(stage))


def search(logs: Any, names: Sequence[str], query: str, *, since: Instant, until: Instant) -> Iterator[Line]:
    """Yield the lines of these log groups that a query finds, those of 50 groups together. Raises NotSearched."""
    for start in range(0, len(names), MAX_GROUPS):
        begun = logs.start_query(
            logGroupNames=names[start : start + MAX_GROUPS],
            startTime=since // SECOND,
            endTime=until // SECOND + 1,
            queryString=query,
        )
        yield from map(_line, _results(logs, begun["queryId"]))


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
    text = row["@message"].rstrip()
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    fields: Mapping[str, Any] = said if isinstance(said, dict) else {}
    # The account stands before the group: `123456789012:milepost-dev-goals-…`.
    return Line(_at(row["@timestamp"], fields), row["@log"].rpartition(":")[2], fields, text)


def _at(ingested: str, fields: Mapping[str, Any]) -> str:
    """Return when a line was written: what it says itself, or else what the log says, `2026-11-20 09:30:00.000`."""
    said = fields.get("timestamp")
    if isinstance(said, str) and said.endswith("Z"):
        return said
    return clock.to_rfc3339(clock.from_rfc3339(f"{ingested.replace(' ', 'T')}Z"))
