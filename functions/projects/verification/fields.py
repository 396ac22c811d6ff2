"""The layers of a milestone over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.graphql import View, claim, graphql, with_money
from functions.projects.resolver import DECIDE, READ
from functions.projects.verification import decisions, reading, reassigning

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "projectMilestoneVerifications", scope=READ)
def project_milestone_verifications(project_milestone_id: str) -> View:
    """Resolve what is under review, and the layers of all attempts."""
    found = reading.of_milestone(graphql.caller, project_milestone_id)
    return found | {"subject": with_money(found["subject"])}


@graphql.field("Mutation", "decideVerification", scope=DECIDE)
def decide_verification(verification_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Approve or reject what is under review."""
    from functions.projects.verification import shapes  # noqa: PLC0415

    sent = shapes.DecisionSent.model_validate({name: value for name, value in input.items() if value is not None})
    return decisions.decide(graphql.caller, verification_id, sent.sent(), claim=claim())


@graphql.field("Mutation", "withdrawVerificationDecision", scope=DECIDE)
def withdraw_verification_decision(verification_id: str) -> View:
    """Take a decision back."""
    return decisions.withdraw(graphql.caller, verification_id, claim=claim())


@graphql.field("Mutation", "reassignVerification", scope=DECIDE)
def reassign_verification(verification_id: str, user_id: str, instead_of: str | None = None) -> View:
    """Give a seat to somebody else."""
    return reassigning.reassign(graphql.caller, verification_id, user_id, instead_of, claim=claim())
