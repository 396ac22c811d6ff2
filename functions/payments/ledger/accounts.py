"""The accounts of a ledger: which there are, their items, and what callers see of them.

An account is one item of counters, to which every entry adds. It springs from the first. All accounts of a currency
lie together, so a trial balance is one query.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from shared.storage import table
from shared.storage.attributes import Item, Key

View = dict[str, Any]
Category = Literal["asset", "liability", "income", "expense"]

PREFIX: Final = "ACCOUNT#"
_PER_PROJECT: Final = "."
_GROWS_BY_DEBITS: Final = ("asset", "expense")


class Kind(NamedTuple):
    """What kind of account it is. An account `is_per_project` where each project has its own."""

    name: str
    category: Category
    is_per_project: bool = False


CHART: Final[Mapping[str, Kind]] = {
    "advance_payable": Kind("Advances to be repaid", "liability"),
    "clearing": Kind("Payments on their way", "asset"),
    "escrow": Kind("Deposits held for a project", "liability", is_per_project=True),
    "interest": Kind("Interest on advances", "expense"),
    "receivable": Kind("Invoices to be paid", "asset"),
    "retention_receivable": Kind("Retentions to be invoiced", "asset"),
    "revenue": Kind("Revenue", "income"),
    "revenue_return": Kind("Revenue paid back", "income"),
    "tax_payable": Kind("Tax to be paid on", "liability"),
}
"""The kinds of accounts, by the first part of their codes."""


class Totals(NamedTuple):
    """What has moved on an account since it is there, in minor units."""

    debits_posted: int = 0
    credits_posted: int = 0
    debits_pending: int = 0
    credits_pending: int = 0

    @property
    def is_balanced(self) -> bool:
        """Whether both sides are the same, posted and pending."""
        return (self.debits_posted, self.debits_pending) == (self.credits_posted, self.credits_pending)


def partition(tenant_id: str, currency: str) -> str:
    """Return the partition of the accounts of a currency."""
    return f"TENANT#{tenant_id}#LEDGER#{currency}"


def key(tenant_id: str, currency: str, code: str) -> Key:
    """Return the key of an account."""
    return Key(partition(tenant_id, currency), f"{PREFIX}{code}")


def of_project(kind: str, project_id: str) -> str:
    """Return the code of the account of this kind that a project has."""
    return f"{kind}{_PER_PROJECT}{project_id}"


def kind_of(code: str) -> str:
    """Return the kind of an account."""
    return code.partition(_PER_PROJECT)[0]


def page(tenant_id: str, currency: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the accounts of a currency by their codes; one query. Raises Malformed."""
    found = table.query(partition(tenant_id, currency), PREFIX, limit=limit, cursor=cursor)
    return [view(_code(item), currency, totals(item)) for item in found.items], found.next_cursor


def by_kind(tenant_id: str, currency: str) -> dict[str, Totals]:
    """Return what has moved on all accounts of a currency, by their kind; one query for each 1,000 accounts."""
    sums: dict[str, list[Totals]] = {}
    for item in table.query_all(partition(tenant_id, currency), PREFIX):
        sums.setdefault(kind_of(_code(item)), []).append(totals(item))
    return {kind: total(each) for kind, each in sums.items()}


def totals(item: Item) -> Totals:
    """Return what has moved on the account of an item."""
    return Totals(**{name: item.get(name, 0) for name in Totals._fields})


def total(several: Iterable[Totals]) -> Totals:
    """Return what has moved on several accounts together."""
    return Totals(*map(sum, zip(*several, strict=True)))


def view(code: str, currency: str, moved: Totals) -> View:
    """Return what callers see of an account, or of all of a kind under the code of the kind."""
    kind = CHART[kind_of(code)]
    return {
        "code": code,
        "name": kind.name,
        "category": kind.category,
        "currency": currency,
        "project_id": code.partition(_PER_PROJECT)[2] or None,
        **amounts_of(moved),
        "balance_minor_units": _balance(kind, moved),
    }


def amounts_of(moved: Totals) -> View:
    """Return both sides, posted and pending, as callers see them."""
    return {
        "debits_minor_units": moved.debits_posted,
        "credits_minor_units": moved.credits_posted,
        "pending_debits_minor_units": moved.debits_pending,
        "pending_credits_minor_units": moved.credits_pending,
    }


def _balance(kind: Kind, moved: Totals) -> int:
    grown = moved.debits_posted - moved.credits_posted
    return grown if kind.category in _GROWS_BY_DEBITS else -grown


def _code(item: Item) -> str:
    return str(item["SK"]).removeprefix(PREFIX)
