"""Reports over GraphQL, on the functions that REST calls too."""

from functions.payments.graphql import View, graphql, with_money
from functions.payments.invoices.fields import of_currency
from functions.payments.reports import inflow, outstanding, paid
from functions.payments.reports.routes import MOST_MONTHS, MOST_WEEKS, known, today
from functions.payments.resolver import ADMIN, currency_of
from shared.api.graphql import connection, limit_of
from shared.errors import InvalidInput


@graphql.field("Query", "outstandingReport", scope=ADMIN)
def outstanding_report(currency: str | None = None) -> View:
    """Resolve what is outstanding, by currency and age."""
    found = outstanding.report(graphql.caller.tenant_id, today(graphql.caller), known(currency))
    return _shown(found, "ages")


@graphql.field("Query", "outstandingClients", scope=ADMIN)
def outstanding_clients(currency: str | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of what clients owe in a currency."""
    caller, asked, most = graphql.caller, currency_of(graphql.caller, currency), limit_of(limit)
    found, token = outstanding.of_clients(caller.tenant_id, today(caller), asked, limit=most, cursor=next_token)
    return connection(([_of(each, "ages") for each in found], token))


@graphql.field("Query", "inflowReport", scope=ADMIN)
def inflow_report(weeks: int | None = None, currency: str | None = None) -> View:
    """Resolve what will come in, by currency and week."""
    count = _count("weeks", weeks, MOST_WEEKS)
    return _shown(inflow.report(graphql.caller.tenant_id, today(graphql.caller), known(currency), count), "weeks")


@graphql.field("Query", "daysToPaidReport", scope=ADMIN)
def days_to_paid_report(months: int | None = None, currency: str | None = None) -> View:
    """Resolve how long clients take to pay, by currency and month."""
    count = _count("months", months, MOST_MONTHS)
    return _shown(paid.report(graphql.caller.tenant_id, today(graphql.caller), known(currency), count), "months")


def _count(name: str, asked: int | None, most: int) -> int:
    """Return how many weeks or months are asked for. Raises InvalidInput."""
    count = paid.YEAR if asked is None else asked
    if not 1 <= count <= most:
        raise InvalidInput.of(name, f"must be 1 to {most}")
    return count


def _shown(report: View, parts: str) -> View:
    return {**report, "currencies": [_of(each, parts) for each in report["currencies"]]}


def _of(view: View, parts: str) -> View:
    return with_money(view) | {parts: of_currency(view, parts)}
