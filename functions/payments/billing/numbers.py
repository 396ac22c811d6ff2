"""The numbers of invoices and credit notes: `INV-202611-0042`, one after the other in each month. Pure."""

from datetime import date
from typing import Final, Literal

from functions.payments.billing import months

Series = Literal["INV", "CN"]

SERIES: Final[tuple[Series, ...]] = ("INV", "CN")


def number(prefix: str, day: date, count: int) -> str:
    """Return the number of the count-th document of the month of a day; more than four digits from 10,000 on."""
    return f"{prefix}-{months.code(day)}-{count:04}"
