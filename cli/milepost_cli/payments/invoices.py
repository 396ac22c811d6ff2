"""`milepost invoices list|show|create|issue|send|delete|cancel|credit|credit-notes|record-payment`."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import takewhile
from typing import Annotated, Any

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json, Version, Yes
from milepost_cli.payments.named import Amount, Invoice, OfProject, Reason, invoice_path
from milepost_cli.projects import amounts
from milepost_cli.projects.named import Milestone, milestone_path, project_id
from milepost_cli.stops import Misused

COLUMNS = (
    "invoice_id",
    "number",
    "status",
    "is_overdue",
    "due_on",
    "payable_minor_units",
    "amount_due_minor_units",
    "currency",
)
NOTES = ("credit_note_id", "number", "issued_on", "payable_minor_units", "currency", "reason")
_AMOUNTS = ("net", "retention", "tax", "payable", "paid", "credited", "amount_due")
_IN_ROWS = amounts.texts(("payable_minor_units", "amount_due_minor_units"))


class Status(StrEnum):
    """The statuses of invoices."""

    DRAFT = "draft"
    ISSUED = "issued"
    PAID = "paid"
    CANCELLED = "cancelled"


OfStatus = Annotated[Status | None, typer.Option("--status", help="Only those in this status.")]
Overdue = Annotated[bool, typer.Option("--overdue", help="Only those that should have been paid by now.")]
Share = Annotated[
    str | None, typer.Option("--percentage", help="Which share of the milestone; else all that is not invoiced yet.")
]
Draft = Annotated[bool, typer.Option("--draft", help="Keep it as a draft, which has no number yet.")]
Again = Annotated[bool, typer.Option("--again", help="Send once more what was sent before.")]
Note = Annotated[str | None, typer.Option("--note", help="A text for the client, below the lines.")]
Received = Annotated[str, typer.Option("--received-on", metavar="DAY", help="When it arrived, as 2026-12-20.")]
Reference = Annotated[str | None, typer.Option("--reference", help="What the bank calls it.")]
Lines = Annotated[
    list[str] | None,
    typer.Option("--line", metavar="N[=AMOUNT]", help="A line to credit, all of it or this net; several times."),
]


def list_invoices(
    context: typer.Context,
    project: OfProject = None,
    status: OfStatus = None,
    overdue: Overdue = False,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List invoices, the newest first; those of a status or overdue by due date."""
    if overdue and status not in (None, Status.ISSUED):
        raise Misused("Only issued invoices are overdue; say --overdue without --status.")
    account = open_account(context.obj)
    wanted = Status.ISSUED if overdue else status
    named = None if project is None else project_id(account, project)
    found = account.every("/invoices", **frame.sent(project_id=named, status=wanted))
    if overdue:
        # Without a project those due first come first, so the first that is not overdue ends them.
        found = (filter if named else takewhile)(lambda each: each["is_overdue"], found)
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, texts=_IN_ROWS)


def show_invoice(context: typer.Context, invoice: Invoice, as_json: Json = False) -> None:
    """Show an invoice with its lines, its tax, and what is due of it."""
    show(open_account(context.obj).get(invoice_path(invoice)), as_json=as_json)


def create_invoice(
    context: typer.Context,
    milestone: Milestone,
    percentage: Share = None,
    draft: Draft = False,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Issue an invoice of a milestone, or keep it as a draft."""
    body = frame.sent(percentage=percentage, note=note, draft=draft)
    show(open_account(context.obj).post(f"{milestone_path(milestone)}/invoices", body), as_json=as_json)


def issue_invoice(context: typer.Context, invoice: Invoice, as_json: Json = False) -> None:
    """Give a draft its number; it does not change any more."""
    show(open_account(context.obj).post(f"{invoice_path(invoice)}/issue"), as_json=as_json)


def send_invoice(context: typer.Context, invoice: Invoice, again: Again = False, as_json: Json = False) -> None:
    """Mail an issued invoice with its PDF to the client."""
    show(
        open_account(context.obj).post(f"{invoice_path(invoice)}/send{'?again=true' if again else ''}"), as_json=as_json
    )


def delete_invoice(context: typer.Context, invoice: Invoice, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a draft."""
    frame.confirm(f"Delete the draft {invoice}?", agreed=yes)
    open_account(context.obj).delete(invoice_path(invoice), version=if_version)


def cancel_invoice(context: typer.Context, invoice: Invoice, reason: Reason, as_json: Json = False) -> None:
    """Cancel an issued invoice by a credit note of all that is left of it."""
    show(open_account(context.obj).post(f"{invoice_path(invoice)}/cancel", {"reason": reason}), as_json=as_json)


def credit_invoice(
    context: typer.Context, invoice: Invoice, reason: Reason, line: Lines = None, as_json: Json = False
) -> None:
    """Take back lines of an issued invoice, or all that is left of it."""
    account, path = open_account(context.obj), invoice_path(invoice)
    body: dict[str, Any] = {"reason": reason}
    if line:
        currency = account.get(path)["currency"]
        body["lines"] = [_credited(each, currency) for each in line]
    frame.shown(account.post(f"{path}/credit-notes", body), as_json=as_json, pairs=_of_note)


def list_credit_notes(context: typer.Context, invoice: Invoice, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the credit notes of an invoice, the oldest first."""
    found = open_account(context.obj).every(f"{invoice_path(invoice)}/credit-notes")
    frame.listed(NOTES, found, as_json=as_json, as_csv=as_csv, texts=_IN_ROWS)


def record_payment(
    context: typer.Context,
    invoice: Invoice,
    amount: Amount,
    received_on: Received,
    reference: Reference = None,
    as_json: Json = False,
) -> None:
    """Record what the client paid of an invoice outside of Milepost, no more than is due."""
    account, path = open_account(context.obj), invoice_path(invoice)
    minor_units = amounts.read(amount, account.get(path)["currency"])
    body = frame.sent(amount_minor_units=minor_units, received_on=received_on, reference=reference)
    show(account.post(f"{path}/record-payment", body), as_json=as_json)


def show(invoice: View, *, as_json: bool) -> None:
    """Print one invoice."""
    frame.shown(invoice, as_json=as_json, pairs=_pairs)


def _credited(typed: str, currency: str) -> View:
    """Return what is credited of a line. Raises Misused for what names none."""
    number, _, amount = typed.partition("=")
    if not number.isascii() or not number.isdigit():
        raise Misused(f"--line {typed}: must be the number of a line, such as 1, or with an amount, such as 1=250.00")
    return {"number": int(number), **({"net_minor_units": amounts.read(amount, currency)} if amount else {})}


def _pairs(invoice: View) -> Mapping[str, object]:
    currency, buyer = invoice["currency"], invoice["buyer"] or {}
    return {
        "invoice": invoice["invoice_id"],
        "number": invoice["number"],
        "status": f"{invoice['status']}, overdue" if invoice["is_overdue"] else invoice["status"],
        "buyer": buyer.get("name"),
        "issued on": invoice["issued_on"],
        "due on": invoice["due_on"],
        **{
            f"line {each['number']}": f"{each['description']}: {amounts.told(each['net_minor_units'], currency)}"
            for each in invoice["lines"]
        },
        **{
            f"tax {each['tax_category']} {each['tax_percent']} %": amounts.told(each["tax_minor_units"], currency)
            for each in invoice["taxes"]
        },
        **_sums(invoice, _AMOUNTS),
        "credit notes": invoice["credit_notes"],
        "payment": invoice["payment_id"],
        "mail": invoice["sending"] and f"{invoice['sending']['status']} to {invoice['sending']['to']}",
        "milestone": invoice["project_milestone_id"],
        "next": ", ".join(invoice["allowed"]),
        "version": invoice["version"],
    }


def _of_note(note: View) -> Mapping[str, object]:
    return {
        "credit note": note["credit_note_id"],
        "number": note["number"],
        "invoice": note["invoice_number"],
        **_sums(note, ("net", "retention", "tax", "payable")),
        "reason": note["reason"],
    }


def _sums(document: View, names: tuple[str, ...]) -> Mapping[str, object]:
    found = {name: amounts.told(document[f"{name}_minor_units"], document["currency"]) for name in names}
    return {name.replace("_", " "): text for name, text in found.items()}
