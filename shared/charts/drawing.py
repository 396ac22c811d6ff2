"""What pictures are drawn with: lines with few points, and ticks of an axis. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from shared import days, wording
from shared.instants import DAY, Instant

Spot = tuple[float, float]
"""Where a value is drawn: units from the left, and units from the top."""

COLUMN: Final = 2
"""The width, in units, within which a line keeps only its last value and those that stand out."""

_STEPS_IN_DAYS: Final = (1, 2, 7, 14)
_STEPS_IN_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 24_000)


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


def date_ticks(start: Instant, end: Instant, time_zone: str, *, count: int) -> list[tuple[Instant, str]]:
    """Return when days, months or years of the zone begin within the time, at most `count`, and what to write there."""
    first, last = days.day_of(start, time_zone), days.day_of(end, time_zone)
    for step in _STEPS_IN_DAYS:
        if end - start <= step * count * DAY:
            numbers = range(-(-first.toordinal() // step) * step, last.toordinal() + 1, step)
            named = {date.fromordinal(number): wording.date_text(date.fromordinal(number)) for number in numbers}
            break
    else:
        step = next((each for each in _STEPS_IN_MONTHS if end - start <= each * count * 30 * DAY), _STEPS_IN_MONTHS[-1])
        named = {day: str(day.year) if step >= 12 else wording.month(day) for day in _months(first, last, step)}
    begun = [(days.start_of(day, time_zone), label) for day, label in named.items()]
    return [(at, label) for at, label in begun if start <= at <= end]


def _months(first: date, last: date, every: int) -> Iterator[date]:
    """Yield the first days of every so many months between two days."""
    number = -(-(first.year * 12 + first.month - 1) // every) * every
    while number <= last.year * 12 + last.month - 1:
        yield date(number // 12, number % 12 + 1, 1)
        number += every
