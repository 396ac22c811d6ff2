"""When it will be done, from its own pace: 1,000 futures drawn from the history, and the day most of them are done by.

Pure: no clock, no I/O; the same history, instant and seed give the same answer. Each draw first draws the history
anew, span by span, because a short history says little about the pace, and then goes on with the spans it got until
nothing remains. Late spans are drawn more often than early ones. `docs/forecast.md` says how well that did.
"""

import math
import random
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, Final, Literal, NamedTuple

from shared import wording
from shared.instants import DAY, Instant, to_rfc3339

DRAWS: Final = 1000
SEED: Final = 0
"""The same draws for everybody: a history tells the same dates wherever it is, restored elsewhere too."""
LEAST_DAYS: Final = 3
"""On so many days something must have been completed before a date is told."""
MOST_YEARS: Final = 20
"""Twice as far as a deadline may be; a later date says no more than that it is far."""

State = Literal["dated", "done", "empty", "resting", "too_little_history", "standing_still", "out_of_sight"]

_WEEK: Final = 7 * DAY
_MOST_SPANS: Final = 26
_LEAST_WEEKS: Final = 8
_FURTHEST: Final = MOST_YEARS * 36525 * DAY // 100
_STEPS: Final = 52
"""About as many spans a future takes; a longer one takes several at once, which keeps the time of an answer bounded."""
_MOST_STEPS: Final = 8 * _STEPS


class Forecast(NamedTuple):
    """When it will be done: the instants by which 50, 85 and 95 % of the draws are, or why there are none.

    `state` is `dated` with at least `p50`; the others are None when they lie more than 20 years ahead. In every other
    state there are no instants and `reason` says why in a sentence. `remaining` is the weight still to do.
    `assumptions` are short sentences for people, none without dates.
    """

    state: State
    remaining: int
    p50: Instant | None = None
    p85: Instant | None = None
    p95: Instant | None = None
    draws: int = 0
    reason: str | None = None
    assumptions: tuple[str, ...] = ()


class _Span(NamedTuple):
    """What was gained in a span of the history, and how: the most gained so far in it, and how long that took."""

    gain: float
    most: list[float]
    after: list[float]


class _History(NamedTuple):
    """The spans of equal length, oldest first, and one that gained as much as they did on average."""

    spans: list[_Span]
    average: _Span
    span: float
    gain: int
    start: Instant
    last: Instant


def forecast(
    done: Sequence[tuple[Instant, int]],
    *,
    remaining: int,
    start: Instant,
    at: Instant,
    time_zone: str | None = None,
    seed: int | str = SEED,
) -> Forecast:
    """Return when the remaining weight will be done, going on as so far.

    `done` is the weight done in all at instants in order, the last one still true `at`; it may fall. `start` is when
    work could begin; days from then on count, with a completion or without. `remaining` is 0 or more. The assumptions
    name days of `time_zone`, of UTC where there is none.
    """
    total = done[-1][1] if done else 0
    if remaining == 0:
        return Forecast("done", 0, reason="Nothing remains.") if total else _empty()
    known = [(instant, weight) for instant, weight in done if instant <= at]
    days = _days_with_completions(known)
    if days < LEAST_DAYS:
        reason = f"Something must have been completed on at least {LEAST_DAYS} days; so far it was on {days}."
        return Forecast("too_little_history", remaining, reason=reason)
    history = _history(known, start, at)
    if history.gain <= 0:
        return Forecast("standing_still", remaining, reason="As much was reopened or taken away as was completed.")
    told = _dated(history, remaining, at, random.Random(seed).random)  # noqa: S311 - draws, not a secret
    if told.state != "dated":
        return told
    return told._replace(assumptions=_assumptions(history, remaining, at, time_zone))


def resting(status: str, *, remaining: int) -> Forecast:
    """Return the answer for what does not go on, such as `paused` or `archived`: no date."""
    return Forecast("resting", remaining, reason=f"It is {status}; when it goes on is not known.")


def view(told: Forecast, time_zone: str | None) -> dict[str, Any]:
    """Return what callers see of a forecast, as `shared/charts/forecast_replies.py` describes it; no zone means UTC."""

    def text(instant: Instant | None) -> str | None:
        return None if instant is None else wording.day(instant, time_zone)

    return {
        "state": told.state,
        "remaining_weight": told.remaining,
        "p50_at": _rfc3339(told.p50),
        "p50_text": text(told.p50),
        "p85_at": _rfc3339(told.p85),
        "p85_text": text(told.p85),
        "p95_at": _rfc3339(told.p95),
        "p95_text": text(told.p95),
        "draws": told.draws,
        "reason": told.reason,
        "assumptions": list(told.assumptions),
    }


def _rfc3339(instant: Instant | None) -> str | None:
    return None if instant is None else to_rfc3339(instant)


def _empty() -> Forecast:
    return Forecast("empty", 0, reason="There is nothing to do yet.")


def _days_with_completions(done: Sequence[tuple[Instant, int]]) -> int:
    days, before = set(), 0
    for instant, weight in done:
        if weight > before:
            days.add(instant // DAY)
        before = weight
    return len(days)


def _history(done: Sequence[tuple[Instant, int]], start: Instant, at: Instant) -> _History:
    """Return the history in spans of whole weeks and a little, of days where there are not eight weeks yet."""
    first = min(start, done[0][0])
    count = _span_count(at - first)
    span = (at - first) / count or 1.0
    gains: list[list[tuple[Instant, int]]] = [[] for _ in range(count)]
    before, last = 0, first
    for instant, weight in done:
        place = min(int((instant - first) / span), count - 1)
        gains[place].append((instant - first - round(place * span), weight - before))
        last = instant if weight > before else last
        before = weight
    return _History([_span(each) for each in gains], _even(before / count, span), span, before, first, last)


def _span(gains: list[tuple[Instant, int]]) -> _Span:
    sums: list[float] = list(accumulate(gain for _, gain in gains))
    return _Span(sums[-1] if sums else 0, list(accumulate(sums, max)), [after for after, _ in gains])


def _even(gain: float, span: float) -> _Span:
    """Return a span that gained the same on each of its days."""
    days = math.ceil(span / DAY)
    shares = [day / days for day in range(1, days + 1)]
    return _Span(gain, [gain * share for share in shares], [span * share for share in shares])


def _span_count(length: int) -> int:
    if length < _LEAST_WEEKS * _WEEK:
        return min(max(-(-length // DAY), 1), _MOST_SPANS)
    weeks_each = -(-length // (_MOST_SPANS * _WEEK))
    return length // (weeks_each * _WEEK)


def _dated(history: _History, remaining: int, at: Instant, draw: Callable[[], float]) -> Forecast:
    lengths = sorted(_future(history, remaining, draw) for _ in range(DRAWS))
    p50, p85, p95 = (_instant(at, lengths[-(-DRAWS * percent // 100) - 1]) for percent in (50, 85, 95))
    if p50 is None:
        reason = f"At the pace so far it takes more than {MOST_YEARS} years."
        return Forecast("out_of_sight", remaining, draws=DRAWS, reason=reason)
    return Forecast("dated", remaining, p50, p85, p95, DRAWS)


def _future(history: _History, remaining: int, draw: Callable[[], float]) -> float:
    """Return after how many milliseconds nothing remains in one draw; infinite when its history leads nowhere."""
    spans, count = history.spans, len(history.spans)
    # The root makes the chance of a span grow with its place: on the release histories that halves the error.
    own = [spans[int(math.sqrt(draw()) * count)] for _ in range(count)]
    # Where all was done in one span, most draws would have nothing of it; so each knows at least the average.
    own.append(history.average)
    pace = sum([span.gain for span in own]) / len(own)
    if pace <= 0:
        return math.inf
    at_once = max(math.ceil(remaining / pace / _STEPS), 1)
    left = remaining / at_once
    for step in range(_MOST_STEPS):
        span = own[int(draw() * len(own))]
        if span.gain >= left:
            return (step * history.span + span.after[bisect_left(span.most, left)]) * at_once
        left -= span.gain
    return math.inf


def _instant(at: Instant, length: float) -> Instant | None:
    return at + round(length) if length <= _FURTHEST else None


def _assumptions(history: _History, remaining: int, at: Instant, time_zone: str | None) -> tuple[str, ...]:
    days = max((at - history.start) // DAY, 1)
    idle = (at - history.last) // DAY
    pace = f"{history.gain:,} done in {_number(days, 'day')}, counted by weight"
    drawn = f"{_number(len(history.spans), 'span')} of {wording.number(_days(history.span))} days of that time"
    begin = wording.day(history.start, time_zone)
    since = f", also the {_number(idle, 'day')} since the last one" if idle else ""
    return (
        f"It goes on as from {begin} to {wording.day(at, time_zone)}: {pace}; what was lately counts for more.",
        f"Days without a completion count as such{since}.",
        f"{remaining:,} remain, counted by weight; nothing is added.",
        f"{DRAWS:,} futures were drawn from {drawn}; by the dates told, 50, 85 and 95 % of them are done.",
    )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _days(span: float) -> wording.Ratio:
    """Return the days of a span of milliseconds, exactly."""
    numerator, denominator = span.as_integer_ratio()
    return numerator, denominator * DAY
