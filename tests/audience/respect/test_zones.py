"""In which time zones a lead may be, and when they may be disturbed in all of them."""

from datetime import UTC, datetime

import pytest

from functions.audience.leads.leads import Lead
from functions.audience.respect import quiet_hours, zones
from functions.audience.respect.quiet_hours import NIGHT
from functions.audience.settings.settings import QUIET
from shared.clock import Instant, from_datetime, to_rfc3339

AT = "2026-11-01T10:00:00.000Z"


def lead(zone: str | None = None, *phones: str) -> Lead:
    return Lead("tenant", "lead", AT, AT, version=1, time_zone=zone, phones=phones)


def utc(hour: int) -> Instant:
    return from_datetime(datetime(2026, 11, 20, hour, tzinfo=UTC))


def test_a_lead_is_in_their_own_zone():
    assert zones.of(lead("Asia/Tokyo", "+442079460958"), "Europe/Berlin") == ("Asia/Tokyo",)


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+442079460958", ["Europe/London"]),
        ("+12125550123", ["America/New_York", "Pacific/Honolulu"]),
        ("+14165550123", ["America/Toronto", "America/Vancouver"]),
    ],
)
def test_or_in_those_of_the_country_of_their_number(phone: str, expected: list[str]):
    assert set(expected) <= set(zones.of(lead(None, phone, "+819012345678"), "Asia/Tokyo"))
    assert "Asia/Tokyo" not in zones.of(lead(None, phone), "Asia/Tokyo")


@pytest.mark.parametrize("of", [lead(), lead(None, "+80012345678"), lead(None, "+8835100000001")])
def test_or_in_that_of_the_tenant(of: Lead):
    assert zones.of(of, "Europe/Berlin") == ("Europe/Berlin",)


def test_somebody_who_may_be_in_honolulu_or_new_york_is_disturbed_when_it_is_day_in_both():
    american = lead(None, "+12125550123")
    hours = quiet_hours.of(QUIET, "sms")

    assert hours == NIGHT
    assert quiet_hours.of(QUIET, "email") is None
    # 9:00 in New York, and 4:00 in Honolulu.
    opens = zones.opens_at(american, hours, "UTC", now=utc(14))
    # Of all zones of the country, Adak and Honolulu are the last in which it is 8:00.
    assert (opens and to_rfc3339(opens)) == "2026-11-20T18:00:00.000Z"
    assert zones.opens_at(american, hours, "UTC", now=utc(18)) is None
    assert zones.opens_at(american, None, "UTC", now=utc(3)) is None
    assert zones.opens_at(lead("America/New_York"), hours, "UTC", now=utc(14)) is None
