"""`milepost projects deposits|deposit|escrow`."""

from collections.abc import Mapping
from typing import Annotated

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json
from milepost_cli.projects import amounts
from milepost_cli.projects.named import Project, project_path

Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="In the decimals of the project's currency, as 1250.50.")]
Part = Annotated[str | None, typer.Option("--amount", help="In the decimals of the currency; by default what is left.")]
Reason = Annotated[str, typer.Option("--reason", help="Why it is paid back.")]
Escrow = Annotated[bool, typer.Option("--on/--off", help="Whether its payments are made from its deposits alone.")]


def show_deposits(context: typer.Context, project: Project, as_json: Json = False) -> None:
    """Show what is held of the deposits for a project, and which payments wait for more."""
    account = open_account(context.obj)
    frame.shown(account.get(f"{project_path(account, project)}/deposits"), as_json=as_json, pairs=_held)


def make_deposit(context: typer.Context, project: Project, amount: Amount, as_json: Json = False) -> None:
    """Record that the client has deposited an amount for a project; what waits for it goes on."""
    account = open_account(context.obj)
    path = project_path(account, project)
    currency = str(account.get(path)["currency"])
    deposit = {"amount_minor_units": amounts.read(amount, currency), "currency": currency}
    frame.shown(account.post(f"{path}/deposits", deposit), as_json=as_json, pairs=_made)


def return_deposits(
    context: typer.Context, project: Project, reason: Reason, amount: Part = None, as_json: Json = False
) -> None:
    """Record that deposits were paid back to the client: an amount, or all that is left."""
    account = open_account(context.obj)
    path = project_path(account, project)
    body: dict[str, object] = {"reason": reason}
    if amount is not None:
        body["amount_minor_units"] = amounts.read(amount, str(account.get(path)["currency"]))
    frame.shown(account.post(f"{path}/deposits/return", body), as_json=as_json, pairs=_returned)


def set_escrow(context: typer.Context, project: Project, escrow: Escrow, as_json: Json = False) -> None:
    """Have the payments of a project made from its deposits alone, or not any more."""
    account = open_account(context.obj)
    changed = account.patch(project_path(account, project), {"escrow": escrow})
    frame.shown(changed, as_json=as_json, pairs=lambda each: {"project": each["project_id"], "escrow": _told(each)})


def _held(held: View) -> Mapping[str, object]:
    names = ("deposited", "released", "returned", "pending", "available")
    return {
        "project": held["project_id"],
        "escrow": _told(held),
        **{name: amounts.told(held[f"{name}_minor_units"], held["currency"]) for name in names},
        **{
            f"waits {each['payment_id']}": amounts.told(each["amount_minor_units"], held["currency"])
            for each in held["waiting"]
        },
    }


def _made(deposit: View) -> Mapping[str, object]:
    return {
        "deposit": deposit["deposit_id"],
        "project": deposit["project_id"],
        "amount": amounts.told(deposit["amount_minor_units"], deposit["currency"]),
        "deposited at": deposit["deposited_at"],
    }


def _returned(back: View) -> Mapping[str, object]:
    return {
        "deposit return": back["deposit_return_id"],
        "project": back["project_id"],
        "amount": amounts.told(back["amount_minor_units"], back["currency"]),
        "returned at": back["returned_at"],
    }


def _told(thing: View) -> str:
    return "yes" if thing["escrow"] else "no"
