"""`milepost leads recount`: one lead at once, or all of them by a job."""

import json
import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import exports, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.audience import recounts
from milepost_cli.audience.recounts import Repair
from milepost_cli.frame import View
from milepost_cli.options import Json
from milepost_cli.search import jobs
from milepost_cli.surroundings import Surroundings

COLUMNS = ("lead_id", "field", "stored", "counted")

Lead = Annotated[str | None, typer.Argument(metavar="[LEAD]", help="The id of a lead; without one, all leads.")]
Found = Annotated[
    Path | None, typer.Option("--report", dir_okay=False, help="A new file of JSON lines, one for each that differs.")
]


def recount(
    context: typer.Context, lead: Lead = None, repair: Repair = False, report: Found = None, as_json: Json = False
) -> None:
    """Compare the totals of leads with their orders and visits; the exit code is 1 if some differ and stay so."""
    account = open_account(context.obj)
    if lead is None:
        _all(context.obj, account, repair=repair, report=report, as_json=as_json)
        return
    found = account.post(f"/leads/{quote(lead, safe='')}/recount", {"repair": repair})
    if report is not None:
        _write(report, [found] if found["differences"] else [])
    recounts.tell(found, of="field", as_json=as_json)


def _all(around: Surroundings, account: Account, *, repair: bool, report: Path | None, as_json: bool) -> None:
    job = jobs.ended(around, account, account.post("/leads/recount", {"repair": repair}))
    jobs.require_completed(job)
    found = _found(around, account, job["job_id"])
    if report is not None:
        _write(report, found)
    if as_json:
        terminal.lines(found)
    else:
        terminal.rows(COLUMNS, (_row(each, difference) for each in found for difference in each["differences"]))
    terminal.say(f"{job['done']} leads were counted, {len(found)} differed.")
    recounts.require_none(len(found), repaired=repair)


def _found(around: Surroundings, account: Account, job_id: str) -> list[View]:
    """Return the leads that differ, as the file of the job has them."""
    with tempfile.TemporaryFile() as told:
        jobs.fetch(around, account, job_id, told)
        told.seek(0)
        return [json.loads(line) for line in told]


def _write(report: Path, found: list[View]) -> None:
    with exports.new_file(report) as written:
        written.writelines(f"{terminal.to_json(each)}\n".encode() for each in found)


def _row(lead: View, difference: View) -> list[object]:
    return [lead["lead_id"], *(difference[name] for name in COLUMNS[1:])]
