"""What a recount has found, told alike of everything that is counted: the exit code is 1 while something differs."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from milepost_cli import exports, terminal
from milepost_cli.account import Account
from milepost_cli.frame import View
from milepost_cli.search import jobs
from milepost_cli.stops import Refused
from milepost_cli.surroundings import Surroundings

Repair = Annotated[bool, typer.Option("--repair", help="Mend what differs.")]
Report = Annotated[
    Path | None, typer.Option("--report", dir_okay=False, help="A new file of JSON lines, one for each that differs.")
]


def tell(found: View, *, of: str, as_json: bool) -> None:
    """Print what differs of one thing: what it is `of`, what is stored, what was counted.

    Raises Refused if it was not mended.
    """
    if as_json:
        terminal.document(found)
    else:
        columns = (of, "stored", "counted")
        terminal.rows(columns, ([each[name] for name in columns] for each in found["differences"]))
    if found["repaired"]:
        terminal.say("Repaired.")
    require_none(len(found["differences"]), repaired=found["repaired"])


def by_job(around: Surroundings, account: Account, path: str, *, repair: bool, report: Path | None) -> list[View]:
    """Have everything at a path counted again by a job, and return what differs, written into a report too.

    Raises Refused when the job fails.
    """
    job = jobs.ended(around, account, account.post(path, {"repair": repair}))
    jobs.require_completed(job)
    found: list[Any] = _found(around, account, job["job_id"])
    if report is not None:
        write(report, found)
    terminal.say(f"{job['done']} {job['unit']} were counted, {len(found)} differed.")
    return found


def write(report: Path, found: list[View]) -> None:
    """Write what differs into a new file. Raises Misused."""
    with exports.new_file(report) as written:
        written.writelines(f"{terminal.to_json(each)}\n".encode() for each in found)


def require_none(number: int, *, repaired: bool) -> None:
    """Require that nothing differs, or that it was mended. Raises Refused."""
    if number and not repaired:
        raise Refused(f"{number} {'differs' if number == 1 else 'differ'}; --repair mends that.")


def _found(around: Surroundings, account: Account, job_id: str) -> list[View]:
    with tempfile.TemporaryFile() as told:
        jobs.fetch(around, account, job_id, told)
        told.seek(0)
        return [json.loads(line) for line in told]
