"""Leads whose totals are wrong."""

from functions.audience.leads import leads
from shared.storage import table
from tests.audience.people import Person


def damage(person: Person, lead_id: str) -> None:
    """Change the totals of a lead behind the back of its orders: 7 was spent, on no day."""
    stored = leads.get(person.tenant_id, lead_id)
    wrong = stored._replace(order_spend=7, order_at=None, version=stored.version + 1)
    table.transact([leads.written(stored, wrong)])
