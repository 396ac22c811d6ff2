"""How good the forecast is, in `docs/forecast.md`: on the two release histories, and on goals made up.

`python -m tests.bench.back_test` writes the figures into the page anew; a test holds the page against a new run.
"""

import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from infra.demo import histories
from shared.charts.forecast import Forecast, forecast
from shared.instants import DAY, Instant, from_rfc3339, to_rfc3339

PAGE = Path(__file__).parents[2] / "docs" / "forecast.md"
QUARTERS = (25, 50, 75)
GOALS_OF_A_KIND = 40

Days = list[float]


class Cut(NamedTuple):
    """A history cut when a part of its tasks was done, what was forecast then, and what came."""

    name: str
    percent: int
    known: int
    tasks: int
    at: Instant
    told: Forecast
    linear: Instant
    truth: Instant


def cuts() -> Iterator[Cut]:
    """Yield the release histories, each cut as soon as a quarter, a half and three quarters of its tasks were done."""
    for history in histories.releases():
        start = from_rfc3339(history["start_at"])
        completed = [from_rfc3339(each["at"]) for each in history["history"] if each["event"] == "task_completed"]
        for percent in QUARTERS:
            known = math.ceil(len(completed) * percent / 100)
            at, remaining = completed[known - 1], len(completed) - known
            done = [(instant, count) for count, instant in enumerate(completed[:known], start=1)]
            told = forecast(done, remaining=remaining, start=start, at=at, seed=history["title"])
            linear = at + (at - start) * remaining // known
            yield Cut(history["title"], percent, known, len(completed), at, told, linear, completed[-1])


def releases_table() -> str:
    """Return the table of the release histories: every date with how many days it is off."""
    rows = [
        "| history | cut | done then | P50 | P85 | P95 | straight line | was |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for cut in cuts():
        told = " | ".join(_off(each, cut.truth) for each in (cut.told.p50, cut.told.p85, cut.told.p95, cut.linear))
        then = f"{cut.percent} %, {_day(cut.at)} | {cut.known} of {cut.tasks}"
        rows.append(f"| {cut.name} | {then} | {told} | {_day(cut.truth)} |")
    return "\n".join(rows)


@cache
def coverage() -> dict[str, tuple[int, int, int]]:
    """Return for each kind of made-up goal how many percent were done by P50, P85 and P95."""
    return {kind: _covered(Random(kind), complete) for kind, complete in KINDS.items()}  # noqa: S311 - no secret


def coverage_table() -> str:
    """Return the table of the made-up goals."""
    rows = ["| goals | by P50 | by P85 | by P95 |", "|---|---|---|---|"]
    rows += [f"| {kind} | {p50} % | {p85} % | {p95} % |" for kind, (p50, p85, p95) in coverage().items()]
    return "\n".join(rows)


def page(text: str) -> str:
    """Return the text of the page with the tables as a new run has them."""
    for name, table in (("releases", releases_table()), ("coverage", coverage_table())):
        mark = rf"(<!-- {name}:[^>]*-->\n\n).*?(\n\n<!-- end -->)"
        text = re.sub(mark, lambda found, table=table: f"{found[1]}{table}{found[2]}", text, flags=re.DOTALL)  # type: ignore[misc]
    return text


def _covered(draw: Random, complete: Callable[[Random, int], Days]) -> tuple[int, int, int]:
    by = [0, 0, 0]
    for number in range(GOALS_OF_A_KIND):
        days = complete(draw, 20 + int(draw.random() * 80))
        told, truth = _told(days, QUARTERS[number % 3], seed=number)
        for place, each in enumerate((told.p50, told.p85, told.p95)):
            by[place] += each is None or truth <= each
    p50, p85, p95 = (round(100 * each / GOALS_OF_A_KIND) for each in by)
    return p50, p85, p95


def _told(days: Days, percent: int, *, seed: int) -> tuple[Forecast, Instant]:
    """Return the forecast when a part of the time a goal took was over, and when it really was done."""
    instants = [round(day * DAY) for day in days]
    at = max(instants[-1] * percent // 100, instants[2] + DAY, 3 * DAY)
    done = [(instant, count) for count, instant in enumerate(instants, start=1) if instant <= at]
    return forecast(done, remaining=max(len(days) - len(done), 1), start=0, at=at, seed=seed), instants[-1]


def _steady(draw: Random, tasks: int) -> Days:
    return _summed(-math.log(1 - draw.random()) * 3 for _ in range(tasks))


def _on_workdays(draw: Random, tasks: int) -> Days:
    days: Days = []
    day = 0
    while len(days) < tasks:
        if day % 7 < 5:
            days += [day + 0.5] * int(draw.random() * 3)
        day += 1
    return days[:tasks]


def _in_heaps(draw: Random, tasks: int) -> Days:
    days: Days = []
    day = 0.0
    while len(days) < tasks:
        day += -math.log(1 - draw.random()) * 9
        days += [day] * (1 + int(draw.random() * 6))
    return days[:tasks]


def _with_breaks(draw: Random, tasks: int) -> Days:
    return _summed(
        -math.log(1 - draw.random()) * 2 + (20 + 40 * draw.random() if draw.random() < 0.04 else 0)
        for _ in range(tasks)
    )


def _faster(draw: Random, tasks: int) -> Days:
    return _summed(-math.log(1 - draw.random()) * 6 / (1 + 2 * each / tasks) for each in range(tasks))


def _slower(draw: Random, tasks: int) -> Days:
    return _summed(-math.log(1 - draw.random()) * 2 * (1 + 2 * each / tasks) for each in range(tasks))


def _summed(gaps: Iterator[float]) -> Days:
    days: Days = []
    for gap in gaps:
        days.append((days[-1] if days else 0.0) + gap)
    return days


KINDS: dict[str, Callable[[Random, int], Days]] = {
    "at a steady pace": _steady,
    "on workdays only": _on_workdays,
    "several tasks at once": _in_heaps,
    "with breaks of weeks": _with_breaks,
    "up to three times as fast at the end": _faster,
    "down to a third as fast at the end": _slower,
}


def _off(told: Instant | None, truth: Instant) -> str:
    if told is None:
        return "none"
    return f"{_day(told)} ({round((told - truth) / DAY):+d} d)"


def _day(instant: Instant) -> str:
    return to_rfc3339(instant)[:10]


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
