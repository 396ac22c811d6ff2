"""When an invoice is due, and what progress asks for."""

from datetime import date

import pytest

from functions.payments.billing import months
from functions.payments.terms import terms
from functions.payments.terms.terms import Terms, Trigger


@pytest.mark.parametrize(
    ("issued_on", "net_days", "end_of_month", "due_on"),
    [
        ("2026-01-30", 30, False, "2026-03-01"),
        ("2028-01-30", 30, False, "2028-02-29"),
        ("2026-11-20", 0, False, "2026-11-20"),
        ("2026-11-20", 120, False, "2027-03-20"),
        ("2026-01-30", 30, True, "2026-03-02"),
        ("2026-02-01", 0, True, "2026-02-28"),
        ("2028-02-29", 14, True, "2028-03-14"),
        ("2026-12-31", 1, True, "2027-01-01"),
    ],
)
def test_an_invoice_is_due_its_net_days_after_its_day_or_the_end_of_its_month(
    issued_on: str, net_days: int, end_of_month: object, due_on: str
):
    agreed = Terms(net_days=net_days, end_of_month=bool(end_of_month))

    assert terms.due_on(agreed, date.fromisoformat(issued_on)) == date.fromisoformat(due_on)


@pytest.mark.parametrize(
    ("issued_on", "retention_days", "due_on"),
    [
        ("2027-03-01", 365, "2028-02-29"),
        ("2027-02-28", 365, "2028-02-28"),
        ("2028-02-29", 365, "2029-02-28"),
        ("2026-11-20", None, "9999-12-31"),
    ],
)
def test_retention_days_are_days_also_over_a_leap_day(issued_on: str, retention_days: int | None, due_on: str):
    agreed = Terms(retention_days=retention_days)

    assert terms.retention_due_on(agreed, date.fromisoformat(issued_on)) == date.fromisoformat(due_on)


def test_a_threshold_counts_once_even_if_the_progress_falls():
    agreed = Terms(trigger="progress", thresholds=(50, 60, 100))
    already, asked = 0, []
    for progress in (49, 50, 60, 50, 60, 99, 100, 100):
        upto = terms.reached(agreed, progress, already=already)
        asked.append(upto - already)
        already = upto

    assert asked == [0, 50, 10, 0, 0, 0, 40, 0]


def test_progress_that_jumps_asks_for_all_thresholds_at_once():
    assert terms.reached(Terms(trigger="progress", thresholds=(25, 50, 100)), 60, already=0) == 50


@pytest.mark.parametrize(
    ("trigger", "first_ready"),
    [("progress", "in_progress"), ("completion", "verified"), ("verification", "verified"), ("approval", "approved")],
)
def test_a_milestone_is_ready_from_the_status_of_its_trigger_on(trigger: Trigger, first_ready: str):
    order = ["draft", "pending", "active", "in_progress", "completed", "verified", "approved"]
    found = [status for status in order if terms.is_ready(Terms(trigger=trigger), status)]

    assert found == order[order.index(first_ready) :]
    assert not terms.is_ready(Terms(trigger=trigger), "cancelled")


def test_what_recurs_on_the_31st_is_on_the_last_day_of_shorter_months():
    first = date(2026, 1, 31)
    found = [months.later(first, count, on=31).isoformat() for count in range(5)]

    assert found == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert months.later(first, 25, on=31) == date(2028, 2, 29)
    assert months.later(date(2026, 11, 15), 2, on=15) == date(2027, 1, 15)
