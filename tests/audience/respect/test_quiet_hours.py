"""Quiet hours by the clock on the wall of whoever would be disturbed, also on the days on which clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from functions.audience.respect import quiet_hours
from functions.audience.respect.quiet_hours import NIGHT, QuietHours
from shared.instants import Instant, from_datetime, to_datetime

BERLIN = "Europe/Berlin"
SMALL_HOURS = QuietHours(60, 150)


def at(text: str, zone: str = BERLIN, *, fold: int = 0) -> Instant:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


def wall(instant: Instant | None, zone: str = BERLIN) -> str | None:
    return None if instant is None else f"{to_datetime(instant).astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M%z}"


@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
@pytest.mark.parametrize("day", ["2026-11-20", "2026-03-28", "2026-10-24"])
def test_20_59_is_not_quiet_and_21_00_is(zone: str, day: str):
    assert quiet_hours.opens_at(at(f"{day}T20:59:59.999", zone), zone, NIGHT) is None
    assert (wall(quiet_hours.opens_at(at(f"{day}T21:00", zone), zone, NIGHT), zone) or "")[11:16] == "08:00"


def test_7_59_is_quiet_and_8_00_is_not():
    assert wall(quiet_hours.opens_at(at("2026-11-20T07:59:59.999"), BERLIN, NIGHT)) == "2026-11-20T08:00+0100"
    assert quiet_hours.opens_at(at("2026-11-20T08:00"), BERLIN, NIGHT) is None


@pytest.mark.parametrize(
    ("now", "fold", "hours", "expected"),
    [
        # Clocks go from 2:00 to 3:00 on 29 March, and from 3:00 to 2:00 on 25 October.
        ("2026-03-28T21:00", 0, NIGHT, "2026-03-29T08:00+0200"),
        ("2026-10-24T21:00", 0, NIGHT, "2026-10-25T08:00+0100"),
        ("2026-03-29T20:59", 0, NIGHT, None),
        ("2026-10-25T20:59", 0, NIGHT, None),
        ("2026-10-25T21:00", 0, NIGHT, "2026-10-26T08:00+0100"),
        ("2026-03-29T01:30", 0, SMALL_HOURS, "2026-03-29T03:30+0200"),
        ("2026-03-29T03:00", 0, SMALL_HOURS, None),
        ("2026-10-25T01:30", 0, SMALL_HOURS, "2026-10-25T02:30+0200"),
        ("2026-10-25T02:00", 1, SMALL_HOURS, "2026-10-25T02:30+0100"),
        ("2026-10-25T02:30", 1, SMALL_HOURS, None),
    ],
)
def test_quiet_hours_end_by_the_clock_also_when_it_changes(
    now: str, fold: int, hours: QuietHours, expected: str | None
):
    assert wall(quiet_hours.opens_at(at(now, fold=fold), BERLIN, hours)) == expected


def test_in_several_zones_the_last_one_decides():
    zones = ["America/New_York", "Pacific/Honolulu"]
    morning = at("2026-11-20T09:00", "America/New_York")
    opens = quiet_hours.opens_everywhere_at(morning, zones, NIGHT)
    late = quiet_hours.opens_everywhere_at(at("2026-11-20T20:30", "Pacific/Honolulu"), zones, NIGHT)

    assert wall(opens, "Pacific/Honolulu") == "2026-11-20T08:00-1000"
    assert wall(late, "Pacific/Honolulu") == "2026-11-21T08:00-1000"
    assert quiet_hours.opens_everywhere_at(opens or 0, zones, NIGHT) is None
    assert quiet_hours.opens_everywhere_at(morning, [], NIGHT) is None


def test_zones_that_are_never_awake_together_are_waited_for_longer_than_a_message_waits():
    zones, now = ["Etc/GMT-12", "Etc/GMT"], at("2026-11-20T12:00", "Etc/GMT")
    opens = quiet_hours.opens_everywhere_at(now, zones, QuietHours(18 * 60, 8 * 60))

    assert opens is not None
    assert quiet_hours.is_expired(now, opens)


def test_a_message_waits_24_hours_and_no_longer():
    due = at("2026-11-20T21:00", "UTC")

    assert not quiet_hours.is_expired(due, at("2026-11-21T21:00", "UTC"))
    assert quiet_hours.is_expired(due, at("2026-11-21T21:00:00.001", "UTC"))


def test_a_local_time_that_has_passed_in_auckland_and_not_in_honolulu_is_of_the_next_day_there():
    now, wanted = at("2026-11-20T12:00", "UTC"), datetime(2026, 11, 20, 10)  # noqa: DTZ001 - of no zone
    auckland = quiet_hours.local_instant(wanted, "Pacific/Auckland", now=now)
    honolulu = quiet_hours.local_instant(wanted, "Pacific/Honolulu", now=now)

    # It is 1:00 on the 21st in Auckland, and 2:00 on the 20th in Honolulu.
    assert wall(auckland, "Pacific/Auckland") == "2026-11-21T10:00+1300"
    assert wall(honolulu, "Pacific/Honolulu") == "2026-11-20T10:00-1000"


@pytest.mark.parametrize(
    ("now", "wanted", "expected"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:00", "2026-11-20T10:00+0100"),
        ("2026-11-20T10:01", "2026-11-20T10:00", "2026-11-21T10:00+0100"),
        ("2026-11-20T10:01", "2026-11-01T10:00", "2026-11-21T10:00+0100"),
        ("2026-03-28T12:00", "2026-03-29T02:30", "2026-03-29T03:30+0200"),
        ("2026-10-24T12:00", "2026-10-25T02:30", "2026-10-25T02:30+0200"),
    ],
)
def test_a_local_time_is_that_of_the_clock_or_the_next_that_is_not_past(now: str, wanted: str, expected: str):
    assert wall(quiet_hours.local_instant(datetime.fromisoformat(wanted), BERLIN, now=at(now))) == expected
