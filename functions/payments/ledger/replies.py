"""What callers are answered about the ledger."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.replies import answered

_AMOUNTS = {"pending_debits_minor_units": 0, "pending_credits_minor_units": 0}
_RECEIVABLE: dict[str, Any] = {
    "code": "receivable",
    "name": "Invoices to be paid",
    "category": "asset",
    "currency": "EUR",
    "project_id": None,
    "debits_minor_units": 36312500,
    "credits_minor_units": 33187500,
    **_AMOUNTS,
    "balance_minor_units": 3125000,
}
_TRIAL_BALANCE: dict[str, Any] = {
    "currency": "EUR",
    "accounts": [_RECEIVABLE],
    "debits_minor_units": 69500000,
    "credits_minor_units": 69500000,
    **_AMOUNTS,
    "is_balanced": True,
}


class _Moved(BaseModel):
    debits_minor_units: int
    credits_minor_units: int
    pending_debits_minor_units: int = Field(description="What has begun and is not certain yet, as the next.")
    pending_credits_minor_units: int


class LedgerAccount(_Moved):
    """What has moved on an account of the ledger, or on all of a kind."""

    model_config = answered(_RECEIVABLE)

    code: str = Field(description="As in statements; that of a project is followed by its id.")
    name: str
    category: str = Field(description="`asset`, `liability`, `income` or `expense`.")
    currency: str = Field(description="ISO 4217.")
    project_id: str | None
    balance_minor_units: int = Field(
        description="Without what is pending; positive on the side on which accounts of this category grow."
    )


class LedgerAccounts(BaseModel):
    """A page of accounts."""

    model_config = answered({"items": [_RECEIVABLE], "next_cursor": None})

    items: list[LedgerAccount]
    next_cursor: str | None


class TrialBalance(_Moved):
    """The sums of all accounts of a currency, by their kind."""

    model_config = answered(_TRIAL_BALANCE)

    currency: str
    accounts: list[LedgerAccount]
    is_balanced: bool = Field(description="Whether debits and credits are the same, posted and pending.")
