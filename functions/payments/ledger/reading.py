"""The ledger as callers read it."""

import re
from typing import Any, Final

from functions.payments.ledger import accounts, entries, statements
from functions.payments.ledger.accounts import LedgerAccountNotFound, Totals
from shared import clock
from shared.errors import InvalidInput

View = dict[str, Any]

_LOOKS: Final = 3
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def trial_balance(tenant_id: str, currency: str) -> View:
    """Return the sums of all accounts of a currency, by their kind, and whether both sides are the same.

    A query may see one half of a transaction that is just being written, so what is not balanced is read again.
    """
    for _ in range(_LOOKS):
        found = accounts.by_kind(tenant_id, currency)
        moved = accounts.total(found.values()) if found else Totals()
        if moved.is_balanced:
            break
    return {
        "currency": currency,
        "accounts": [accounts.view(kind, currency, each) for kind, each in sorted(found.items())],
        **accounts.amounts_of(moved),
        "is_balanced": moved.is_balanced,
    }


def statement(
    tenant_id: str, currency: str | None, code: str, month: str | None, *, limit: int, cursor: str | None
) -> View:
    """Return the statement of an account for a month, by default the present one. Without a currency there is none.

    Raises LedgerAccountNotFound, InvalidInput, Malformed.
    """
    if currency is None or not accounts.has_moved(tenant_id, currency, code):
        raise LedgerAccountNotFound
    return statements.show(tenant_id, currency, code, _month(month), limit=limit, cursor=cursor)


def journal(
    tenant_id: str, currency: str, month: str | None, *, limit: int, cursor: str | None
) -> tuple[list[View], str | None]:
    """Return a page of the entries of a month, the newest first. Raises InvalidInput, Malformed."""
    listed, further = entries.page(tenant_id, currency, _month(month), limit=limit, cursor=cursor)
    return [entries.view(each) for each in listed], further


def _month(asked: str | None) -> str:
    """Return a month such as `2026-11` as entries have it, without one the present. Raises InvalidInput."""
    if asked is not None and not _MONTH.fullmatch(asked):
        raise InvalidInput.of("month", "must be a month such as 2026-11")
    return entries.month_of(asked or clock.to_rfc3339(clock.now()))
