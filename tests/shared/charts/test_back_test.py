"""How good the forecast is: the page says what a new run says, and what is promised in its words holds."""

import pytest

from shared.instants import DAY
from tests.bench import back_test


@pytest.fixture(scope="module")
def covered() -> dict[str, tuple[int, int, int]]:
    return back_test.coverage()


def test_the_page_says_what_a_new_run_says():
    written = back_test.PAGE.read_text(encoding="utf-8")

    assert "| Python 3.14.0 | 75 %, 2025-07-22 | 12 of 15 |" in written
    assert back_test.page(written) == written


def test_the_half_way_date_is_nearer_than_a_straight_line_on_both_releases():
    for cut in back_test.cuts():
        assert cut.told.p50 is not None
        assert abs(cut.told.p50 - cut.truth) < abs(cut.linear - cut.truth)


def test_by_the_last_quarter_the_truth_lies_between_the_dates():
    last = [cut for cut in back_test.cuts() if cut.percent == 75]

    assert len(last) == 2
    assert all((cut.told.p85 or 0) >= cut.truth and abs((cut.told.p50 or 0) - cut.truth) < 14 * DAY for cut in last)


@pytest.mark.parametrize("kind", ["at a steady pace", "on workdays only", "several tasks at once"])
def test_a_pace_that_stays_the_same_is_done_by_its_dates_as_often_as_they_say(covered, kind):
    p50, p85, p95 = covered[kind]

    # With 40 goals a share of 85 % is seen as 70 to 100 % in all but one of a hundred runs.
    assert 30 <= p50 <= 70
    assert p85 >= 70
    assert p95 >= 85
