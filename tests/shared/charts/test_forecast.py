"""When it will be done, from its own pace."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.charts.forecast import DRAWS, Forecast, forecast, resting
from shared.instants import DAY, Instant

START: Instant = 20_000 * DAY


def completed(*days: float) -> list[tuple[Instant, int]]:
    """Return a history in which one was done on each of these days."""
    return [(START + round(day * DAY), count) for count, day in enumerate(days, start=1)]


def of(done: list[tuple[Instant, int]], *, remaining: int, days: float, seed: str = "goal_1#1") -> Forecast:
    return forecast(done, remaining=remaining, start=START, at=START + round(days * DAY), seed=seed)


def test_a_steady_pace_goes_on():
    found = of(completed(*range(4, 100, 4)), remaining=10, days=98)

    assert found.state == "dated"
    assert found.draws == DRAWS == 1000
    assert found.p50 is not None
    assert 30 <= (found.p50 - START) / DAY - 98 <= 50


def test_the_dates_come_in_order_and_after_the_present():
    found = of(completed(3, 5, 21, 40, 41, 66), remaining=9, days=70)

    assert found.p50 is not None
    assert found.p85 is not None
    assert found.p95 is not None
    assert START + 70 * DAY < found.p50 < found.p85 < found.p95


def test_the_same_state_gives_the_same_answer():
    history = completed(3, 5, 21, 40, 41, 66)

    assert of(history, remaining=9, days=70) == of(history, remaining=9, days=70)
    assert of(history, remaining=9, days=70) != of(history, remaining=9, days=70, seed="goal_1#2")


def test_days_without_a_completion_slow_the_pace():
    history = completed(1, 2, 3, 4, 5, 6, 7)

    soon, later = of(history, remaining=7, days=8), of(history, remaining=7, days=60)

    assert soon.p50 is not None
    assert later.p50 is not None
    assert soon.p50 - START < 20 * DAY
    assert later.p50 - START - 60 * DAY > 40 * DAY
    assert "53 days since the last one" in later.assumptions[1]


def test_what_was_lately_counts_for_more():
    slow_then_fast = completed(*range(20, 120, 20), *range(120, 140))
    fast_then_slow = completed(*range(20), *range(40, 140, 20))

    quick, slow = of(slow_then_fast, remaining=20, days=140), of(fast_then_slow, remaining=20, days=140)

    assert quick.p50 is not None
    assert slow.p50 is not None
    assert quick.p50 < slow.p50


def test_little_remaining_is_dated_to_the_day():
    found = of(completed(*range(1000)), remaining=1, days=1000)

    assert found.p95 is not None
    assert found.p95 - START - 1000 * DAY <= 2 * DAY


def test_the_assumptions_say_pace_span_and_what_remains():
    found = of(completed(3, 5, 21, 40, 41, 66), remaining=9, days=70)
    pace = "6 done in 70 days, counted by weight; what was lately counts for more."
    drawn = "1,000 futures were drawn from 10 spans of 7 days of that time"

    assert found.assumptions == (
        f"It goes on as from 4 Oct 2024 UTC to 13 Dec 2024 UTC: {pace}",
        "Days without a completion count as such, also the 4 days since the last one.",
        "9 remain, counted by weight; nothing is added.",
        f"{drawn}; by the dates told, 50, 85 and 95 % of them are done.",
    )


@pytest.mark.parametrize(
    ("done", "remaining", "days", "state", "reason"),
    [
        ([], 0, 5, "empty", "There is nothing to do yet."),
        (completed(1, 2), 0, 5, "done", "Nothing remains."),
        ([], 3, 5, "too_little_history", "at least 3 days; so far it was on 0"),
        (completed(1, 1.1, 1.2, 2), 3, 5, "too_little_history", "at least 3 days; so far it was on 2"),
        ([*completed(1, 2, 3), (START + 4 * DAY, 0)], 3, 5, "standing_still", "reopened or taken away"),
        (completed(1, 2, 3), 30_000, 365, "out_of_sight", "more than 20 years"),
    ],
)
def test_no_date_is_told_where_there_is_none(done, remaining, days, state, reason):
    found = of(done, remaining=remaining, days=days)

    assert (found.state, found.p50, found.p85, found.p95) == (state, None, None, None)
    assert found.remaining == remaining
    assert reason in (found.reason or "")
    assert found.assumptions == ()


def test_a_date_later_than_in_20_years_is_not_told_beside_a_nearer_one():
    found = of(completed(300, 1000, 1500), remaining=5, days=2000)

    assert found.state == "dated"
    assert found.p50 is not None
    assert found.p95 is None


@settings(max_examples=30, deadline=None)
@given(
    gains=st.lists(st.tuples(st.integers(0, 40 * DAY), st.integers(-5, 50)), max_size=40),
    remaining=st.integers(0, 10_000_000),
    idle=st.integers(0, 3000 * DAY),
)
def test_whatever_happened_the_dates_are_in_order_or_there_are_none(gains, remaining, idle):
    at, weight, done = START, 0, []
    for gap, gain in gains:
        at, weight = at + gap, max(weight + gain, 0)
        done.append((at, weight))
    found = forecast(done, remaining=remaining, start=START, at=at + idle, seed=1)
    dates = [each for each in (found.p50, found.p85, found.p95) if each is not None]

    assert (found.state == "dated") == bool(dates) == bool(found.assumptions) == (found.reason is None)
    assert dates == sorted(dates)
    assert all(at + idle <= each <= at + idle + 36_525 * DAY for each in dates)


def test_what_rests_has_no_date():
    assert resting("archived", remaining=4) == Forecast(
        "resting", 4, reason="It is archived; when it goes on is not known."
    )
