"""Erasing people from outside over GraphQL, on the functions that REST calls too."""

from functions.projects.erasing import erasures
from functions.projects.graphql import View, claim, graphql
from shared.callers.project_members import ADMIN


@graphql.field("Mutation", "eraseOutsider", scope=ADMIN)
def erase_outsider(address: str) -> View:
    """Have somebody from outside erased, and resolve the job that does it."""
    from functions.projects.erasing import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.OutsiderErasure.model_validate({"address": address})
    return erasures.begin(graphql.caller, sent.address, claim=claim())
