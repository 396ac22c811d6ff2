"""What became of every part of a job: a line for each, for people and for programs."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from milepost_cli import terminal
from milepost_cli.stops import Misused

COLUMNS = ("row", "status", "id", "goal_id", "title", "reason")


@dataclass(frozen=True, kw_only=True)
class Line:
    """What became of one row.

    `created`, `completed`, `restored`, `synced`, `imported`, `earlier` (a run before this did it), `valid`, `refused`,
    or `left out` (it is no task, or older than what is stored).
    """

    row: int
    status: str
    title: str = ""
    id: str | None = None
    goal_id: str | None = None
    reason: str | None = None


def require_writable(path: Path | None, source: Path) -> None:
    """Require that a report can be written there, and is not written over the source. Raises Misused."""
    if path is None:
        return
    if path.exists() and path.samefile(source):
        raise Misused(f"The report {path} would be written over the file itself.")
    is_new = not path.exists()
    try:
        path.open("a").close()
    except OSError as error:
        raise Misused(f"The report cannot be written: {error}") from error
    if is_new:
        path.unlink()


def tell(found: Sequence[Line], *, of: int, path: Path | None, as_json: bool) -> None:
    """Write and print what became of the rows, of so many: as JSON lines, else what was refused and how many were not.

    A reader who has gone does not keep the command from its end. Raises Misused when the report cannot be written.
    """
    if path is not None:
        _write(path, found)
    if as_json:
        with terminal.to_a_reader_who_may_go():
            terminal.lines(asdict(line) for line in found)
    else:
        terminal.complain(f"row {line.row}: {line.reason}" for line in found if line.status == "refused")
        counted = Counter(line.status for line in found)
        terminal.say(", ".join(f"{times} {status}" for status, times in counted.items()))
    if len(found) < of:
        terminal.complain([f"{len(found)} of {of} rows were looked at; give the same command again to go on."])


def _write(path: Path, found: Sequence[Line]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            if path.suffix == ".jsonl":
                file.writelines(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in found)
                return
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([terminal.cell(getattr(line, name)) for name in COLUMNS] for line in found)
    except OSError as error:
        raise Misused(f"The report cannot be written: {error}") from error
