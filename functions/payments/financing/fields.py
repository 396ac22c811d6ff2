"""Financing requests over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.financing import deciding, disbursing, reading, repaying, requesting
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


@graphql.field("Query", "financingSchedule", scope=READ)
def financing_schedule(financing_id: str) -> View:
    """Resolve the instalments of an advance."""
    return _with_list(reading.schedule(graphql.caller, financing_id), "instalments")


@graphql.field("Query", "financingStatement", scope=READ)
def financing_statement(financing_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve what was advanced and repaid."""
    view = reading.statement(graphql.caller, financing_id, limit=limit_of(limit), cursor=next_token)
    token = view.pop("next_cursor")
    return _with_list(view, "items") | {"next_token": token}


@graphql.field("Mutation", "disburseFinancing", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def disburse_financing(financing_id: str, expected_version: int | None = None) -> View:
    """Pay an advance out."""
    match = if_match(expected_version)
    return shown(disbursing.disburse(graphql.caller, financing_id, if_match=match, claim=claim()))


@graphql.field("Mutation", "repayFinancing", scope=RELEASE, assurance=RECENT_SECOND_FACTOR)
def repay_financing(
    financing_id: str, amount_minor_units: str | None = None, expected_version: int | None = None
) -> View:
    """Repay an advance."""
    from functions.payments.financing import shapes  # noqa: PLC0415

    given = with_minor_units({"amount_minor_units": amount_minor_units}, "amount_minor_units")
    amount, match = shapes.FinancingRepaid.model_validate(given).amount_minor_units, if_match(expected_version)
    return shown(repaying.repay(graphql.caller, financing_id, amount, if_match=match, claim=claim()))


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
    return _with_list(view, "layers") | {"pledges": _with_list(view, "pledges")["pledges"]}


def _with_list(view: View, name: str) -> View:
    """Return a view with its amounts as `Money`, also those of one of its lists."""
    currency = view["currency"]
    return with_money(view) | {name: [with_money(each | {"currency": currency}) for each in view[name]]}
