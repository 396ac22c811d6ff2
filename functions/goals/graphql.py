"""Goals over GraphQL: what the fields of all subjects share."""

from functions.goals import goals
from shared.api.graphql import Fields
from shared.storage.idempotency import Claim

graphql = Fields(verbatim=frozenset({"answers"}))


def claim() -> Claim | None:
    """Return the claim of the `Idempotency-Key` that came with the field."""
    return graphql.claim(goals.partition(graphql.caller.user_id))


def if_match(expected_version: int | None) -> str | None:
    """Return the `If-Match` that REST would be sent for this version."""
    return None if expected_version is None else f'"{expected_version}"'
