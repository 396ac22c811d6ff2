"""What payments writes beside a milestone, and the gate that it reads, for tests of what projects makes of them."""

from typing import Any

from functions.projects.milestones import gates, milestones
from shared.storage import table
from shared.storage.writes import Put
from tests.projects.team import Person


def bills(ada: Person, milestone: str, *, open_invoices: int = 0, is_committed: bool = False) -> None:
    """Write the billing of a milestone, as payments does."""
    pk, sk = gates.billing_key(ada.tenant_id, milestone.rpartition("/")[2])
    item = {"PK": pk, "SK": sk, "entity": "Billing", "open_invoices": open_invoices, "is_committed": is_committed}
    table.transact([Put(item)])


def gate(ada: Person, milestone: str) -> dict[str, Any]:
    """Return the gate of a milestone as it is stored."""
    item = table.get(milestones.key(ada.tenant_id, milestone.rpartition("/")[2]), consistent=True)
    assert item is not None
    found = table.get(gates.key(milestones.from_item(item)), consistent=True)
    assert found is not None
    return found
