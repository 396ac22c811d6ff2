"""What pictures are drawn with: lines with few points, and ticks of an axis. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from shared.instants import DAY, Instant, from_datetime, to_datetime, to_rfc3339

Spot = tuple[float, float]
"""Where a value is drawn: units from the left, and units from the top."""

COLUMN: Final = 2
"""The width, in units, within which a line keeps only its last value and those that stand out."""

_STEPS_IN_DAYS: Final = (1, 2, 7, 14)
_STEPS_IN_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240)


def day(instant: Instant) -> str:
    """Return the UTC day of an instant as `2026-01-31`."""
    return to_rfc3339(instant)[:10]


def thinned(spots: Iterable[Spot]) -> list[Spot]:
    """Return the spots without those that cannot be seen: of a column its last one, its highest and its lowest.

    The highest and the lowest are only kept where they stand out between the column before and the last one, so no
    step and no peak is lost, and each is drawn within a column of its place.
    """
    kept: list[Spot] = []
    column: list[Spot] = []
    for spot in spots:
        if column and spot[0] // COLUMN != column[0][0] // COLUMN:
            kept += _seen(column, kept)
            column = []
        column.append(spot)
    return kept + _seen(column, kept)


def _seen(column: list[Spot], kept: list[Spot]) -> list[Spot]:
    if len(column) < 2:
        return column
    last = column[-1]
    heights = (kept[-1][1] if kept else column[0][1], last[1])
    standing = {
        min(range(len(column)), key=lambda index: column[index][1]),
        max(range(len(column)), key=lambda index: column[index][1]),
    }
    out = [column[index] for index in sorted(standing) if not min(heights) <= column[index][1] <= max(heights)]
    return [*([] if kept else column[:1]), *out, last]


def steps(spots: Sequence[Spot]) -> str:
    """Return the path that holds each value until the next, from the first spot on, as relative moves."""
    path, (left, top) = "", _whole(spots[0])
    for x, y in map(_whole, spots[1:]):
        if y != top:
            path += (f"h{x - left}" if x != left else "") + f"v{y - top}"
            left, top = x, y
    end = _whole(spots[-1])[0]
    return path + (f"h{end - left}" if end != left else "")


def _whole(spot: Spot) -> tuple[int, int]:
    return round(spot[0]), round(spot[1])


def slopes(spots: Sequence[Spot]) -> str:
    """Return the path straight from each spot to the next, without those less than half a unit beside it."""
    return "".join(f"L{x:g} {y:g}" for x, y in _straightened(spots))


def _straightened(spots: Sequence[Spot]) -> Iterator[Spot]:
    """Yield the ends of straight pieces: one goes on for as long as a line from its start passes all spots closely."""
    anchor, last = spots[0], spots[0]
    low, high = float("-inf"), float("inf")
    for spot in spots[1:]:
        width = spot[0] - anchor[0]
        if width > 0:
            slope = (spot[1] - anchor[1]) / width
            if low <= slope <= high:
                low, high = max(low, slope - 0.4 / width), min(high, slope + 0.4 / width)
                last = spot
                continue
        if last != anchor:
            yield last
        anchor, last = last, spot
        width = max(spot[0] - anchor[0], 0.01)
        slope = (spot[1] - anchor[1]) / width
        low, high = slope - 0.4 / width, slope + 0.4 / width
    yield last


def value_ticks(most: int, *, count: int) -> list[int]:
    """Return round values from 0 to `most`, at most `count` after the 0."""
    step = 1
    for step in (factor * 10**power for power in range(19) for factor in (1, 2, 5)):
        if most // step <= count:
            break
    return list(range(0, most + 1, step))


def date_ticks(start: Instant, end: Instant, *, count: int) -> list[tuple[Instant, str]]:
    """Return days, first days of months or of years within the time, at most `count`, with what to write there."""
    for days in _STEPS_IN_DAYS:
        if end - start <= days * count * DAY:
            first = -(-start // (days * DAY)) * days * DAY
            return [(instant, day(instant)) for instant in range(first, end + 1, days * DAY)]
    months = next((each for each in _STEPS_IN_MONTHS if end - start <= each * count * 30 * DAY), _STEPS_IN_MONTHS[-1])
    return [(instant, day(instant)[: 4 if months >= 12 else 7]) for instant in _months(start, end, months)]


def _months(start: Instant, end: Instant, every: int) -> Iterator[Instant]:
    begin = to_datetime(start)
    number = -(-(begin.year * 12 + begin.month - 1) // every) * every
    while (instant := from_datetime(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC))) <= end:
        if instant >= start:
            yield instant
        number += every
