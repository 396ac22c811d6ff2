"""The gate of a milestone, and the billing beside it: all that projects and payments know of each other at once.

Projects alone writes the gate, in the transaction of every change that it shows. Payments alone writes the billing.
Each checks the other's item in its own transactions, because events come too late for money (decision 0105).
"""

from typing import Final

from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from shared.errors import Conflict
from shared.storage.attributes import Item, Key
from shared.storage.writes import Check, Condition, Put

_UNINVOICED: Final = Condition(
    "attribute_not_exists(#pk) OR #open = :none", {"#pk": "PK", "#open": "open_invoices"}, {":none": 0}
)
_UNCOMMITTED: Final = Condition(
    "attribute_not_exists(#pk) OR #committed = :no", {"#pk": "PK", "#committed": "is_committed"}, {":no": False}
)


class InvoiceOpen(Conflict):
    """409: an invoice of the milestone is open."""

    def __init__(self) -> None:
        super().__init__("An invoice of the milestone is open. Cancel or settle it first.")


class PaymentCommitted(Conflict):
    """409: the whole amount of the milestone is requested or paid."""

    def __init__(self) -> None:
        super().__init__("The whole amount of the milestone is requested or paid. It does not go back any more.")


def key(milestone: ProjectMilestone) -> Key:
    """Return the key of the gate of a milestone."""
    return Key(milestones.partition(milestone.tenant_id, milestone.project_milestone_id), "0GATE")


def billing_key(tenant_id: str, milestone_id: str) -> Key:
    """Return the key of the billing of a milestone, which payments writes."""
    return Key(milestones.partition(tenant_id, milestone_id), "0BILLING")


def written(milestone: ProjectMilestone) -> Put:
    """Return the write of the gate; the condition on the milestone's version, in the same transaction, guards it."""
    pk, sk = key(milestone)
    item: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "Gate",
        "project_id": milestone.project_id,
        "title": milestone.title,
        "status": milestone.status,
        "attempt": milestone.attempt,
        "stage": milestone.stage,
        "holds": [*milestone.held_by],
        "held_for": dict(milestone.held_for),
        "created_by": milestone.created_by,
        "approved_by": [*milestone.approved_by],
        "secondary_owners": [*milestone.secondary_owners],
        "version": milestone.version,
    }
    amount = milestone.amount_minor_units
    return Put(item if amount is None else item | {"amount_minor_units": amount, "currency": milestone.currency})


def is_committed(billing: Item | None) -> bool:
    """Return whether the whole amount is requested or paid."""
    return billing is not None and bool(billing["is_committed"])


def require_uninvoiced(milestone: ProjectMilestone, billing: Item | None) -> Check:
    """Return the check that no invoice is open. Raises InvoiceOpen if one is."""
    if billing is not None and billing["open_invoices"]:
        raise InvoiceOpen
    return Check(billing_key(milestone.tenant_id, milestone.project_milestone_id), _UNINVOICED)


def require_uncommitted(milestone: ProjectMilestone, billing: Item | None) -> Check:
    """Return the check that the amount is not committed. Raises PaymentCommitted if it is."""
    if is_committed(billing):
        raise PaymentCommitted
    return Check(billing_key(milestone.tenant_id, milestone.project_milestone_id), _UNCOMMITTED)
