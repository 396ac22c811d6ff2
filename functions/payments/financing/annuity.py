"""The annuity of an advance: what is repaid each month, so that nothing is left after the last instalment. Pure.

All amounts are minor units, and the yearly rate is in millionths. So P·r/(1-(1+r)^-n) with r = yearly rate/12 is a
quotient of whole numbers, and is rounded once.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from functions.payments.billing import months
from functions.payments.money import rates
from functions.payments.money.rounding import half_up
from shared.errors import NotAllowed

MOST_INSTALMENTS: Final = 60
YEAR: Final = 12 * rates.WHOLE
"""The yearly rate by which a month's interest is as much as what it is of."""


class InstalmentsTooSmall(NotAllowed):
    """422: an instalment would repay nothing of the advance."""

    def __init__(self) -> None:
        super().__init__("An instalment would repay nothing of the advance. Ask for more, or for fewer instalments.")


class Instalment(NamedTuple):
    """What is repaid on a day: a part of the advance, and the interest of a month on what was left of it."""

    number: int
    due_on: date
    principal_minor_units: int
    interest_minor_units: int


def payment(principal: int, rate: int, count: int) -> int:
    """Return what each of `count` monthly instalments comes to, but for the rounding that the last one takes.

    Raises ZeroDivisionError for no instalments.
    """
    if not rate:
        return half_up(principal, count)
    grown = (YEAR + rate) ** count
    return half_up(principal * rate * grown, YEAR * (grown - YEAR**count))


def due_on(started_on: date, number: int) -> date:
    """Return when an instalment is due: so many months later, on the last day of a month without such a day."""
    return months.later(started_on, number, on=started_on.day)


def schedule(principal: int, rate: int, count: int, started_on: date) -> list[Instalment]:
    """Return the instalments of an advance that is paid out on a day, the first due a month later.

    Their principal parts sum to the advance. Raises InstalmentsTooSmall.
    """
    found = [*_instalments(principal, rate, count, started_on)]
    if any(each.principal_minor_units <= 0 for each in found):
        raise InstalmentsTooSmall
    return found


def _instalments(principal: int, rate: int, count: int, started_on: date) -> Iterator[Instalment]:
    usual, left = payment(principal, rate, count), principal
    for number in range(1, count + 1):
        interest = half_up(left * rate, YEAR)
        part = usual - interest if number < count else left
        left -= part
        yield Instalment(number, due_on(started_on, number), part, interest)
