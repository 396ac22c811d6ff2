"""How money repays an advance: what is due first, the oldest instalment first, and then ahead of time. Pure.

An instalment takes its interest before its principal. What comes ahead of time takes the interest until that day, and
then the principal of the next instalments; no interest is paid for days that are still to come. An instalment that is
repaid whole ahead of time is closed, and the interest from then on is part of the next one. Amounts are minor units.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from functions.payments.financing.annuity import YEAR, Instalment
from functions.payments.money.rounding import half_up


class Part(NamedTuple):
    """An instalment, and what of it is paid."""

    number: int
    due_on: date
    principal: int
    interest: int
    principal_paid: int = 0
    interest_paid: int = 0

    @property
    def principal_left(self) -> int:
        """What of the advance it still repays."""
        return self.principal - self.principal_paid

    @property
    def left(self) -> int:
        """What is still to be paid of it."""
        return self.principal_left + self.interest - self.interest_paid

    def after(self, interest: int, principal: int) -> "Part":
        """Return it with so much more paid."""
        return self._replace(
            interest_paid=self.interest_paid + interest, principal_paid=self.principal_paid + principal
        )


class Debt(NamedTuple):
    """An advance that is paid out.

    The interest from `interest_until` on is in the next instalment; `ahead` is what is paid of it ahead of time.
    """

    rate: int
    started_on: date
    interest_until: date
    parts: Sequence[Part]
    ahead: int = 0


class Owing(NamedTuple):
    """What is owed on a day: what is due by then, the interest since, and the principal that is not due yet."""

    due: int
    accrued: int
    principal_ahead: int

    @property
    def total(self) -> int:
        """What ends the debt on that day."""
        return self.due + self.accrued + self.principal_ahead


class Repaid(NamedTuple):
    """A debt after money came in, what of that was principal and interest, and what it did not take."""

    debt: Debt
    principal: int
    interest: int
    rest: int


def begun(rate: int, started_on: date, instalments: Sequence[Instalment]) -> Debt:
    """Return the debt of an advance that was paid out on a day."""
    return Debt(rate, started_on, started_on, [Part(*each) for each in instalments])


def owing(debt: Debt, day: date) -> Owing:
    """Return what is owed on a day."""
    due = sum(each.left for each in debt.parts if each.due_on <= day)
    return Owing(due, _accrued(debt, day), _principal_ahead(debt, day))


def repaid(debt: Debt, amount: int, day: date) -> Repaid:
    """Return a debt after an amount came in on a day."""
    reached = _reached(debt, day)
    left, parts = amount, list[Part]()
    for each in reached.parts:
        if each.due_on <= day:
            interest = min(left, each.interest - each.interest_paid)
            principal = min(left - interest, each.principal_left)
            parts.append(each.after(interest, principal))
            left -= interest + principal
        else:
            parts.append(each)
    after = reached._replace(parts=parts)
    if left and _principal_ahead(after, day):
        after, left = _ahead_of_time(after, left, day)
    return Repaid(after, paid_principal(after) - paid_principal(debt), paid_interest(after) - paid_interest(debt), left)


def paid_principal(debt: Debt) -> int:
    """Return what of the advance is repaid."""
    return sum(each.principal_paid for each in debt.parts)


def paid_interest(debt: Debt) -> int:
    """Return what interest is paid."""
    return sum(each.interest_paid for each in debt.parts)


def oldest(debt: Debt) -> Part | None:
    """Return the oldest instalment of which something is left, None if nothing is owed any more."""
    return next((each for each in debt.parts if each.left), None)


def _principal_ahead(debt: Debt, day: date) -> int:
    return sum(each.principal_left for each in debt.parts if each.due_on > day)


def _since(debt: Debt, day: date) -> date:
    """Return from which day on no instalment that is due by a day has the interest."""
    due = [each.due_on for each in debt.parts if each.due_on <= day and not _is_closed_early(debt, each)]
    return max([debt.interest_until, *due])


def _reached(debt: Debt, day: date) -> Debt:
    """Return a debt whose interest counts from the last instalment that is due by a day."""
    since = _since(debt, day)
    return debt if since == debt.interest_until else debt._replace(interest_until=since, ahead=0)


def _is_closed_early(debt: Debt, part: Part) -> bool:
    """Return whether an instalment was repaid before it was due: interest is paid until a day before that."""
    return not part.left and part.due_on > debt.interest_until


def _accrued(debt: Debt, day: date) -> int:
    """Return the interest until a day that no instalment has which is due by then, and that is not paid."""
    reached = _reached(debt, day)
    return _interest(debt, _principal_ahead(debt, day), reached.interest_until, day) - reached.ahead


def _interest(debt: Debt, principal: int, since: date, until: date) -> int:
    """Return the interest on a principal for some days: of each month, the share that they are of its days."""
    total, start = 0, debt.started_on
    for each in debt.parts:
        days = (min(until, each.due_on) - max(since, start)).days
        if days > 0:
            total += half_up(principal * debt.rate * days, YEAR * (each.due_on - start).days)
        start = each.due_on
    return total


def _ahead_of_time(debt: Debt, amount: int, day: date) -> tuple[Debt, int]:
    """Return a debt after money for what is not due yet, and what is left of that."""
    accrued = _accrued(debt, day)
    interest = min(amount, accrued)
    left, parts = amount - interest, list[Part]()
    for each in debt.parts:
        if each.due_on <= day or not each.principal_left:
            parts.append(each)
            continue
        principal = min(left, each.principal_left)
        parts.append(each.after(interest, principal))
        left, interest = left - principal, 0
    if amount < accrued:
        return debt._replace(parts=parts, ahead=debt.ahead + amount), left
    return _planned(debt._replace(parts=parts, interest_until=day, ahead=0), day), left


def _planned(debt: Debt, day: date) -> Debt:
    """Return a debt with the interest of its next instalments on what is left of it, all being paid until a day."""
    since, principal, parts = day, _principal_ahead(debt, day), list[Part]()
    for each in debt.parts:
        if each.due_on <= day:
            parts.append(each)
        elif not each.principal_left:
            parts.append(each._replace(interest=each.interest_paid))
        else:
            interest = each.interest_paid + _interest(debt, principal, since, each.due_on)
            parts.append(each._replace(interest=interest))
            since, principal = each.due_on, principal - each.principal_left
    return debt._replace(parts=parts)
