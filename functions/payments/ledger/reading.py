"""The ledger as callers read it."""

from typing import Any, Final

from functions.payments.ledger import accounts
from functions.payments.ledger.accounts import Totals

View = dict[str, Any]

_LOOKS: Final = 3


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
