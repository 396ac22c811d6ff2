"""Links for people from outside over GraphQL, on the functions that REST calls too."""

from functions.projects.graphql import View, claim, graphql, without_nulls
from functions.projects.resolver import DECIDE
from functions.projects.review_links import making


@graphql.field("Mutation", "createReviewLink", scope=DECIDE)
def create_review_link(verification_id: str, address: str, valid_days: int | None = None) -> View:
    """Make a link for somebody from outside."""
    from functions.projects.review_links import shapes  # noqa: PLC0415

    asked = without_nulls({"address": address, "valid_days": valid_days})
    sent = shapes.ReviewLinkSent.model_validate(asked)
    return making.make(graphql.caller, verification_id, sent.address, sent.valid_days, claim=claim())
