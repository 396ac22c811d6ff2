"""Financing requests over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.financing import deciding, reading, requesting
from functions.payments.financing.transition import Status
from functions.payments.graphql import View, claim, graphql, if_match, with_minor_units, with_money, without_nulls
from functions.payments.resolver import READ, RELEASE, WRITE
from shared.api.graphql import connection, limit_of
from shared.callers.step_up import RECENT_SECOND_FACTOR

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "financingRequest", scope=READ)
def financing_request(financing_id: str) -> View:
    """Resolve one financing request."""
    return shown(reading.financing(graphql.caller, financing_id))


@graphql.field("Query", "financingRequests", scope=READ)
def financing_requests(status: Status | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of financing requests."""
    found, token = reading.page(graphql.caller, status, limit=limit_of(limit), cursor=next_token)
    return connection(([shown(each) for each in found], token))


@graphql.field("Mutation", "requestFinancing", scope=WRITE)
def request_financing(input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Ask for an advance."""
    from functions.payments.financing import shapes  # noqa: PLC0415

    sent = shapes.FinancingRequested.model_validate(without_nulls(with_minor_units(input, "amount_minor_units")))
    return shown(requesting.request(graphql.caller, sent.asked(), claim=claim()))


@graphql.field("Mutation", "approveFinancing", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def approve_financing(financing_id: str, note: str | None = None, expected_version: int | None = None) -> View:
    """Approve an advance."""
    from functions.payments.financing import shapes  # noqa: PLC0415

    sent, match = shapes.FinancingApproved.model_validate({"note": note or ""}), if_match(expected_version)
    return shown(deciding.approve(graphql.caller, financing_id, sent.note, if_match=match, claim=claim()))


@graphql.field("Mutation", "rejectFinancing", scope=RELEASE)
def reject_financing(financing_id: str, reason: str, expected_version: int | None = None) -> View:
    """Reject or withdraw an advance."""
    from functions.payments.financing import shapes  # noqa: PLC0415

    sent, match = shapes.FinancingRejected.model_validate({"reason": reason}), if_match(expected_version)
    return shown(deciding.reject(graphql.caller, financing_id, sent.reason, if_match=match, claim=claim()))


def shown(view: View) -> View:
    """Return a financing request with its amounts as `Money`, also those of its layers and pledges."""
    currency = view["currency"]
    lists = {name: [with_money(each | {"currency": currency}) for each in view[name]] for name in ("layers", "pledges")}
    return with_money(view) | lists
