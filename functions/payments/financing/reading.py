"""What a caller can look at of financing requests: one by one, and those of the tenant, in a status or not."""

from functions.payments.financing import debts, financings, opening, repayment, repayments, views
from functions.payments.financing.transition import Status
from functions.payments.financing.views import View
from shared import clock, days
from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.storage import table

Listed = tuple[list[View], str | None]


def financing(caller: Caller, financing_id: str) -> View:
    """Return a financing request; two calls. Raises FinancingNotFound."""
    return views.financing(opening.financing(caller, financing_id, consistent=False).financing)


def schedule(caller: Caller, financing_id: str) -> View:
    """Return the instalments of an advance, as if it were paid out today if it is not; three calls.

    Raises FinancingNotFound.
    """
    found = opening.financing(caller, financing_id, consistent=False).financing
    today = days.day_of(clock.now(), tenant_settings.of(caller.tenant_id).time_zone)
    return views.schedule(found, debts.of(found) if found.disbursed_on else debts.begun(found, today), today)


def statement(caller: Caller, financing_id: str, *, limit: int, cursor: str | None) -> View:
    """Return what was advanced and repaid, with a page of the repayments, the first first; four calls.

    Raises FinancingNotFound, Malformed.
    """
    found = opening.financing(caller, financing_id, consistent=False).financing
    listed, following = repayments.page(found, limit=limit, cursor=cursor)
    today = days.day_of(clock.now(), tenant_settings.of(caller.tenant_id).time_zone)
    payoff = repayment.owing(debts.of(found), today).total if found.disbursed_on else 0
    return views.statement(found, listed, payoff, following)


def page(caller: Caller, status: Status | None, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the financing requests of the tenant, the newest first; three calls. Raises Malformed.

    Those of projects whose money the caller may not ask for are left out, so it may be short.
    """
    place = financings.listing(caller.tenant_id)
    by_status = place if status is None else f"{place}#{status}"
    found = table.query(
        by_status, financings.LISTED, index=status is not None, newest_first=True, limit=limit, cursor=cursor
    )
    seen = opening.standings(caller, {item["project_id"] for item in found.items})
    keys = [
        financings.key(caller.tenant_id, item["financing_id"]) for item in found.items if seen[item["project_id"]].acts
    ]
    items = table.get_many(keys) if keys else []
    return [views.financing(financings.from_item(item)) for item in items if item is not None], found.next_cursor
