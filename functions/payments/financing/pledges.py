"""What an advance is lent on: a share of a milestone, or an invoice of it, and each of them for one advance only.

The pledges of a milestone and of its invoices lie in its billing, which is written under its version. So of two who
pledge the same at once, one is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.billing import billings, gates
from functions.payments.billing.billings import Billing
from functions.payments.billing.gates import Gate
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice, InvoiceNotFound
from functions.payments.money import rates
from shared.errors import Conflict
from shared.storage import table
from shared.storage.writes import Check, Write, unchanged

_VERIFIED: Final = ("verified", "approved")


class AlreadyPledged(Conflict):
    """409: the milestone or the invoice is pledged already."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is pledged already. It is free again once that advance is rejected or repaid.")


class NotPledgeable(Conflict):
    """409: the milestone or the invoice cannot be pledged as it is now."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what} cannot be pledged, because {reason}.")


class Pledge(NamedTuple):
    """What is pledged: an invoice, or without one what is not invoiced yet of a milestone.

    The share is in millionths. `worth_minor_units` is what was to be paid of it then. Invoices of the milestone belong
    to its pledge from `from_sequence` on. `released_minor_units` is what was released of the milestone before.
    """

    project_milestone_id: str
    invoice_id: str | None
    share: int
    worth_minor_units: int
    from_sequence: int = 0
    released_minor_units: int = 0


class Ground(NamedTuple):
    """What was read of milestones and invoices that are to be pledged, or are."""

    gates: Mapping[str, Gate]
    billings: Mapping[str, Billing]
    invoices: Mapping[str, Invoice]


def read(tenant_id: str, milestone_ids: Sequence[str], invoice_ids: Sequence[str]) -> Ground:
    """Return milestones and invoices as they are now, with the milestones of the invoices; two calls.

    Raises BilledMilestoneNotFound, InvoiceNotFound.
    """
    keys = [invoices.key(tenant_id, each) for each in invoice_ids]
    found = [_invoice(item) for item in (table.get_many(keys, consistent=True) if keys else [])]
    milestones = [*dict.fromkeys([*milestone_ids, *(each.project_milestone_id for each in found)])]
    places = [*(gates.key(tenant_id, each) for each in milestones), *(billings.key(tenant_id, m) for m in milestones)]
    items = table.get_many(places, consistent=True)
    gate_items, billing_items = items[: len(milestones)], items[len(milestones) :]
    return Ground(
        {each: gates.of(item) for each, item in zip(milestones, gate_items, strict=True)},
        {each: billings.of(tenant_id, each, item) for each, item in zip(milestones, billing_items, strict=True)},
        {each.invoice_id: each for each in found},
    )


def of_milestone(ground: Ground, milestone_id: str) -> Pledge:
    """Return the pledge of what is not invoiced yet of a milestone. Raises AlreadyPledged, NotPledgeable."""
    gate, billing = ground.gates[milestone_id], ground.billings[milestone_id]
    if any(each["invoice_id"] is None for each in billing.pledges):
        raise AlreadyPledged("The milestone")
    reason = _against_milestone(gate, billing)
    if reason is not None:
        raise NotPledgeable("The milestone", reason)
    return Pledge(
        milestone_id,
        None,
        rates.WHOLE - billing.share,
        (gate.amount_minor_units or 0) - billing.net_minor_units,
        billing.next_sequence,
        billing.released_minor_units,
    )


def of_invoice(ground: Ground, invoice_id: str) -> Pledge:
    """Return the pledge of an invoice. Raises AlreadyPledged, NotPledgeable."""
    invoice = ground.invoices[invoice_id]
    gate, billing = ground.gates[invoice.project_milestone_id], ground.billings[invoice.project_milestone_id]
    if covering(billing, invoice) is not None:
        raise AlreadyPledged("The invoice")
    reason = _against_gate(gate) or _against_invoice(invoice)
    if reason is not None:
        raise NotPledgeable("The invoice", reason)
    return Pledge(invoice.project_milestone_id, invoice_id, invoice.invoiced.share, invoice.amount_due_minor_units)


def covering(billing: Billing, invoice: Invoice) -> str | None:
    """Return the id of the financing request that an invoice is pledged for, None if it is free."""
    return next((str(each["financing_id"]) for each in billing.pledges if _covers(each, invoice)), None)


def taken(billing: Billing, financing_id: str, pledges: Sequence[Pledge]) -> Billing:
    """Return the billing of a milestone with its part of these pledges."""
    own = [
        {
            "financing_id": financing_id,
            "invoice_id": each.invoice_id,
            "share": each.share,
            "from_sequence": each.from_sequence,
        }
        for each in pledges
        if each.project_milestone_id == billing.project_milestone_id
    ]
    return billing._replace(pledges=[*billing.pledges, *own])


def freed(tenant_id: str, financing_id: str, pledges: Sequence[Pledge]) -> list[Write]:
    """Return the writes by which nothing is pledged for a financing request any more; one call."""
    milestones = [*dict.fromkeys(each.project_milestone_id for each in pledges)]
    items = table.get_many([billings.key(tenant_id, each) for each in milestones], consistent=True)
    found = [billings.of(tenant_id, each, item) for each, item in zip(milestones, items, strict=True) if item]
    return [billings.changed(each, _without(each, financing_id)) for each in found]


def still(tenant_id: str, ground: Ground) -> list[Write]:
    """Return the checks that milestones and invoices are as they were read; billings are under their version."""
    return [
        *(gates.still(gates.key(tenant_id, each), gate) for each, gate in ground.gates.items()),
        *(Check(invoices.key(tenant_id, each), unchanged(own.version)) for each, own in ground.invoices.items()),
    ]


def worth(pledge: Pledge, ground: Ground) -> int:
    """Return what is still to be paid of what is pledged; nothing while its milestone is not verified, or is held."""
    gate, billing = ground.gates[pledge.project_milestone_id], ground.billings[pledge.project_milestone_id]
    if _against_gate(gate) is not None:
        return 0
    if pledge.invoice_id is not None:
        return ground.invoices[pledge.invoice_id].amount_due_minor_units
    released = billing.released_minor_units - pledge.released_minor_units
    return max(0, min(pledge.worth_minor_units, gate.amount_minor_units or 0) - released)


def unbilled(ground: Ground) -> list[Write]:
    """Return the checks that billings are as they were read, for a change that writes none of them."""
    return [
        Check(billings.key(each.tenant_id, each.project_milestone_id), unchanged(each.version))
        for each in ground.billings.values()
    ]


def _invoice(item: Mapping[str, Any] | None) -> Invoice:
    if item is None:
        raise InvoiceNotFound
    return invoices.from_item(dict(item))


def _covers(entry: Mapping[str, Any], invoice: Invoice) -> bool:
    if entry["invoice_id"] is None:
        return bool(invoice.sequence >= entry["from_sequence"])
    return bool(entry["invoice_id"] == invoice.invoice_id)


def _without(billing: Billing, financing_id: str) -> Billing:
    return billing._replace(pledges=[each for each in billing.pledges if each["financing_id"] != financing_id])


def _against_gate(gate: Gate) -> str | None:
    if gate.status not in _VERIFIED:
        return f"the milestone is {gate.status}, not verified"
    return "an escalation holds the milestone" if gate.holds else None


def _against_milestone(gate: Gate, billing: Billing) -> str | None:
    if (reason := _against_gate(gate)) is not None:
        return reason
    if gate.amount_minor_units is None:
        return "it has no amount"
    return None if billing.share < rates.WHOLE else "all of it is invoiced: pledge its invoices"


def _against_invoice(invoice: Invoice) -> str | None:
    if not invoice.is_open:
        return f"it is {invoice.status}"
    if invoice.paid_minor_units:
        return "a part of it is paid"
    return "its payment is being made" if invoice.is_in_release else None
