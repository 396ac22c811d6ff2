"""What the table holds of sequences."""

from typing import Any

from tests.aws.quick.table import everything
from tests.sequences.people import Person


def items(tenant_id: str) -> list[dict[str, Any]]:
    """Return every item of a tenant's sequences and elements."""
    return [each for each in everything() if f"#{tenant_id}#" in each["PK"] or each.get("tenant_id") == tenant_id]


def events_of(person: Person, event_type: str) -> list[dict[str, Any]]:
    """Return the data of all events of a type."""
    return [each["data"] for each in items(person.tenant_id) if each.get("event_type") == event_type]
