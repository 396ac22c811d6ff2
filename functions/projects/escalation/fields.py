"""Escalations over GraphQL, on the functions that REST calls too."""

from typing import Any, Final

from functions.projects.escalation import actions, commands, raising, reading
from functions.projects.escalation.transition import Event
from functions.projects.escalations import Status
from functions.projects.graphql import View, claim, graphql, if_match, with_minor_units, without_nulls
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of

IMPACT: Final = "financial_impact_minor_units"

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "escalation", scope=READ)
def escalation(escalation_id: str) -> View:
    """Resolve one escalation."""
    return _shown(reading.escalation(graphql.caller, escalation_id))


@graphql.field("Query", "escalations", scope=READ)
def escalations(
    project_milestone_id: str | None = None,
    status: Status | None = None,
    due_before: str | None = None,
    limit: int | None = None,
    next_token: str | None = None,
) -> View:
    """Resolve a page of the escalations of a milestone, or of those in a status."""
    caller, most = graphql.caller, limit_of(limit)
    if project_milestone_id is None:
        found, token = reading.page_of_status(caller, status, due_before, limit=most, cursor=next_token)
    else:
        found, token = reading.page_of_milestone(caller, project_milestone_id, status, limit=most, cursor=next_token)
    return connection(([_shown(each) for each in found], token))


@graphql.field("Mutation", "raiseEscalation", scope=WRITE)
def raise_escalation(input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Raise an escalation of a milestone."""
    from functions.projects.escalation import shapes  # noqa: PLC0415

    draft = shapes.EscalationDraft.model_validate(with_minor_units(without_nulls(input), IMPACT))
    return _shown(raising.raise_(graphql.caller, draft.project_milestone_id, draft.fields(), claim=claim()))


@graphql.field("Mutation", "acknowledgeEscalation", scope=WRITE)
def acknowledge_escalation(escalation_id: str, expected_version: int | None = None) -> View:
    """Say that the caller sees to an escalation."""
    return _moved(escalation_id, "acknowledge", expected_version)


@graphql.field("Mutation", "escalateEscalation", scope=WRITE)
def escalate_escalation(escalation_id: str, expected_version: int | None = None) -> View:
    """Take an escalation to the next level."""
    return _moved(escalation_id, "escalate", expected_version)


@graphql.field("Mutation", "resolveEscalation", scope=WRITE)
def resolve_escalation(escalation_id: str, resolution: str, expected_version: int | None = None) -> View:
    """Resolve an escalation."""
    from functions.projects.escalation import shapes  # noqa: PLC0415

    sent = shapes.EscalationResolved.model_validate({"resolution": resolution})
    return _moved(escalation_id, "resolve", expected_version, sent.resolution)


@graphql.field("Mutation", "closeEscalation", scope=WRITE)
def close_escalation(escalation_id: str, expected_version: int | None = None) -> View:
    """Close a resolved escalation."""
    return _moved(escalation_id, "close", expected_version)


@graphql.field("Mutation", "rejectEscalation", scope=WRITE)
def reject_escalation(escalation_id: str, reason: str, expected_version: int | None = None) -> View:
    """Reject an escalation."""
    from functions.projects.escalation import shapes  # noqa: PLC0415

    sent = shapes.EscalationReasonSent.model_validate({"reason": reason})
    return _moved(escalation_id, "reject", expected_version, sent.reason)


@graphql.field("Mutation", "addEscalationAction", scope=WRITE)
def add_escalation_action(
    escalation_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Add an action to an escalation."""
    from functions.projects.escalation import shapes  # noqa: PLC0415

    fields = shapes.EscalationActionDraft.model_validate(without_nulls(input)).model_dump()
    match = if_match(expected_version)
    return _shown(actions.add(graphql.caller, escalation_id, fields, if_match=match, claim=claim()))


@graphql.field("Mutation", "completeEscalationAction", scope=WRITE)
def complete_escalation_action(escalation_id: str, action_id: str, expected_version: int | None = None) -> View:
    """Say that an action is done."""
    match = if_match(expected_version)
    return _shown(actions.complete(graphql.caller, escalation_id, action_id, if_match=match, claim=claim()))


def _moved(escalation_id: str, event: Event, expected_version: int | None, reason: str | None = None) -> View:
    match = if_match(expected_version)
    moved: View = commands.advance(graphql.caller, escalation_id, event, if_match=match, reason=reason, claim=claim())
    return _shown(moved)


def _shown(view: View) -> View:
    minor_units = view[IMPACT]
    return {**view, IMPACT: None if minor_units is None else str(minor_units)}
