"""`milepost collections export`: the documents of a collection as JSON lines, written by a job."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from milepost_cli import exports, frame, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.search import jobs
from milepost_cli.search.definitions import Name, path
from milepost_cli.surroundings import Surroundings

Output = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", dir_okay=False, help="A new file; else it goes to standard output.")
]
Filter = Annotated[str | None, typer.Option("--filter", help="What holds of each document, as in a search.")]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="FIELD", help="A field left out of documents; several.")
]


def export_documents(
    context: typer.Context, collection: Name, file: Output = None, filter_: Filter = None, exclude: Exclude = None
) -> None:
    """Write the documents of a collection, or those that fit a filter, as JSON lines."""
    account = open_account(context.obj)
    asked = frame.sent(filter_by=filter_, exclude_fields=exclude)
    if file is not None:
        with exports.new_file(file) as written:
            _write(context.obj, account, collection, asked, written)
        terminal.say(f"Exported to {file}.")
        return
    with tempfile.TemporaryFile() as made:
        _write(context.obj, account, collection, asked, made)
        made.seek(0)
        terminal.lines(json.loads(line) for line in made)


def _write(around: Surroundings, account: Account, collection: str, asked: View, into: BinaryIO) -> None:
    """Have a job export the documents, and write its file. Raises Refused when the job fails."""
    job = jobs.ended(around, account, account.post(f"{path(collection)}/export-jobs", asked))
    jobs.require_completed(job)
    jobs.fetch(around, account, job["job_id"], into)
