"""`milepost invoices edit`: what a draft asks for instead."""

import re
from typing import Annotated

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Cleared, Json, Version
from milepost_cli.payments import invoices
from milepost_cli.payments.named import Invoice, invoice_path
from milepost_cli.projects import amounts
from milepost_cli.stops import Misused

_LINE = re.compile(r"(.+)=(?:([0-9]+(?:\.[0-9]{1,4})?)x)?([0-9.]+)", re.ASCII)
_EMPTY: View = {"percentage": None, "supplied_on": None, "note": "", "lines": []}

Share = Annotated[str | None, typer.Option("--percentage", help="Which share of the milestone.")]
Supplied = Annotated[str | None, typer.Option("--supplied-on", metavar="DAY", help="When it was, as 2026-12-20.")]
Lines = Annotated[
    list[str] | None,
    typer.Option(
        "--line",
        metavar="TEXT=[NUMBERx]PRICE",
        help="A line, as Assembly=3x200.00; several times for all of them, which come to the share together.",
    ),
]


def edit_invoice(
    context: typer.Context,
    invoice: Invoice,
    percentage: Share = None,
    line: Lines = None,
    supplied_on: Supplied = None,
    note: invoices.Note = None,
    clear: Cleared = None,
    if_version: Version = None,
    as_json: Json = False,
) -> None:
    """Change what the draft of an invoice asks for; issued invoices do not change."""
    account, path = open_account(context.obj), invoice_path(invoice)
    emptied = {name: _EMPTY[name] for name in frame.cleared(clear, {*_EMPTY})}
    body = {**emptied, **frame.sent(percentage=percentage, supplied_on=supplied_on, note=note)}
    if line:
        currency = account.get(path)["currency"]
        body["lines"] = [_line(each, currency) for each in line]
    if not body:
        raise Misused("Say what is to change, such as --percentage 60.")
    invoices.show(account.patch(path, body, version=if_version), as_json=as_json)


def _line(typed: str, currency: str) -> View:
    """Return a line as the API takes it. Raises Misused for what is none."""
    found = _LINE.fullmatch(typed)
    if found is None:
        raise Misused(f"--line {typed}: must be a text and a price, such as Assembly=200.00 or Assembly=3x200.00")
    text, number, price = found.groups()
    return {"description": text, "quantity": number or "1", "unit_price_minor_units": amounts.read(price, currency)}
