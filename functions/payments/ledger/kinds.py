"""The posting table: which accounts each kind of entry debits and credits. Pure.

An entry is made of amounts by account, and has a kind of this table, so it moves nothing that its kind does not.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from functions.payments.ledger import accounts
from functions.payments.ledger.entries import Line


class Unbalanced(ValueError):
    """Debits and credits of an entry differ, or are negative: a mistake of the code that made it."""


class Kind(NamedTuple):
    """Which accounts are debited and credited, and what happened."""

    debits: Sequence[str]
    credits: Sequence[str]
    happened: str


KINDS: Final[Mapping[str, Kind]] = {
    "invoice_issued": Kind(("receivable", "retention_receivable"), ("revenue", "tax_payable"), "an invoice was issued"),
    "retention_invoiced": Kind(("receivable",), ("retention_receivable", "tax_payable"), "a retention was invoiced"),
    "credit_noted": Kind(
        ("revenue", "tax_payable"),
        ("receivable", "retention_receivable"),
        "a share of an invoice was credited: the reverse of issuing it",
    ),
    "retention_credited": Kind(
        ("retention_receivable", "tax_payable"), ("receivable",), "a share of a retention's invoice was credited"
    ),
    "payment_released": Kind(("clearing",), ("receivable",), "a payment goes to the payee: pending, then settled"),
    "payment_recorded": Kind(("clearing",), ("receivable",), "the client has paid outside of Milepost"),
    "escrow_released": Kind(("escrow",), ("receivable",), "a payment out of the deposits of its project"),
    "refunded": Kind(("revenue_return", "tax_payable"), ("clearing",), "a payment was refunded"),
    "deposited": Kind(("clearing",), ("escrow",), "money was deposited for a project"),
    accounts.RETURNING: Kind(("escrow",), ("clearing",), "what was left of deposits was paid back to the client"),
    "advanced": Kind(("clearing",), ("advance_payable",), "an advance was paid out"),
    "instalment_repaid": Kind(("advance_payable", "interest"), ("clearing",), "an instalment was repaid"),
}
"""The kinds of entries by their names; the reversal of one is the same with its sides exchanged."""


def lines(kind: str, amounts: Mapping[str, int], *, project_id: str | None = None) -> list[Line]:
    """Return the lines of an entry of this kind: what it moves on each account, in minor units, none of which is 0.

    `project_id` is for accounts that each project has one of. Raises Unbalanced.
    """
    table = KINDS[kind]
    if amounts.keys() - {*table.debits, *table.credits}:
        raise Unbalanced(f"{kind} moves nothing on {sorted(amounts.keys() - {*table.debits, *table.credits})}")
    debits = [Line(_code(name, project_id), debit=amounts.get(name, 0)) for name in table.debits]
    credits_ = [Line(_code(name, project_id), credit=amounts.get(name, 0)) for name in table.credits]
    return require_balanced([line for line in (*debits, *credits_) if line.debit or line.credit])


def require_balanced(several: Sequence[Line]) -> list[Line]:
    """Return the lines of a balanced entry, one for each account, in the order of their codes. Raises Unbalanced."""
    if any(line.debit < 0 or line.credit < 0 for line in several):
        raise Unbalanced("an amount is negative")
    folded = [_folded(account, several) for account in sorted({line.account for line in several})]
    debits, credits_ = sum(line.debit for line in folded), sum(line.credit for line in folded)
    if debits != credits_ or not debits:
        raise Unbalanced(f"debits are {debits}, credits {credits_}")
    return folded


def exchanged(several: Sequence[Line]) -> list[Line]:
    """Return the lines with their sides exchanged."""
    return [Line(line.account, debit=line.credit, credit=line.debit) for line in several]


def _folded(account: str, several: Sequence[Line]) -> Line:
    own = [line for line in several if line.account == account]
    return Line(account, sum(line.debit for line in own), sum(line.credit for line in own))


def _code(name: str, project_id: str | None) -> str:
    if not accounts.CHART[name].is_per_project:
        return name
    if project_id is None:
        raise Unbalanced(f"{name} is an account of a project, and none was named")
    return accounts.of_project(name, project_id)
