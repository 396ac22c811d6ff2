"""`python -m infra.commands.trace STAGE REQUEST [--hours 24]`: everything that a stage knows of one request, in order.

The lines of all functions and of the API's access log are found by a query of CloudWatch Logs Insights. They name the
tenant, whose events, webhook deliveries and audit entries of the request are read from the table.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from infra.commands import republish, traced_lines, traced_records
from infra.commands.republish import NotRepublished
from infra.commands.traced_lines import Trace
from infra.stage import access
from infra.stage.access import StageNotRunning
from infra.stage.log_search import NotSearched
from shared import clock
from shared.clock import DAY, Instant

_REQUEST_ID: Final = re.compile(r"[!-~]{1,128}", re.ASCII)
_HEADINGS: Final = Trace("time", "where", "what", "")


def main(arguments: Sequence[str]) -> int:
    """Print what is known of the request, and return the exit code: 0, 1 when nothing is, 2 for what is no id."""
    asked = _parsed(arguments)
    if not _REQUEST_ID.fullmatch(asked.request):
        sys.stderr.write("Name a request by the X-Request-Id of its answer: make trace REQUEST=…\n")
        return 2
    try:
        found = _everything(asked.stage, asked.request, since=clock.now() - asked.hours * DAY // 24)
    except (StageNotRunning, NotRepublished, NotSearched) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    if not found:
        sys.stderr.write(
            f"Nothing of the last {asked.hours} hours belongs to the request {asked.request}. "
            'What has just happened is in the log a minute later. ARGS="--hours 72" looks further back.\n'
        )
        return 1
    sys.stdout.writelines(f"{row}\n" for row in table_of(found))
    return 0


def table_of(found: Iterable[Trace]) -> Iterator[str]:
    """Yield the rows of a table of what was found, in the order of time."""
    rows = [_HEADINGS, *sorted(found, key=lambda each: each.at)]
    at, where, what = (max(len(row[column]) for row in rows) for column in range(3))
    for row in rows:
        yield f"{row.at:<{at}}  {row.where:<{where}}  {row.what:<{what}}  {row.details}".rstrip()


def _everything(stage: str, request_id: str, *, since: Instant) -> list[Trace]:
    deployed = republish.find(access.client("lambda", stage), stage)
    lines = traced_lines.find(access.client("logs", stage), stage, request_id, since=since, until=clock.now())
    access.enter(stage)
    os.environ["TABLE_NAME"] = deployed.table_name
    return [traced_lines.trace(line) for line in lines] + list(traced_records.find(request_id, lines))


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.commands.trace", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stage")
    parser.add_argument("request", metavar="REQUEST")
    parser.add_argument("--hours", type=int, default=24, help="how far to look back")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
