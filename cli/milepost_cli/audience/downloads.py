"""Files that jobs make, written where somebody wants them."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from milepost_cli import exports, terminal
from milepost_cli.account import Account
from milepost_cli.frame import View
from milepost_cli.search import jobs
from milepost_cli.surroundings import Surroundings

Output = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", dir_okay=False, help="A new file; else it goes to standard output.")
]


def write(around: Surroundings, account: Account, begin: Callable[[], View], file: Path | None) -> None:
    """Begin a job, wait for its end, and write the file that it makes; to standard output if none is named.

    Raises Refused when the job fails, Misused when the file cannot be written.
    """

    def fetch(into: BinaryIO) -> None:
        job = jobs.ended(around, account, begin())
        jobs.require_completed(job)
        jobs.fetch(around, account, job["job_id"], into)

    if file is not None:
        with exports.new_file(file) as written:
            fetch(written)
        terminal.say(f"Exported to {file}.")
        return
    with tempfile.TemporaryFile() as made:
        fetch(made)
        made.seek(0)
        with terminal.to_a_reader_who_may_go():
            sys.stdout.writelines(line.decode() for line in made)
