"""`milepost ledger accounts|trial-balance|statement`."""

from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.options import Csv, Json
from milepost_cli.payments.named import Currency
from milepost_cli.projects import amounts
from milepost_cli.stops import Refused

_MOVED = ("debits_minor_units", "credits_minor_units")
_PENDING = ("pending_debits_minor_units", "pending_credits_minor_units")
ACCOUNTS = ("code", "category", *_MOVED, *_PENDING, "balance_minor_units", "currency")
BALANCED = ("code", *_MOVED, *_PENDING, "currency")
POSTINGS = ("posted_at", "kind", "debit_minor_units", "credit_minor_units", "currency", "reference")

Code = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The code of an account, as receivable.")]
OfMonth = Annotated[str | None, typer.Option("--month", help="In UTC, as 2026-11; else the present one.")]


def list_accounts(
    context: typer.Context, currency: Currency = None, as_json: Json = False, as_csv: Csv = False
) -> None:
    """List the accounts on which something has moved."""
    found = open_account(context.obj).every("/ledger/accounts", **frame.sent(currency=currency))
    texts = amounts.texts((*_MOVED, *_PENDING, "balance_minor_units"))
    frame.listed(ACCOUNTS, found, as_json=as_json, as_csv=as_csv, texts=texts)


def show_trial_balance(
    context: typer.Context, currency: Currency = None, as_json: Json = False, as_csv: Csv = False
) -> None:
    """Show what has moved by kinds of accounts, and the sums; ends with 1 if debits and credits differ."""
    found = open_account(context.obj).get("/ledger/trial-balance", **frame.sent(currency=currency))
    if as_json:
        terminal.document(found)
    else:
        rows = [*found["accounts"], found | {"code": "total"}]
        frame.listed(BALANCED, rows, as_json=False, as_csv=as_csv, texts=amounts.texts((*_MOVED, *_PENDING)))
    if not found["is_balanced"]:
        raise Refused("Debits and credits are not the same.")


def show_statement(
    context: typer.Context,
    code: Code,
    month: OfMonth = None,
    currency: Currency = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Show the balances of an account before and after a month, and what was posted on it in between."""
    first, *more = _pages(open_account(context.obj), code, frame.sent(currency=currency, month=month))
    items = [each | {"currency": first["currency"]} for page in (first, *more) for each in page["items"]]
    if as_json:
        postings = [posting for page in (first, *more) for posting in page["items"]]
        terminal.document({**first, "items": postings, "next_cursor": None})
        return
    if not as_csv:
        terminal.pairs(_balances(first))
    texts = amounts.texts(("debit_minor_units", "credit_minor_units"))
    frame.listed(POSTINGS, items, as_json=False, as_csv=as_csv, texts=texts)


def _pages(account: Account, code: str, wanted: View) -> Iterator[View]:
    cursor: str | None = None
    while True:
        path = f"/ledger/accounts/{quote(code, safe='')}/statement"
        page = account.get(path, limit=100, **wanted, **frame.sent(cursor=cursor))
        yield page
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _balances(statement: View) -> Mapping[str, object]:
    names = ("opening_balance", "debits", "credits", "closing_balance")
    found = {name: amounts.told(statement[f"{name}_minor_units"], statement["currency"]) for name in names}
    return {"month": statement["month"], **{name.replace("_", " "): text for name, text in found.items()}}
