"""`milepost leads export`: all leads as JSON lines or CSV, written by a job."""

from enum import StrEnum
from typing import Annotated

import typer

from milepost_cli.account import open_account
from milepost_cli.audience import downloads
from milepost_cli.audience.downloads import Output


class Format(StrEnum):
    """As what leads are written."""

    JSONL = "jsonl"
    CSV = "csv"


Form = Annotated[Format, typer.Option("--format", help="JSON lines have all fields; CSV is for spreadsheets.")]


def export_leads(context: typer.Context, file: Output = None, format_: Form = Format.JSONL) -> None:
    """Write all leads of your tenant, with their consents and metadata."""
    account = open_account(context.obj)
    downloads.write(context.obj, account, lambda: account.post("/leads/export", {"format": format_}), file)
