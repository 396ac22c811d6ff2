"""`milepost leads export`: all leads as JSON lines or CSV, written by a job."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from milepost_cli.account import open_account
from milepost_cli.audience import downloads
from milepost_cli.audience.downloads import Output


class Format(StrEnum):
    """As what leads are written."""

    JSONL = "jsonl"
    CSV = "csv"


Form = Annotated[
    Format | None,
    typer.Option("--format", help="JSON lines have all fields; CSV is for spreadsheets, and what FILE.csv gets."),
]


def export_leads(context: typer.Context, file: Output = None, format_: Form = None) -> None:
    """Write all leads of your tenant, with their consents and metadata."""
    account, wanted = open_account(context.obj), format_ or _named(file)
    downloads.write(context.obj, account, lambda: account.post("/leads/export", {"format": wanted}), file)


def _named(file: Path | None) -> Format:
    """Return the format that the name of a file says: CSV, else JSON lines."""
    return Format.CSV if file is not None and file.suffix.lower() == ".csv" else Format.JSONL
