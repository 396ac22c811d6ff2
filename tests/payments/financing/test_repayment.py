"""How money repays an advance, and what is owed on which day."""

import random
from datetime import date, timedelta

import pytest

from functions.payments.financing import annuity, repayment
from functions.payments.financing.repayment import Debt
from functions.payments.money import rates

START = date(2026, 1, 31)
USUAL = 7_107_903
ADVANCE = 80_000_000
HISTORIES = 300


@pytest.fixture
def debt() -> Debt:
    """800,000.00 at 12 % for 12 months."""
    return begun()


def begun(principal: int = ADVANCE, rate: str = "12", count: int = 12, started_on: date = START) -> Debt:
    found = annuity.schedule(principal, rates.from_percent(rate), count, started_on)
    return repayment.begun(rates.from_percent(rate), started_on, found)


def test_instalments_paid_when_they_are_due_end_the_debt(debt: Debt):
    for part in [*debt.parts]:
        paid = repayment.repaid(debt, part.interest + part.principal, part.due_on)
        assert (paid.principal, paid.interest, paid.rest) == (part.principal, part.interest, 0)
        debt = paid.debt

    assert repayment.oldest(debt) is None
    assert repayment.owing(debt, START + timedelta(days=400)).total == 0


def test_on_a_due_day_all_is_owed_without_interest_of_days_to_come(debt: Debt):
    first = debt.parts[0]

    owing = repayment.owing(debt, first.due_on)

    assert (owing.due, owing.accrued) == (USUAL, 0)
    assert owing.total == ADVANCE + first.interest
    ended = repayment.repaid(debt, owing.total, first.due_on)
    assert (ended.principal, ended.interest, ended.rest) == (ADVANCE, first.interest, 0)
    assert repayment.oldest(ended.debt) is None


def test_within_a_month_the_interest_of_its_days_is_owed(debt: Debt):
    day = date(2026, 2, 14)

    owing = repayment.owing(debt, day)

    assert (owing.due, owing.accrued, owing.principal_ahead) == (0, 400_000, ADVANCE)
    ended = repayment.repaid(debt, owing.total + 5, day)
    assert (ended.principal, ended.interest, ended.rest) == (ADVANCE, 400_000, 5)


def test_in_the_last_month_what_is_left_is_owed_with_its_days(debt: Debt):
    for part in debt.parts[:-1]:
        debt = repayment.repaid(debt, part.left, part.due_on).debt
    last = debt.parts[-1]

    owing = repayment.owing(debt, date(2027, 1, 15))

    assert (owing.due, owing.principal_ahead) == (0, last.principal)
    assert owing.accrued == 34_053  # 70,375.29 for 31 days, of which 15 have passed
    assert repayment.oldest(repayment.repaid(debt, owing.total, date(2027, 1, 15)).debt) is None


def test_an_early_repayment_takes_the_interest_until_then_and_the_oldest_principal(debt: Debt):
    paid = repayment.repaid(debt, 400_000 + debt.parts[0].principal, date(2026, 2, 14))

    assert (paid.principal, paid.interest, paid.rest) == (debt.parts[0].principal, 400_000, 0)
    oldest = repayment.oldest(paid.debt)
    assert oldest is not None
    assert oldest.number == 2
    left = ADVANCE - debt.parts[0].principal
    # Half a month until the day of the first instalment, which is closed, and the month of the second.
    assert oldest.interest == round(left / 200) + round(left / 100)


def test_less_than_the_interest_until_then_takes_no_principal_and_is_not_asked_for_twice(debt: Debt):
    some = repayment.repaid(debt, 100_000, date(2026, 2, 14))

    assert (some.principal, some.interest) == (0, 100_000)
    assert repayment.owing(some.debt, date(2026, 2, 14)).accrued == 300_000
    assert repayment.owing(some.debt, debt.parts[0].due_on).due == USUAL - 100_000
    more = repayment.repaid(some.debt, 300_001, date(2026, 2, 14))
    assert (more.principal, more.interest) == (1, 300_000)


def test_what_is_late_is_paid_before_anything_else_and_its_interest_first(debt: Debt):
    first, second, *_ = debt.parts
    day = date(2026, 4, 15)

    paid = repayment.repaid(debt, USUAL + second.interest + 1, day)

    assert (paid.principal, paid.interest) == (first.principal + 1, first.interest + second.interest)
    oldest = repayment.oldest(paid.debt)
    assert oldest is not None
    assert (oldest.number, oldest.left) == (2, second.principal - 1)


@pytest.mark.parametrize("part", range(3))
def test_random_repayments_never_take_more_than_is_owed_and_end_at_nothing(part: int):
    for seed in range(part, HISTORIES, 3):
        chance = random.Random(seed)  # noqa: S311 - which history it is
        principal = chance.randint(100_000, 10**9)
        debt = begun(principal, chance.choice(["0", "1.5", "12", "30"]), chance.randint(1, 24))
        day, out = START, 0
        while repayment.oldest(debt) is not None:
            day += timedelta(days=chance.randint(0, 40))
            owing = repayment.owing(debt, day)
            amount = chance.choice([owing.due, owing.total, chance.randint(1, 2 * owing.total), 1 + owing.accrued])
            paid = repayment.repaid(debt, amount, day)
            out += paid.principal

            assert paid.principal + paid.interest + paid.rest == amount
            assert paid.rest == max(0, amount - owing.total)
            assert repayment.owing(paid.debt, day).total == max(0, owing.total - amount)
            assert all(each.left >= 0 and each.principal_left >= 0 for each in paid.debt.parts)
            assert sum(each.principal for each in paid.debt.parts) == principal
            debt = paid.debt
        assert out == principal
        assert repayment.owing(debt, day + timedelta(days=99)).total == 0
