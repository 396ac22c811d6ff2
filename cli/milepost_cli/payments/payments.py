"""`milepost payments list|show|release|retry|hold|resume|confirm|refund|dispute|resolve`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.payments.named import OfProject, Payment, Reason, payment_path
from milepost_cli.projects import amounts
from milepost_cli.projects.named import project_id

COLUMNS = ("payment_id", "status", "amount_minor_units", "currency", "invoice_id", "waits_for")


class Status(StrEnum):
    """The statuses of payments."""

    PENDING = "pending"
    INVOICED = "invoiced"
    RELEASE_REQUESTED = "release_requested"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


OfStatus = Annotated[Status | None, typer.Option("--status", help="Only those in this status.")]
Made = Annotated[bool, typer.Option("--made/--not-made", help="Whether the money has certainly moved.")]
Reference = Annotated[str | None, typer.Option("--reference", help="What the bank calls it.")]
Part = Annotated[
    str | None, typer.Option("--amount", help="In the decimals of its currency, as 1250.50; else all that is left.")
]
Released = Annotated[str, typer.Option("--release", metavar="AMOUNT", help="What goes to the payee, as 1250.50.")]
Returned = Annotated[str, typer.Option("--refund", metavar="AMOUNT", help="What goes back to the client.")]


def list_payments(
    context: typer.Context,
    project: OfProject = None,
    status: OfStatus = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List the payments of a project, or of all projects whose money you see, the newest first."""
    account = open_account(context.obj)
    named = None if project is None else project_id(account, project)
    found = account.every("/payments", **frame.sent(project_id=named, status=status))
    texts = amounts.texts(("amount_minor_units",))
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, texts=texts, worked_out={"waits_for": _waits_for})


def show_payment(context: typer.Context, payment: Payment, as_json: Json = False) -> None:
    """Show a payment, what it waits for, and what gateways were asked."""
    show(open_account(context.obj).get(payment_path(payment)), as_json=as_json)


def release_payment(context: typer.Context, payment: Payment, as_json: Json = False) -> None:
    """Ask for the release of an invoiced payment; while its gate is closed it is held instead."""
    _move(context, payment, "release", as_json=as_json)


def retry_payment(context: typer.Context, payment: Payment, as_json: Json = False) -> None:
    """Try a failed payment again, under the same id."""
    _move(context, payment, "retry", as_json=as_json)


def hold_payment(context: typer.Context, payment: Payment, reason: Reason, as_json: Json = False) -> None:
    """Hold a payment, with a reason."""
    _move(context, payment, "hold", {"reason": reason}, as_json=as_json)


def resume_payment(context: typer.Context, payment: Payment, as_json: Json = False) -> None:
    """Let a held payment go on from where it was stopped."""
    _move(context, payment, "resume", as_json=as_json)


def confirm_payment(
    context: typer.Context, payment: Payment, is_made: Made, reference: Reference = None, as_json: Json = False
) -> None:
    """Say what became of a payment that a person makes, or that is in doubt."""
    body = frame.sent(is_made=is_made, reference=reference)
    _move(context, payment, "confirm", body, as_json=as_json)


def refund_payment(
    context: typer.Context, payment: Payment, reason: Reason, amount: Part = None, as_json: Json = False
) -> None:
    """Pay a part of a payment back, or all that is left of it."""
    body: View = {"reason": reason}
    if amount is not None:
        body["amount_minor_units"] = amounts.read(amount, _currency(context, payment))
    _move(context, payment, "refund", body, as_json=as_json)


def dispute_payment(context: typer.Context, payment: Payment, reason: Reason, as_json: Json = False) -> None:
    """Say that a payment is not right before it is made, which holds it."""
    _move(context, payment, "dispute", {"reason": reason}, as_json=as_json)


def resolve_dispute(
    context: typer.Context,
    payment: Payment,
    release: Released,
    refund: Returned,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Settle a dispute as a third person: what goes to the payee, and what back to the client."""
    currency = _currency(context, payment)
    body = {
        "release_minor_units": amounts.read(release, currency),
        "refund_minor_units": amounts.read(refund, currency),
        "resolution": reason,
    }
    _move(context, payment, "dispute/resolve", body, as_json=as_json)


def show(payment: View, *, as_json: bool) -> None:
    """Print one payment."""
    frame.shown(payment, as_json=as_json, pairs=_pairs)


def _move(context: typer.Context, payment: str, event: str, body: Any = None, *, as_json: bool) -> None:
    show(open_account(context.obj).post(f"{payment_path(payment)}/{event}", body), as_json=as_json)


def _currency(context: typer.Context, payment: str) -> str:
    return str(open_account(context.obj).get(payment_path(payment))["currency"])


def _waits_for(payment: View) -> str:
    return ", ".join(payment["reasons"])


def _pairs(payment: View) -> Mapping[str, object]:
    currency = payment["currency"]
    return {
        "payment": payment["payment_id"],
        "status": payment["status"],
        "waits for": _waits_for(payment),
        "held from": payment["held_from"],
        "note": payment["note"],
        "amount": amounts.told(payment["amount_minor_units"], currency),
        "refunded": amounts.told(payment["refunded_minor_units"], currency),
        "gateway": payment["gateway"],
        "from escrow": "yes" if payment["is_from_escrow"] else "no",
        "unsure": "yes" if payment["is_unsure"] else "no",
        "failure": payment["failure"],
        "requested by": payment["requested_by"],
        "settled at": payment["settled_at"],
        **{f"attempt {each['number']}": _attempt(each) for each in payment.get("attempts", [])},
        **_disputed(payment["dispute"] or {}),
        "invoice": payment["invoice_id"],
        "milestone": payment["project_milestone_id"],
        "next": ", ".join(payment["allowed"]),
        "version": payment["version"],
    }


def _attempt(attempt: View) -> str:
    known = attempt["outcome"] or "not known yet"
    return f"{attempt['gateway']}, {attempt['claimed_at']}: {known if attempt['reason'] is None else attempt['reason']}"


def _disputed(dispute: View) -> Mapping[str, object]:
    return {"dispute": dispute["reason"], "resolution": dispute["resolution"]} if dispute else {}
