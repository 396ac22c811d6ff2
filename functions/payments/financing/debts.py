"""The debt of an advance that is paid out, as the financing request holds it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from functions.payments.financing import annuity, repayment
from functions.payments.financing.financings import Financing
from functions.payments.financing.repayment import Debt, Part
from shared import clock, days

LATE_DAYS: Final = 15
"""How many days an instalment may be late before the advance is defaulted."""


def begun(financing: Financing, started_on: date) -> Debt:
    """Return the debt of an advance that is paid out on a day. Raises annuity.InstalmentsTooSmall."""
    found = annuity.schedule(
        financing.amount_minor_units, financing.yearly_rate, financing.instalment_count, started_on
    )
    return repayment.begun(financing.yearly_rate, started_on, found)


def of(financing: Financing) -> Debt:
    """Return the debt of an advance that was paid out. Raises ValueError for one that was not."""
    return Debt(
        financing.yearly_rate,
        date.fromisoformat(financing.disbursed_on or ""),
        date.fromisoformat(financing.interest_until or ""),
        [Part(**{**each, "due_on": date.fromisoformat(each["due_on"])}) for each in financing.instalments],
        financing.interest_ahead,
    )


def stored(debt: Debt, time_zone: str) -> Mapping[str, Any]:
    """Return the fields of a financing request that hold its debt, and when it is looked at next in this zone."""
    return {
        "interest_until": debt.interest_until.isoformat(),
        "interest_ahead": debt.ahead,
        "instalments": [{**each._asdict(), "due_on": each.due_on.isoformat()} for each in debt.parts],
        "due_at": due_at(debt, time_zone),
    }


def is_late(debt: Debt, today: date) -> bool:
    """Return whether an instalment is more than 15 days late."""
    oldest = repayment.oldest(debt)
    return oldest is not None and (today - oldest.due_on).days > LATE_DAYS


def due_at(debt: Debt, time_zone: str) -> str | None:
    """Return the beginning of the day on which the oldest instalment is too late, None if nothing is owed."""
    oldest = repayment.oldest(debt)
    if oldest is None:
        return None
    return clock.to_rfc3339(days.start_of(oldest.due_on + timedelta(days=LATE_DAYS + 1), time_zone))
