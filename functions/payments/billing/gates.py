"""The gate of a milestone, as payments reads it: what projects says of it, and the condition that it still is so.

Projects alone writes it (decision 0105).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from functions.payments.billing import billings
from functions.payments.billing.billings import BilledMilestoneNotFound
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import Check, Condition


class Gate(NamedTuple):
    """What projects says of a milestone; amount and currency are there together, or neither is.

    `held_for` names the payments that some of its holds are about, and `stage` is its status, or while it is escalated
    that of before. `secondary_owners` are people and teams.
    """

    project_id: str
    status: str
    attempt: int
    version: int
    holds: Sequence[str] = ()
    title: str = ""
    amount_minor_units: int | None = None
    currency: str | None = None
    created_by: str = ""
    approved_by: Sequence[str] = ()
    held_for: Mapping[str, str] = {}
    stage: str = ""
    secondary_owners: Sequence[str] = ()

    def holds_of(self, payment_id: str) -> list[str]:
        """Return the escalations that keep a payment back: those about payments hold none that is in trouble itself."""
        is_troubled = payment_id in self.held_for.values()
        return [each for each in self.holds if not (is_troubled and each in self.held_for)]

    def status_of(self, payment_id: str) -> str:
        """Return the status that counts for a payment: that of before while only its trouble stops the milestone."""
        is_free = self.status == "escalated" and not self.holds_of(payment_id)
        return self.stage if is_free else self.status


def key(tenant_id: str, milestone_id: str) -> Key:
    """Return the key of the gate of a milestone. Raises BilledMilestoneNotFound for an id that none can have."""
    return Key(billings.partition(tenant_id, milestone_id), "0GATE")


def of(item: Item | None) -> Gate:
    """Return the gate that an item holds. Raises BilledMilestoneNotFound without one."""
    if item is None:
        raise BilledMilestoneNotFound
    return records.from_item(Gate, item)


def still(place: Key, gate: Gate) -> Check:
    """Return the check that a milestone has the status, the amount and the currency that were read."""
    names = {"#status": "status", "#amount": "amount_minor_units", "#currency": "currency"}
    values = {":status": gate.status, ":amount": gate.amount_minor_units, ":currency": gate.currency}
    return Check(place, Condition("#status = :status AND #amount = :amount AND #currency = :currency", names, values))
