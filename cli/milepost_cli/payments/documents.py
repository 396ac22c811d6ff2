"""`milepost invoices download`: the PDF, the HTML or the UBL (XML) of an invoice, or of a credit note of it."""

import sys
import tempfile
from enum import StrEnum
from typing import Annotated, BinaryIO
from urllib.parse import quote

import typer

from milepost_cli import exports, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.api import Request
from milepost_cli.audience.downloads import Output
from milepost_cli.payments.named import Invoice, invoice_path
from milepost_cli.search import jobs
from milepost_cli.stops import Unavailable
from milepost_cli.surroundings import Surroundings

_LOOKS = 30
_PAUSE_SECONDS = 2.0


class Format(StrEnum):
    """As what a document is written."""

    PDF = "pdf"
    HTML = "html"
    XML = "xml"


Form = Annotated[Format, typer.Option("--format", help="HTML is one page without scripts, XML is UBL 2.1 by EN 16931.")]
Note = Annotated[
    str | None, typer.Option("--credit-note", metavar="NOTE", help="The id of a credit note of the invoice, for that.")
]


def download_document(
    context: typer.Context, invoice: Invoice, file: Output = None, format_: Form = Format.PDF, credit_note: Note = None
) -> None:
    """Write the document of an issued invoice, or of a credit note; waits until its PDF is made."""
    account = open_account(context.obj)
    path = invoice_path(invoice)
    if credit_note is not None:
        path = f"{path}/credit-notes/{quote(credit_note, safe='')}"
    if file is not None:
        with exports.new_file(file) as written:
            _write(context.obj, account, f"{path}/{format_}", format_, written)
        terminal.say(f"Saved as {file}.")
        return
    with tempfile.TemporaryFile() as made:
        _write(context.obj, account, f"{path}/{format_}", format_, made)
        made.seek(0)
        with terminal.to_a_reader_who_may_go():
            sys.stdout.buffer.write(made.read())


def _write(around: Surroundings, account: Account, path: str, format_: Format, into: BinaryIO) -> None:
    if format_ is not Format.PDF:
        into.write(account.ask(Request(method="GET", path=path)).content)
    else:
        jobs.fetch_at(around, lambda: _address(around, account, path), into, what="PDF")


def _address(around: Surroundings, account: Account, path: str) -> str:
    """Return where a PDF can be fetched, once it is made. Raises Unavailable when that takes more than a minute."""
    for _ in range(_LOOKS):
        found = account.get(path)
        if found["is_ready"]:
            return str(found["url"])
        around.pause(_PAUSE_SECONDS)
    raise Unavailable("The PDF is not made yet. Give the same command again.")
