"""A ledger that tests post to, as the contexts' changes do."""

from dataclasses import dataclass
from typing import Any

from functions.payments.ledger import entries, posting, reading
from functions.payments.ledger.entries import Entry, Status
from shared import clock
from shared.storage import changes
from shared.storage.changes import Plan

PROJECT = "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H"
EXAMPLE = {"receivable": 33187500, "retention_receivable": 3125000, "revenue": 31250000, "tax_payable": 5062500}


def write(entry: Entry) -> Entry:
    """Post an entry in a transaction of its own, and return it. Raises what posting refuses."""
    return changes.make(lambda: Plan(entry, posting.writes(entry), refuse=posting.refuse))


@dataclass(frozen=True)
class Ledger:
    """The ledger of a tenant in a currency, and the project whose accounts are moved."""

    tenant_id: str
    currency: str = "EUR"
    project_id: str = PROJECT

    def entry(self, kind: str, reference: str, status: Status = "posted", **amounts: int) -> Entry:
        return posting.entry(
            kind,
            amounts,
            tenant_id=self.tenant_id,
            currency=self.currency,
            reference=reference,
            at=clock.now(),
            project_id=self.project_id,
            status=status,
        )

    def post(self, kind: str, reference: str, status: Status = "posted", **amounts: int) -> Entry:
        return write(self.entry(kind, reference, status, **amounts))

    def moves(self, kind: str, reference: str, amount: int, status: Status = "posted") -> Entry:
        """Post an amount from the first account that this kind credits to the first that it debits."""
        table = posting.kinds.KINDS[kind]
        return self.post(kind, reference, status, **{table.debits[0]: amount, table.credits[0]: amount})

    def settle(self, pending: Entry) -> Entry:
        return write(posting.settling(pending, reference=f"{pending.reference}#settled", at=clock.now()))

    def void(self, pending: Entry) -> Entry:
        return write(posting.voiding(pending, reference=f"{pending.reference}#voided", at=clock.now()))

    def reverse(self, posted: Entry) -> Entry:
        return write(posting.reversing(posted, at=clock.now()))

    def find(self, reference: str) -> Entry:
        return entries.find(self.tenant_id, reference)

    def balances(self) -> dict[str, int]:
        """Return the balance of each kind of account."""
        return {each["code"]: each["balance_minor_units"] for each in self.shown()["accounts"]}

    def pending(self) -> tuple[int, int]:
        shown = self.shown()
        return shown["pending_debits_minor_units"], shown["pending_credits_minor_units"]

    def shown(self) -> dict[str, Any]:
        return reading.trial_balance(self.tenant_id, self.currency)
