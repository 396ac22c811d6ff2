import pytest
import time_machine

from shared import clock


def test_now_is_in_whole_milliseconds():
    with time_machine.travel(1767225600.123999, tick=False):
        assert clock.now() == 1767225600123


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1767225600123, "2026-01-01T00:00:00.123Z"),
        (951782400000, "2000-02-29T00:00:00.000Z"),
        (clock.from_rfc3339("2999-12-31T23:59:59.999Z"), "2999-12-31T23:59:59.999Z"),
    ],
)
def test_an_instant_is_written_and_read_back(instant: int, text: str):
    assert clock.to_rfc3339(instant) == text
    assert clock.from_rfc3339(text) == clock.from_stored(text) == instant
    assert clock.from_datetime(clock.to_datetime(instant)) == instant


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-01-01T01:30:00+01:30", "2026-01-01T00:00:00Z"),
        ("2025-12-31T14:00:00-10:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00.100Z"),
        ("2026-01-01T00:00:00.123999Z", "2026-01-01T00:00:00.123Z"),
        ("2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.123Z"),
    ],
)
def test_an_offset_and_decimals_are_understood(text: str, same: str):
    assert clock.from_rfc3339(text) == clock.from_rfc3339(same)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00Z",
        "2026-W01-1T00:00:00Z",
        "20260101T000000Z",
        "2026-01-01 00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-01-01T24:00:01Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00+25:00",
        "2026-01-01T00:00:00Z\n",
        "२०२६-01-01T00:00:00Z",
    ],
)
def test_what_is_no_rfc_3339_timestamp_is_refused(text: str):
    with pytest.raises(ValueError, match=r"\w"):
        clock.from_rfc3339(text)


def test_texts_sort_as_their_instants_do():
    instants = [0, 999, 1000, 1767225600123, 1767225600124, clock.from_rfc3339("2999-12-31T23:59:59.999Z")]

    assert sorted(map(clock.to_rfc3339, instants)) == [clock.to_rfc3339(instant) for instant in instants]
