"""A tenant with an approved milestone, its invoice and the payment of that, as projects and invoices write them."""

from dataclasses import dataclass, field, replace
from typing import Any

from functions.payments import payments
from functions.payments.billing import billings, gates
from functions.payments.billing.billings import Billing
from functions.payments.escrow import waiting
from functions.payments.gateways.gateways import Gateway
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from functions.payments.ledger import accounts, posting
from functions.payments.payments import Billed, Payment
from functions.payments.releases import process
from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings
from shared import clock, ids
from shared.callers import project_members
from shared.messaging import timers
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.writes import Put
from tests.payments import queue
from tests.payments.ledger.keeping import write
from tests.payments.releases.untrue import Untrue

TOTAL = 33_187_500
NET = 31_250_000
TOTALS = {
    "net_minor_units": NET,
    "retention_minor_units": 3_125_000,
    "taxable_minor_units": 28_125_000,
    "tax_minor_units": 5_062_500,
    "payable_minor_units": TOTAL,
    "taxes": [],
}


@dataclass
class World:
    """Who there is and what there is; Ada made the milestone, Ben owns it, Cleo approved it."""

    tenant_id: str = field(default_factory=lambda: ids.new("tenant"))
    project_id: str = field(default_factory=lambda: ids.new("prj"))
    milestone_id: str = field(default_factory=lambda: ids.new("pms"))
    ada: str = field(default_factory=lambda: ids.new("user"))
    ben: str = field(default_factory=lambda: ids.new("user"))
    cleo: str = field(default_factory=lambda: ids.new("user"))
    gateway: Gateway = field(default_factory=Untrue)
    currency: str = "EUR"

    def is_set(self, **more: Any) -> None:
        """Set what the tenant sets for its payments."""
        fields = {"gateway": self.gateway.name, "auto_release_limits": {"EUR": 10**9, "JPY": 10**9}, **more}
        table.transact([Put(settings.to_item(PaymentSettings(self.tenant_id, **fields)))])

    def holds(self, amount: int | None = None, *, escrow: bool = True) -> None:
        """Set whether the project is in escrow, and deposit an amount for it if one is named."""
        pk, sk = project_members.project_key(self.tenant_id, self.project_id)
        project: Item = {"PK": pk, "SK": sk, "entity": "Project", "status": "active", "currency": self.currency}
        table.transact([Put({**project, "escrow": escrow})])
        if amount is not None:
            self.deposits(amount)

    def deposits(self, amount: int) -> None:
        """Deposit an amount for the project, as its people do."""
        reference, now = f"{ids.new('dep')}#deposited", clock.now()
        whose = {"tenant_id": self.tenant_id, "project_id": self.project_id, "currency": self.currency}
        write(posting.entry("deposited", {"clearing": amount, "escrow": amount}, reference=reference, at=now, **whose))

    def held(self) -> Item:
        """Return the account of what is held for the project."""
        code = accounts.of_project("escrow", self.project_id)
        return table.get(accounts.key(self.tenant_id, self.currency, code), consistent=True) or {}

    def waiting(self) -> list[str]:
        """Return the payments of the project that wait for a deposit."""
        return [each["payment_id"] for each in waiting.of(self.tenant_id, self.project_id)]

    def wakes(self) -> list[str]:
        """Have those brought on that need not wait any more, as the queue does; return which those are."""
        with queue.taken() as messages:
            waiting.wake(self.tenant_id, self.project_id, queue_url=queue.QUEUE)
        told = [each["payment_id"] for each in messages]
        for payment_id in told:
            self.advances(payment_id)
        return told

    def gate(self, **more: Any) -> None:
        """Write the gate of the milestone, and who owns it."""
        now = table.get(gates.key(self.tenant_id, self.milestone_id), consistent=True) or {"version": 0}
        pk, sk = gates.key(self.tenant_id, self.milestone_id)
        gate: Item = {
            "PK": pk,
            "SK": sk,
            "entity": "Gate",
            "project_id": self.project_id,
            "status": "approved",
            "attempt": 1,
            "holds": [],
            "created_by": self.ada,
            "approved_by": [self.cleo],
            "amount_minor_units": NET,
            "currency": self.currency,
            "version": now["version"] + 1,
            **more,
        }
        owner = {"PK": pk, "SK": "PRIMARYOWNER", "entity": "PrimaryOwner", "user_id": self.ben, "is_active": True}
        table.transact([Put(gate), Put(owner)])

    def invoiced(self, **more: Any) -> str:
        """Issue an invoice of the whole milestone, with its payment, and return the id of that."""
        now = clock.now()
        invoice = self._invoice(clock.to_rfc3339(now))
        billed = Billed(
            self.tenant_id,
            self.project_id,
            self.milestone_id,
            invoice.invoice_id,
            "milestone",
            1,
            TOTAL,
            self.currency,
            self.ada,
            auto_release=True,
        )
        payment = payments.of_invoice(billed, invoice.payment_id or "", now)._replace(**more)
        before = Billing(self.tenant_id, self.milestone_id)
        billing = before._replace(open_invoices=1, share=1_000_000, net_minor_units=NET)
        born = payments.born(payment, "invoiced", now)
        table.transact([*invoices.born(invoice), *born, billings.changed(before, billing)])
        return payment.payment_id

    def _invoice(self, moment: str) -> Invoice:
        return Invoice(
            tenant_id=self.tenant_id,
            invoice_id=ids.new("inv"),
            project_id=self.project_id,
            project_milestone_id=self.milestone_id,
            kind="milestone",
            status="issued",
            currency=self.currency,
            lines=[],
            totals=TOTALS,
            terms={},
            created_by=self.ada,
            created_at=moment,
            updated_at=moment,
            version=1,
            share=1_000_000,
            sequence=1,
            payment_id=ids.new("pay"),
        )

    def advances(self, payment_id: str) -> Payment:
        """Let the process do what is due."""
        found = process.advance(self.tenant_id, payment_id, lambda _: self.gateway)
        assert found is not None
        return found

    def payment(self, payment_id: str) -> Payment:
        found = payments.find(self.tenant_id, payment_id)
        assert found is not None
        return found

    def billing(self) -> Billing:
        item = table.get(billings.key(self.tenant_id, self.milestone_id), consistent=True)
        return billings.of(self.tenant_id, self.milestone_id, item)

    def invoice(self, payment_id: str) -> Invoice:
        item = table.get(invoices.key(self.tenant_id, self.payment(payment_id).invoice_id), consistent=True)
        assert item is not None
        return invoices.from_item(item)

    def events(self, payment_id: str) -> list[str]:
        """Return what the events of a payment are called, the first first."""
        place = payments.partition(self.tenant_id, payment_id)
        return [item["event_type"].rpartition(".")[2] for item in table.query_all(place, "EVENT#")]

    def due(self) -> list[Item]:
        """Return what a sweep would find now."""
        shards = [timers.partition(payments.KIND, shard) for shard in range(timers.SHARDS)]
        found = [item for each in shards for item in table.query(each, "DUE#", index=True, limit=100).items]
        until = f"DUE#{clock.to_rfc3339(clock.now())}~"
        return [item for item in found if item["GSI1SK"] <= until]

    def sweeps(self) -> int:
        """Have everything looked at that is due, as the sweep does, and return how much that was."""
        found = self.due()
        for item in found:
            process.advance(item["tenant_id"], item["payment_id"], lambda _: self.gateway)
        return len(found)

    def beside(self, **more: Any) -> "World":
        """Return another approved milestone of the same project, with the same gateway, unless more says so."""
        other = replace(self, **{"milestone_id": ids.new("pms"), **more})
        other.gate()
        return other


def made(**settings: Any) -> World:
    """Return a tenant that is set up, with an approved milestone."""
    world = World()
    world.is_set(**settings)
    world.gate()
    return world
