"""The statement of an account: what was posted in a month, with the balances before and after it.

There is no running balance, on which all postings of an account would have to wait for each other. Each posting adds
to the totals of its month, and the balance before a month is the sum of the months before it.
"""

from collections.abc import Iterator
from typing import Any, Final

from functions.payments.ledger import accounts
from functions.payments.ledger.accounts import Totals
from functions.payments.ledger.entries import Entry, Line
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Add, Put, Write

View = dict[str, Any]

_POSTING: Final = "POSTING#"
_MONTH: Final = "MONTH#"


def partition(tenant_id: str, currency: str, code: str) -> str:
    """Return the partition of what was posted on an account."""
    return f"{accounts.partition(tenant_id, currency)}#{code}"


def written(made: Entry, line: Line) -> Iterator[Write]:
    """Yield the writes of the posting of a line, and of what it adds to its month."""
    place = partition(made.tenant_id, made.currency, line.account)
    item: Item = {
        "PK": place,
        "SK": f"{_POSTING}{made.posted_at}#{made.reference}",
        "entity": "Posting",
        "reference": made.reference,
        "kind": made.kind,
        "posted_at": made.posted_at,
        "debit": line.debit,
        "credit": line.credit,
    }
    yield Put(item, ABSENT)
    yield Add(Key(place, f"{_MONTH}{made.month}"), {"debits": line.debit, "credits": line.credit})


def show(tenant_id: str, currency: str, code: str, month: str, *, limit: int, cursor: str | None) -> View:
    """Return the statement of an account for a month, with a page of its postings, the oldest first; two queries.

    `month` is as `202611`. Raises Malformed.
    """
    place = partition(tenant_id, currency, code)
    before, own = _moved(place, month)
    day = f"{month[:4]}-{month[4:]}"
    found = table.query(place, f"{_POSTING}{day}", limit=limit, cursor=cursor)
    after = accounts.total([before, own])
    return {
        "code": code,
        "currency": currency,
        "month": day,
        "opening_balance_minor_units": accounts.balance(code, before),
        "debits_minor_units": own.debits_posted,
        "credits_minor_units": own.credits_posted,
        "closing_balance_minor_units": accounts.balance(code, after),
        "items": [_posting(item) for item in found.items],
        "next_cursor": found.next_cursor,
    }


def _moved(place: str, month: str) -> tuple[Totals, Totals]:
    """Return what was posted before a month, and in it."""
    before, own = [Totals()], Totals()
    for item in table.query_all(place, _MONTH):
        found = item["SK"].removeprefix(_MONTH)
        totals = Totals(item["debits"], item["credits"])
        if found < month:
            before.append(totals)
        elif found == month:
            own = totals
    return accounts.total(before), own


def _posting(item: Item) -> View:
    return {
        "reference": item["reference"],
        "kind": item["kind"],
        "posted_at": item["posted_at"],
        "debit_minor_units": item["debit"],
        "credit_minor_units": item["credit"],
    }
