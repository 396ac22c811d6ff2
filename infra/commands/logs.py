"""`python -m infra.commands.logs STAGE [--since 10m] [--context goals] [--level ERROR]`: the log lines of a stage.

The latest come last. What is shown of a line is what `make trace` shows of it, and its request, for `make trace`. Lines
that only carry metrics are left out, and so is what Lambda says of a call that went well.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from infra import discovery
from infra.commands import traced_lines
from infra.stage import access, log_search, stack_names
from infra.stage.access import StageNotRunning
from infra.stage.log_search import MAX_LINES, Line, NotSearched
from shared import clock
from shared.clock import DAY, SECOND, Instant

_UNITS: Final = {"s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": DAY}
_SINCE: Final = re.compile(r"([1-9]\d{0,5})([smhd])", re.ASCII)
# Python's names and Lambda's, the least first.
_LEVELS: Final = (("DEBUG", "TRACE"), ("INFO",), ("WARNING", "WARN"), ("ERROR",), ("CRITICAL", "FATAL"))
_NAMES: Final = [names[0] for names in _LEVELS]
_OF_A_CALL: Final = re.compile(r"(START|END|REPORT|INIT_START) ")
_METRICS: Final = "_aws"


def main(arguments: Sequence[str]) -> int:
    """Print the lines, and return the exit code: 0, or 1 when there are none."""
    asked = _parsed(arguments)
    try:
        logs = access.client("logs", asked.stage)
        found = find(logs, asked.stage, _stacks(asked), level=asked.level, since=clock.now() - asked.since)
    except (StageNotRunning, NotSearched) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.writelines(f"{row}\n" for row in rows_of(found))
    if not found:
        sys.stderr.write('There are no such lines. ARGS="--since 1h" looks further back.\n')
    return 0 if found else 1


def find(logs: Any, stage: str, stacks: Sequence[str], *, level: str, since: Instant) -> list[Line]:
    """Return the lines of these stacks, of this level or above, the latest last. Raises NotSearched."""
    groups = log_search.groups(logs, stage, stacks)
    lines = log_search.search(logs, groups, query_of(level), since=since, until=clock.now())
    return sorted((line for line in lines if _is_meant(line, level)), key=lambda line: line.at)


def query_of(level: str) -> str:
    """Return the query of CloudWatch Logs Insights that finds the latest lines of this level or above."""
    by_level = "" if level == _NAMES[0] else rf'| filter @message like /"level": ?"({"|".join(_from(level))})"/' + "\n"
    return f"fields @timestamp, @log, @message\n{by_level}| sort @timestamp desc\n| limit {MAX_LINES}"


def rows_of(lines: Iterable[Line]) -> Iterator[str]:
    """Yield a row for each line, and under it the traceback that it has."""
    for line in lines:
        at, where, what, details = traced_lines.trace(line)
        said = what if line.fields else line.text
        request_id = line.fields.get("request_id")
        told = [at, f"{line.fields.get('level', '-'):<8}", where, said, details]
        yield "  ".join([each for each in told if each] + ([f"request_id={request_id}"] if request_id else []))
        yield from (f"    {each}" for each in str(line.fields.get("exception", "")).splitlines())


def _is_meant(line: Line, level: str) -> bool:
    """Tell whether a line says something of this level or above, and not only in its text."""
    if level != _NAMES[0]:
        return line.fields.get("level") in _from(level)
    return _METRICS not in line.fields and not _OF_A_CALL.match(line.text)


def _from(level: str) -> list[str]:
    """Return what this level and those above are called."""
    return [name for names in _LEVELS[_NAMES.index(level) :] for name in names]


def _stacks(asked: argparse.Namespace) -> list[str]:
    if asked.context is None:
        return stack_names.all_of(asked.stage)
    return [stack_names.named(asked.stage, asked.context)]


def _ago(text: str) -> int:
    found = _SINCE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("say it as 30s, 10m, 2h or 3d")
    return int(found[1]) * _UNITS[found[2]]


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.commands.logs", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stage")
    parser.add_argument("--since", type=_ago, default="10m", help="how far to look back: 30s, 10m, 2h, 3d")
    parser.add_argument("--context", choices=[*discovery.contexts(), *stack_names.SHARED], help="of one stack only")
    parser.add_argument("--level", choices=_NAMES, default=_NAMES[0], help="this level and those above")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
