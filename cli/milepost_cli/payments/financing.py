"""`milepost financing list|show|request|approve|reject|disburse|repay|schedule|statement`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.payments.named import Amount, Reason
from milepost_cli.projects import amounts
from milepost_cli.stops import Misused

_PATH = "/financing-requests"
_PAID = ("principal_minor_units", "interest_minor_units")
_OUTSTANDING = "outstanding_minor_units"
COLUMNS = ("financing_id", "status", "amount_minor_units", "currency", _OUTSTANDING, "next_due_on", "project_id")
INSTALMENTS = ("number", "due_on", "amount_minor_units", *_PAID, "paid_minor_units", "currency")
REPAYMENTS = ("number", "repaid_on", *_PAID, _OUTSTANDING, "currency", "payment_id", "repaid_by")


class Status(StrEnum):
    """The statuses of advances."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    ACTIVE = "active"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"


Advance = Annotated[str, typer.Argument(metavar="ADVANCE", help="The id of an advance.")]
OfStatus = Annotated[Status | None, typer.Option("--status", help="Only those in this status.")]
Currency = Annotated[str, typer.Option("--currency", help="ISO 4217, as EUR; that of the project.")]
Rate = Annotated[str, typer.Option("--yearly-percent", help="The interest of a year, as 12.5.")]
Count = Annotated[int, typer.Option("--months", help="In how many equal monthly instalments it is repaid.", min=1)]
Milestones = Annotated[
    list[str] | None, typer.Option("--milestone", metavar="MILESTONE", help="What is pledged for it; several times.")
]
Invoices = Annotated[
    list[str] | None, typer.Option("--invoice", metavar="INVOICE", help="What is pledged for it; several times.")
]
Purpose = Annotated[str | None, typer.Option("--purpose", help="What it is for.")]
Note = Annotated[str, typer.Option("--note", help="What you say besides.")]
Part = Annotated[str | None, typer.Option("--amount", help="As 1250.50; else all that is owed today.")]


def list_advances(context: typer.Context, status: OfStatus = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the advances of projects whose money you ask for, the newest first."""
    found = open_account(context.obj).every(_PATH, **frame.sent(status=status))
    texts = amounts.texts(("amount_minor_units", _OUTSTANDING))
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, texts=texts)


def show_advance(context: typer.Context, advance: Advance, as_json: Json = False) -> None:
    """Show an advance: what is pledged for it, who has approved it, and what is left of it."""
    _show(open_account(context.obj).get(_path(advance)), as_json=as_json)


def request_advance(
    context: typer.Context,
    amount: Amount,
    currency: Currency,
    yearly_percent: Rate,
    months: Count,
    milestone: Milestones = None,
    invoice: Invoices = None,
    purpose: Purpose = None,
    as_json: Json = False,
) -> None:
    """Ask for an advance on verified milestones and unpaid invoices, at most 80 % of what they will bring."""
    if not (milestone or invoice):
        raise Misused("Say what is pledged for it: --milestone or --invoice.")
    body = {
        "amount_minor_units": amounts.read(amount, currency),
        "currency": currency,
        "yearly_percent": yearly_percent,
        "instalment_count": months,
        "project_milestone_ids": milestone or [],
        "invoice_ids": invoice or [],
        **frame.sent(purpose=purpose),
    }
    _show(open_account(context.obj).post(_PATH, body), as_json=as_json)


def approve_advance(context: typer.Context, advance: Advance, note: Note = "", as_json: Json = False) -> None:
    """Approve an advance in the layer that is asked now."""
    _move(context, advance, "approve", {"note": note}, as_json=as_json)


def reject_advance(context: typer.Context, advance: Advance, reason: Reason, as_json: Json = False) -> None:
    """Reject an advance that is not paid out, or withdraw your own."""
    _move(context, advance, "reject", {"reason": reason}, as_json=as_json)


def disburse_advance(context: typer.Context, advance: Advance, as_json: Json = False) -> None:
    """Pay an approved advance out, as long as its pledges cover it."""
    _move(context, advance, "disburse", as_json=as_json)


def repay_advance(context: typer.Context, advance: Advance, amount: Part = None, as_json: Json = False) -> None:
    """Record that a part of an advance is repaid, or all that is owed today."""
    body = {}
    if amount is not None:
        currency = open_account(context.obj).get(_path(advance))["currency"]
        body["amount_minor_units"] = amounts.read(amount, currency)
    _move(context, advance, "repay", body, as_json=as_json)


def list_instalments(context: typer.Context, advance: Advance, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the instalments of an advance; before it is paid out, as if that were today."""
    found = open_account(context.obj).get(f"{_path(advance)}/schedule")
    parts = [each | {"currency": found["currency"]} for each in found["instalments"]]
    texts = amounts.texts(("amount_minor_units", *_PAID, "paid_minor_units"))
    frame.listed(INSTALMENTS, parts, as_json=as_json, as_csv=as_csv, texts=texts)


def list_repayments(context: typer.Context, advance: Advance, as_json: Json = False, as_csv: Csv = False) -> None:
    """List what was repaid of an advance, the first first."""
    account, path = open_account(context.obj), f"{_path(advance)}/statement"
    currency = account.get(path, limit=1)["currency"]
    found = (each | {"currency": currency} for each in account.every(path))
    frame.listed(REPAYMENTS, found, as_json=as_json, as_csv=as_csv, texts=amounts.texts((*_PAID, _OUTSTANDING)))


def _path(advance: str) -> str:
    return f"{_PATH}/{quote(advance, safe='')}"


def _move(context: typer.Context, advance: str, event: str, body: Any = None, *, as_json: bool) -> None:
    _show(open_account(context.obj).post(f"{_path(advance)}/{event}", body), as_json=as_json)


def _show(advance: View, *, as_json: bool) -> None:
    frame.shown(advance, as_json=as_json, pairs=_pairs)


def _pairs(advance: View) -> Mapping[str, object]:
    currency = advance["currency"]
    repaid = ("principal_repaid", "interest_paid", "outstanding")
    return {
        "advance": advance["financing_id"],
        "status": advance["status"],
        "amount": amounts.told(advance["amount_minor_units"], currency),
        "yearly percent": advance["yearly_percent"],
        "instalments": advance["instalment_count"],
        "purpose": advance["purpose"],
        **{f"pledge {number}": _pledge(each, currency) for number, each in enumerate(advance["pledges"], 1)},
        **{f"layer {number}": _layer(each) for number, each in enumerate(advance["layers"], 1)},
        "requested by": advance["requested_by"],
        "reason": advance["reason"],
        "paid out on": advance["disbursed_on"],
        **{name.replace("_", " "): amounts.told(advance[f"{name}_minor_units"], currency) for name in repaid},
        "next due on": advance["next_due_on"],
        "project": advance["project_id"],
        "next": ", ".join(advance["allowed"]),
        "version": advance["version"],
    }


def _pledge(pledge: View, currency: str) -> str:
    what = pledge["invoice_id"] or pledge["project_milestone_id"]
    return f"{what}, {pledge['percentage']} %: {amounts.told(pledge['worth_minor_units'], currency)}"


def _layer(layer: View) -> str:
    given = sum(each["is_approval"] for each in layer["decisions"])
    return f"{layer['outcome']}, {given} of {layer['approvals']} approvals by {layer['by']}"
