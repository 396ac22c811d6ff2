"""The terms on which a milestone is invoiced: when, when it is due, what is kept back, and how it is taxed. Pure.

An invoice holds a copy of its terms; what changes later touches new invoices only. Rates are in millionths.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from functions.payments.billing import months
from functions.payments.billing.totals import TaxCategory

Trigger = Literal["completion", "verification", "approval", "progress"]

MOST_NET_DAYS: Final = 120
REVERSE_CHARGE_NOTE: Final = "Reverse charge: the recipient is liable for the tax."
_AFTER_VERIFICATION: Final = ("verified", "approved")
# Without layers a completed milestone is verified at once, so neither of the two waits longer than the other.
_READY: Final = {
    "progress": ("in_progress", "completed", *_AFTER_VERIFICATION),
    "completion": _AFTER_VERIFICATION,
    "verification": _AFTER_VERIFICATION,
    "approval": ("approved",),
}


class Terms(NamedTuple):
    """The terms of a milestone.

    `thresholds` are percentages of progress, rising to 100: each that is reached invoices the amount up to it.
    `retention_days` count from the issue of the invoice that keeps something back, None for the end of the project.
    """

    trigger: Trigger = "verification"
    thresholds: Sequence[int] = ()
    net_days: int = 30
    end_of_month: bool = False
    retention_rate: int = 0
    retention_days: int | None = None
    tax_category: TaxCategory = "standard"
    tax_rate: int = 0
    tax_note: str | None = None
    auto_invoice: bool = True
    auto_release: bool = True


def due_on(terms: Terms, issued_on: date) -> date:
    """Return the day on which an invoice of this day is due: its net days after it, or after the end of its month."""
    start = months.last_day(issued_on) if terms.end_of_month else issued_on
    return start + timedelta(days=terms.net_days)


def retention_due_on(terms: Terms, issued_on: date) -> date:
    """Return the day from which on what an invoice of this day kept back may be asked for without the project's end."""
    return date.max if terms.retention_days is None else issued_on + timedelta(days=terms.retention_days)


def is_ready(terms: Terms, status: str) -> bool:
    """Return whether a milestone of this status may be invoiced."""
    return status in _READY[terms.trigger]


def ready(terms: Terms) -> Sequence[str]:
    """Return the statuses in which a milestone may be invoiced."""
    return _READY[terms.trigger]


def reached(terms: Terms, progress: int, *, already: int) -> int:
    """Return up to which percentage the amount is to be invoiced at this progress.

    `already` is what an earlier call returned: a threshold counts once, also when the progress falls and rises again.
    """
    return max((each for each in terms.thresholds if each <= progress), default=0) if progress > already else already
