"""Reports over REST, as JSON or as a sheet."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from functions.payments import resolver
from functions.payments.money import amounts
from functions.payments.reports import inflow, outstanding, paid, sheets
from functions.payments.resolver import ADMIN, api
from shared import clock, days
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit, answer
from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.errors import InvalidInput, Malformed

replies = Replies("functions.payments.reports.replies")

REPORTS: Final = "/api/v1/reports"
SHEET: Final = "text/csv"
NEXT: Final = "X-Next-Cursor"
MOST_WEEKS: Final = 52
MOST_MONTHS: Final = 24

InCurrency = Annotated[
    str | None, Query(min_length=3, max_length=3, description="Only this one (ISO 4217); otherwise each by itself.")
]
Weeks = Annotated[int, Query(ge=1, le=MOST_WEEKS, description="How many weeks, with the present one.")]
Months = Annotated[int, Query(ge=1, le=MOST_MONTHS, description="How many months, with the present one.")]
Format = Annotated[
    Literal["json", "csv"] | None,
    Query(description="`csv` answers a sheet, as `Accept: text/csv` does; without both it is JSON."),
]


def today(caller: Caller) -> date:
    """Return the day in the zone of a caller's tenant."""
    return days.day_of(clock.now(), tenant_settings.of(caller.tenant_id).time_zone)


def known(currency: str | None) -> str | None:
    """Return the currency that is asked for, if one is. Raises InvalidInput."""
    return None if currency is None else amounts.require_currency(currency)


@api.operation(
    "GET",
    f"{REPORTS}/outstanding",
    scope=ADMIN,
    summary="Report what is outstanding",
    answers={200: replies.OutstandingReport},
    refusals=(InvalidInput,),
)
def report_outstanding(currency: InCurrency = None, format: Format = None) -> Response:  # noqa: A002 - the name that clients send
    """Show what is due of issued invoices in each currency, by how long it is due already.

    Days are those of the zone of the tenant. Amounts in different currencies are never added up.
    """
    found = outstanding.report(api.caller.tenant_id, today(api.caller), known(currency))
    return _sheet(sheets.outstanding(found)) if _is_sheet(format) else answer(200, found)


@api.operation(
    "GET",
    f"{REPORTS}/outstanding/clients",
    scope=ADMIN,
    summary="Report what clients owe",
    answers={200: replies.OutstandingClients},
    refusals=(Malformed, InvalidInput),
)
def report_outstanding_clients(
    currency: resolver.Currency = None,
    limit: Limit = 20,
    cursor: Cursor = None,
    format: Format = None,  # noqa: A002 - as above
) -> Response:
    """List what clients owe in a currency, by their names on invoices. As a sheet, `X-Next-Cursor` is the next cursor.

    A page may have fewer items than `limit`, even none, and be followed by another as long as there is a `next_cursor`.
    """
    asked = resolver.currency_of(api.caller, currency)
    listed = outstanding.of_clients(api.caller.tenant_id, today(api.caller), asked, limit=limit, cursor=cursor)
    if not _is_sheet(format):
        return resolver.page(listed)
    found, following = listed
    return _sheet(sheets.clients(found), {} if following is None else {NEXT: following})


@api.operation(
    "GET",
    f"{REPORTS}/inflow",
    scope=ADMIN,
    summary="Report what will come in",
    answers={200: replies.InflowReport},
    refusals=(InvalidInput,),
)
def report_inflow(weeks: Weeks = 12, currency: InCurrency = None, format: Format = None) -> Response:  # noqa: A002 - as above
    """Show what is due in this week and those after it, and what of that is to be expected.

    That is what is due times the part of the invoices that were paid in time in the last twelve months.
    """
    found = inflow.report(api.caller.tenant_id, today(api.caller), known(currency), weeks)
    return _sheet(sheets.inflow(found)) if _is_sheet(format) else answer(200, found)


@api.operation(
    "GET",
    f"{REPORTS}/days-to-paid",
    scope=ADMIN,
    summary="Report how long clients take to pay",
    answers={200: replies.DaysToPaidReport},
    refusals=(InvalidInput,),
)
def report_days_to_paid(months: Months = 12, currency: InCurrency = None, format: Format = None) -> Response:  # noqa: A002 - as above
    """Show how many days invoices were paid after their issue, and how many of them in time, by month of payment."""
    found = paid.report(api.caller.tenant_id, today(api.caller), known(currency), months)
    return _sheet(sheets.paid(found)) if _is_sheet(format) else answer(200, found)


def _is_sheet(asked: str | None) -> bool:
    """Return whether a sheet is asked for: by the parameter, and without it by what is accepted."""
    accepted = api.request.headers.get("accept", "").split(";")[0].strip().lower()
    return asked == "csv" or (asked is None and accepted == SHEET)


def _sheet(text: str, more: Mapping[str, Any] | None = None) -> Response:
    return Response(200, f"{SHEET}; charset=utf-8", text, {"Vary": "Accept", **(more or {})})
