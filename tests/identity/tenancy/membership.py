"""The members of a tenant, and what is announced about them."""

from shared.storage import table
from tests.identity.people import Person, SignedIn

MEMBERS = "/api/v1/members"


def roles(by: SignedIn) -> dict[str, str]:
    return {member["user_id"]: member["role"] for member in by.get(MEMBERS).body["items"]}


def announced(person: Person) -> list[tuple[str, dict[str, str]]]:
    found = table.query_all(f"TENANT#{person.tenant_id}", f"EVENT#{person.user_id}#")
    return [(event["event_type"], event["data"]) for event in found]
