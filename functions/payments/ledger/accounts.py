"""The accounts of a ledger: which there are, their items, and what callers see of them.

An account is one item of counters, to which every entry adds. It springs from the first. All accounts of a currency
lie together, so a trial balance is one query.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from shared import ids
from shared.callers import project_members
from shared.errors import NotFound
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Condition

View = dict[str, Any]
Category = Literal["asset", "liability", "income", "expense"]

PREFIX: Final = "ACCOUNT#"
AVAILABLE: Final = "available"
"""What the account of a project that cannot be overdrawn has left, without what is on its way out."""
RETURNED: Final = "returned"
"""What has gone back to the client from the account of a project; it is part of its debits."""
RETURNING: Final = "deposit_returned"
"""The kind of entry by which it goes back."""
_PER_PROJECT: Final = "."
_GROWS_BY_DEBITS: Final = ("asset", "expense")


class LedgerAccountNotFound(NotFound):
    """404: the ledger has no such account, or nothing has moved on it."""

    def __init__(self) -> None:
        super().__init__("The ledger has no such account, or nothing has moved on it.")


class Kind(NamedTuple):
    """What kind of account it is. One that `is_per_project` is there for each project, and cannot be overdrawn."""

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


def has_moved(tenant_id: str, currency: str, code: str) -> bool:
    """Return whether a ledger has an account of this code, on which something has moved; one read if it may have."""
    name, _, project_id = code.partition(_PER_PROJECT)
    kind = CHART.get(name)
    if kind is None or (not ids.is_valid(project_id, project_members.ID) if kind.is_per_project else code != name):
        return False
    return table.get(key(tenant_id, currency, code), consistent=True) is not None


def available(code: str, change: Totals) -> int:
    """Return by how much a change of an account changes what it has left, 0 of those that may be overdrawn.

    What is on its way out is gone already, and what is on its way in is not there yet.
    """
    if not CHART[kind_of(code)].is_per_project:
        return 0
    return change.credits_posted - change.debits_posted - change.debits_pending


def returned(kind: str, code: str, change: Totals) -> int:
    """Return by how much an entry of a kind changes what has gone back to the client from an account."""
    is_returning = kind == RETURNING and CHART[kind_of(code)].is_per_project
    return change.debits_posted - change.credits_posted if is_returning else 0


def covering(amount: int) -> Condition:
    """Return the condition that an account has at least this much left."""
    return Condition("#available >= :amount", {"#available": AVAILABLE}, {":amount": amount})


def lacking(amount: int) -> Condition:
    """Return the condition that an account has less than this left, as it has before anything moves on it."""
    names, values = {"#available": AVAILABLE}, {":amount": amount}
    return Condition("attribute_not_exists(#available) OR #available < :amount", names, values)


def is_guarded(place: Key) -> bool:
    """Return whether a key is that of an account that cannot be overdrawn."""
    code = place.sk.removeprefix(PREFIX)
    return place.sk.startswith(PREFIX) and CHART[kind_of(code)].is_per_project


def page(tenant_id: str, currency: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the accounts of a currency by their codes; one query. Raises Malformed."""
    found = table.query(partition(tenant_id, currency), PREFIX, limit=limit, cursor=cursor)
    return [view(code_of(item), currency, totals(item)) for item in found.items], found.next_cursor


def by_kind(tenant_id: str, currency: str) -> dict[str, Totals]:
    """Return what has moved on all accounts of a currency, by their kind; one query for each 1,000 accounts."""
    sums: dict[str, list[Totals]] = {}
    for item in table.query_all(partition(tenant_id, currency), PREFIX):
        sums.setdefault(kind_of(code_of(item)), []).append(totals(item))
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
        "balance_minor_units": balance(code, moved),
    }


def balance(code: str, moved: Totals) -> int:
    """Return what is posted on an account, positive on the side on which accounts of its category grow."""
    grown = moved.debits_posted - moved.credits_posted
    return grown if CHART[kind_of(code)].category in _GROWS_BY_DEBITS else -grown


def amounts_of(moved: Totals) -> View:
    """Return both sides, posted and pending, as callers see them."""
    return {
        "debits_minor_units": moved.debits_posted,
        "credits_minor_units": moved.credits_posted,
        "pending_debits_minor_units": moved.debits_pending,
        "pending_credits_minor_units": moved.credits_pending,
    }


def code_of(item: Item) -> str:
    """Return the code of the account of an item."""
    return str(item["SK"]).removeprefix(PREFIX)
