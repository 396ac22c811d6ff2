"""How a payment is opened: with its invoice, the gate and the billing of its milestone, and who it is between.

Two calls. Of projects payments reads the gate, who the primary owner is, and the caller's own membership; it writes
none of them (decision 0125).
"""

from collections.abc import Sequence
from typing import NamedTuple

from functions.payments import access, payments
from functions.payments.access import Standing
from functions.payments.billing import billings, gates
from functions.payments.billing.billings import Billing
from functions.payments.billing.gates import Gate
from functions.payments.escrow import funds
from functions.payments.escrow.funds import Funds
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from functions.payments.payees import payees
from functions.payments.payees.payees import Payee
from functions.payments.payments import Payment, PaymentNotFound
from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings
from shared.callers import project_members, tenant_settings
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import table
from shared.storage.attributes import Item, Key


class Opened(NamedTuple):
    """A payment and what it depends on. `standing` is the caller's; background work has none."""

    payment: Payment
    invoice: Invoice
    gate: Gate
    billing: Billing
    settings: PaymentSettings
    payee: Payee
    primary_id: str | None
    time_zone: str = "UTC"
    standing: Standing | None = None

    @property
    def gate_key(self) -> Key:
        """The key of the gate that was read."""
        return gates.key(self.payment.tenant_id, self.payment.project_milestone_id)

    def payee_account(self, now: Instant) -> str | None:
        """Return what Stripe knows the payee by, None while none is in effect."""
        details = payees.in_effect(self.payee, now)
        return None if details is None else details.stripe_account

    def require_acting(self) -> None:
        """Require that the caller may ask for money of the project. Raises access.FinanceRequired."""
        if self.standing is not None:
            self.standing.require_acting()


def by_itself(tenant_id: str, payment_id: str) -> Opened | None:
    """Return a payment for background work, None if there is none, or its milestone is gone."""
    payment = payments.find(tenant_id, payment_id)
    return None if payment is None else _opened(payment, table.get_many(_keys(payment), consistent=True))


def to_claim(tenant_id: str, payment_id: str) -> tuple[Opened, Funds] | None:
    """Return a payment that is about to be claimed, and what its project pays from; None as `by_itself`."""
    payment = payments.find(tenant_id, payment_id)
    if payment is None:
        return None
    sources = funds.keys(tenant_id, payment.project_id, payment.currency)
    *items, project, account = table.get_many([*_keys(payment), *sources], consistent=True)
    opened = _opened(payment, items)
    return None if opened is None else (opened, funds.of([project, account]))


def payment(caller: Caller, payment_id: str, *, consistent: bool = True) -> Opened:
    """Return a payment whose money the caller sees. Raises PaymentNotFound."""
    item = table.get(payments.key(caller.tenant_id, payment_id), consistent=consistent)
    if item is None:
        raise PaymentNotFound
    found = payments.from_item(item)
    own = project_members.key(caller.tenant_id, found.project_id, caller.user_id)
    *items, member = table.get_many([*_keys(found), own], consistent=consistent)
    opened, standing = _opened(found, items), access.of_member(caller, member)
    if opened is None or not standing.sees:
        raise PaymentNotFound
    return opened._replace(standing=standing)


def _keys(payment: Payment) -> list[Key]:
    tenant_id, milestone_id = payment.tenant_id, payment.project_milestone_id
    return [
        invoices.key(tenant_id, payment.invoice_id),
        gates.key(tenant_id, milestone_id),
        billings.key(tenant_id, milestone_id),
        settings.key(tenant_id),
        payees.key(tenant_id),
        Key(billings.partition(tenant_id, milestone_id), "PRIMARYOWNER"),
        tenant_settings.key(tenant_id),
    ]


def _opened(payment: Payment, items: Sequence[Item | None]) -> Opened | None:
    invoice, gate, billing, set_up, payee, primary, tenant = items
    if invoice is None or gate is None:
        return None
    return Opened(
        payment,
        invoices.from_item(invoice),
        gates.of(gate),
        billings.of(payment.tenant_id, payment.project_milestone_id, billing),
        settings.of(payment.tenant_id, set_up),
        payees.of(payment.tenant_id, payee),
        None if primary is None else primary["user_id"],
        tenant_settings.from_item(tenant or {}).time_zone,
    )
