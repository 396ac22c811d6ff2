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


_POSTING: dict[str, Any] = {
    "reference": "inv_01KAEY5R7C2N8V4X6Z9B1D3F5H#issued",
    "kind": "invoice_issued",
    "posted_at": "2026-11-20T09:30:00.000Z",
    "debit_minor_units": 33187500,
    "credit_minor_units": 0,
}
_STATEMENT: dict[str, Any] = {
    "code": "receivable",
    "currency": "EUR",
    "month": "2026-11",
    "opening_balance_minor_units": 0,
    "debits_minor_units": 33187500,
    "credits_minor_units": 0,
    "closing_balance_minor_units": 33187500,
    "items": [_POSTING],
    "next_cursor": None,
}
_ENTRY: dict[str, Any] = {
    "reference": "inv_01KAEY5R7C2N8V4X6Z9B1D3F5H#issued",
    "kind": "invoice_issued",
    "status": "posted",
    "posted_at": "2026-11-20T09:30:00.000Z",
    "currency": "EUR",
    "project_id": "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "closes": None,
    "lines": [
        {"account": "receivable", "debit_minor_units": 33187500, "credit_minor_units": 0},
        {"account": "retention_receivable", "debit_minor_units": 3125000, "credit_minor_units": 0},
        {"account": "revenue", "debit_minor_units": 0, "credit_minor_units": 31250000},
        {"account": "tax_payable", "debit_minor_units": 0, "credit_minor_units": 5062500},
    ],
}


class Posting(BaseModel):
    """What an entry has posted on an account."""

    reference: str = Field(description="Of the entry.")
    kind: str = Field(description="What it was for, as docs/payments.md lists it.")
    posted_at: str
    debit_minor_units: int
    credit_minor_units: int


class AccountStatement(BaseModel):
    """What was posted on an account in a month, and its balances."""

    model_config = answered(_STATEMENT)

    code: str
    currency: str
    month: str = Field(description="In UTC.")
    opening_balance_minor_units: int = Field(description="Before the month, as `balance_minor_units` of the account.")
    debits_minor_units: int = Field(description="Of the whole month, as the next.")
    credits_minor_units: int
    closing_balance_minor_units: int
    items: list[Posting]
    next_cursor: str | None


class JournalLine(BaseModel):
    """What an entry moves on one account."""

    account: str
    debit_minor_units: int
    credit_minor_units: int


class JournalEntry(BaseModel):
    """What moved between accounts, for one reason."""

    model_config = answered(_ENTRY)

    reference: str = Field(description="What it is about; there is one entry of it.")
    kind: str = Field(description="What it was for, as docs/payments.md lists it.")
    status: str = Field(description="`posted`, `pending`, or what ends that: `settled` or `voided`.")
    posted_at: str
    currency: str
    project_id: str | None
    closes: str | None = Field(description="The entry that it settles, voids or reverses.")
    lines: list[JournalLine]


class JournalEntries(BaseModel):
    """A page of the journal."""

    model_config = answered({"items": [_ENTRY], "next_cursor": None})

    items: list[JournalEntry]
    next_cursor: str | None
