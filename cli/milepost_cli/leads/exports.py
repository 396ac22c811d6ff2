"""`milepost leads export`: all leads as JSON lines or CSV, written by a job."""

import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from milepost_cli import exports, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.search import jobs
from milepost_cli.surroundings import Surroundings


class Format(StrEnum):
    """As what leads are written."""

    JSONL = "jsonl"
    CSV = "csv"


Output = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", dir_okay=False, help="A new file; else it goes to standard output.")
]
Form = Annotated[Format, typer.Option("--format", help="JSON lines have all fields; CSV is for spreadsheets.")]


def export_leads(context: typer.Context, file: Output = None, format_: Form = Format.JSONL) -> None:
    """Write all leads of your tenant, with their consents and metadata."""
    account = open_account(context.obj)
    if file is not None:
        with exports.new_file(file) as written:
            _write(context.obj, account, format_, written)
        terminal.say(f"Exported to {file}.")
        return
    with tempfile.TemporaryFile() as made:
        _write(context.obj, account, format_, made)
        made.seek(0)
        with terminal.to_a_reader_who_may_go():
            sys.stdout.writelines(line.decode() for line in made)


def _write(around: Surroundings, account: Account, format_: Format, into: BinaryIO) -> None:
    """Have a job export the leads, and write its file. Raises Refused when the job fails."""
    job = jobs.ended(around, account, account.post("/leads/export", {"format": format_}))
    jobs.require_completed(job)
    jobs.fetch(around, account, job["job_id"], into)
