"""When a probe asks, by a cron expression or every so often, over the changes of clocks."""

from datetime import datetime

import pytest

from functions.projects.probes import schedule
from shared import instants

BERLIN = "Europe/Berlin"


def at(text: str) -> int:
    return instants.from_datetime(datetime.fromisoformat(text))


def following(
    given: dict[str, object], since: str, zone: str = BERLIN, begun: str = "2026-01-01T08:00:00+00:00"
) -> str:
    return instants.to_rfc3339(schedule.next_after(given, zone, at(begun), at(since)))[:16]


@pytest.mark.parametrize(
    ("cron", "since", "expected"),
    [
        ("0 9 * * *", "2026-11-20T07:59:59+00:00", "2026-11-20T08:00"),
        ("0 9 * * *", "2026-11-20T08:00:00+00:00", "2026-11-21T08:00"),
        ("30 8,16 * * 1-5", "2026-11-20T15:31:00+00:00", "2026-11-23T07:30"),
        ("0 9 1 * *", "2026-11-20T12:00:00+00:00", "2026-12-01T08:00"),
        ("0 0 29 2 *", "2026-11-20T12:00:00+00:00", "2028-02-28T23:00"),
        ("15 */6 * * *", "2026-11-20T12:00:00+00:00", "2026-11-20T17:15"),
        ("0 9 13 * 5", "2026-11-20T12:00:00+00:00", "2026-11-27T08:00"),
        ("0 9 * * 7", "2026-11-20T12:00:00+00:00", "2026-11-22T08:00"),
        ("0 12 * 7 *", "2026-11-20T12:00:00+00:00", "2027-07-01T10:00"),
        ("0 9 * * MON", "2026-11-20T12:00:00+00:00", "2026-11-23T08:00"),
        ("0 9 * * 5#1", "2026-11-20T12:00:00+00:00", "2026-12-04T08:00"),
        ("0 9 L * *", "2026-11-20T12:00:00+00:00", "2026-11-30T08:00"),
        ("0 9 29 2 */7", "2026-11-20T12:00:00+00:00", "2032-02-29T08:00"),
        ("0 9 */2 * 1", "2026-11-20T12:00:00+00:00", "2026-11-23T08:00"),
    ],
)
def test_a_cron_expression_names_the_next_time(cron: str, since: str, expected: str):
    assert following({"cron": cron}, since) == expected


def test_a_time_that_clocks_skip_comes_right_after():
    # On 28 March 2027 half past two is half past three in Berlin.
    daily = {"cron": "30 2 * * *"}

    assert following(daily, "2027-03-27T12:00:00+00:00") == "2027-03-28T01:30"
    assert following(daily, "2027-03-28T01:30:00+00:00") == "2027-03-29T00:30"
    assert following({"cron": "5 */2 * * *"}, "2027-03-27T23:30:00+00:00") == "2027-03-28T01:05"


def test_a_time_that_comes_twice_is_the_first_alone():
    # On 25 October 2026 half past two comes twice in Berlin.
    daily = {"cron": "30 2 * * *"}

    assert following(daily, "2026-10-24T12:00:00+00:00") == "2026-10-25T00:30"
    assert following(daily, "2026-10-25T00:30:00+00:00") == "2026-10-26T01:30"
    assert following({"cron": "5 * * * *"}, "2026-10-25T00:05:00+00:00") == "2026-10-25T02:05"


@pytest.mark.parametrize(
    ("every", "unit", "since", "expected"),
    [
        (4, "hours", "2026-01-01T08:00:00+00:00", "2026-01-01T12:00"),
        (4, "hours", "2026-11-20T12:30:00+00:00", "2026-11-20T16:00"),
        (1, "days", "2026-03-28T08:00:00+00:00", "2026-03-29T07:00"),
        (2, "days", "2026-01-01T08:00:00+00:00", "2026-01-03T08:00"),
        (1, "weeks", "2026-11-20T12:00:00+00:00", "2026-11-26T08:00"),
        (365, "days", "2026-01-01T07:59:59+00:00", "2027-01-01T08:00"),
    ],
)
def test_every_so_often_keeps_the_time_of_the_day(every: int, unit: str, since: str, expected: str):
    assert following({"every": every, "unit": unit}, since) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "* * * * *",
        "0,30 9 * * *",
        "0 24 * * *",
        "0 9 31 2 *",
        "0 9 * * 8",
        "0 9 * 13 *",
        "0 9-8 * * *",
        "0 9 * *",
        "@daily",
        "0 9 * * MONDAY",
        "0 9 30 2 */2",
        "0 9 * * FR\N{LATIN SMALL LETTER DOTLESS I}",
        "0 */0 * * *",
        "0 9 0 * *",
        "x 9 * * *",
        "0 \N{ARABIC-INDIC DIGIT NINE} * * *",
        "0 9 * * * *",
        "999999999 9 * * *",
    ],
)
def test_an_expression_that_is_none_is_refused(wrong: str):
    with pytest.raises(ValueError, match="must"):
        schedule.cron(wrong)


def test_times_come_in_order_and_none_twice_through_a_year():
    for given in ({"cron": "30 2 * * *"}, {"cron": "5 */3 * * 1,4"}, {"every": 5, "unit": "days"}):
        moment, seen = at("2026-01-01T08:00:00+00:00"), list[int]()
        while moment < at("2027-01-01T00:00:00+00:00"):
            moment = schedule.next_after(given, BERLIN, at("2026-01-01T08:00:00+00:00"), moment)
            seen.append(moment)
        assert seen == sorted({*seen})
