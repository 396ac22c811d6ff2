"""What payments writes beside a milestone, for tests of what projects makes of it."""

from functions.projects.milestones import gates
from shared.storage import table
from shared.storage.writes import Put
from tests.projects.team import Person


def bills(ada: Person, milestone: str, *, open_invoices: int = 0, is_committed: bool = False) -> None:
    """Write the billing of a milestone, as payments does."""
    pk, sk = gates.billing_key(ada.tenant_id, milestone.rpartition("/")[2])
    item = {"PK": pk, "SK": sk, "entity": "Billing", "open_invoices": open_invoices, "is_committed": is_committed}
    table.transact([Put(item)])
