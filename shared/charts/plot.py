"""The plot of a burn-up picture: axes, lines, marks, and where its forecast leads. Pure; it reads no clock."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from shared import wording
from shared.charts.drawing import date_ticks, slopes, steps, thinned, value_ticks
from shared.instants import DAY, Instant

_LEFT: Final = 56
_RIGHT: Final = 640
_TOP: Final = 96
_BOTTOM: Final = 340
_MIDDLE: Final = (_LEFT + _RIGHT) // 2
_LABEL: Final = 128
"""How much room a label needs beside its place where text is largest."""


class Point(NamedTuple):
    """How it stood at an instant: the weight of all, the weight done, and progress in hundredths of a percent."""

    at: Instant
    scope: int
    done: int
    progress: int


class Mark(NamedTuple):
    """A threshold in percent and the instant at which it was reached, or is predicted to be."""

    percentage: int
    at: Instant
    reached: bool


class BurnUp(NamedTuple):
    """What the picture shows.

    `points` are in order, at least one, and the last is how it stands `at` the present instant; scope and done hold
    from one point to the next, progress goes straight. `counted` says in words what is done of what, such as `12 of 30
    milestones`, and `progress` how far it is. `end` is the first instant after the deadline, if there is one.
    `arrivals` are the percentages and instants of a forecast, nearest first, such as `(50, …), (85, …), (95, …)`; where
    there are none, `note` says why in a sentence. Days are those of `time_zone`, of UTC where there is none.
    """

    title: str
    points: Sequence[Point]
    at: Instant
    counted: str
    progress: str
    time_zone: str | None = None
    end: Instant | None = None
    marks: Sequence[Mark] = ()
    arrivals: Sequence[tuple[int, Instant]] = ()
    note: str = ""

    def day(self, instant: Instant) -> str:
        """Return the day of an instant as it is written beside a mark, where there is no room for the zone."""
        return wording.day(instant, self.zone, end=self.end)

    @property
    def zone(self) -> str:
        """Return the zone whose days are drawn."""
        return self.time_zone or "UTC"


class Axes(NamedTuple):
    """Which time and weights the plot spans; instants beyond its end are drawn at its edge."""

    start: Instant
    end: Instant
    most: int
    zone: str

    def x(self, at: Instant) -> float:
        """Return how far from the left an instant is."""
        return round(_LEFT + (_RIGHT - _LEFT) * (at - self.start) / (self.end - self.start), 1)

    def y(self, weight: int) -> int:
        """Return how far from the top a weight is."""
        return round(_BOTTOM - (_BOTTOM - _TOP) * weight / self.most)

    def height(self, progress: int) -> float:
        """Return how far from the top a progress in hundredths of a percent is."""
        return round(_BOTTOM - (_BOTTOM - _TOP) * progress / 10_000, 1)


def axes(shown: BurnUp) -> Axes:
    """Return axes with room for all points, marks and the deadline, and for the forecast up to as much again."""
    start = shown.points[0].at
    near = max(shown.at, shown.end or shown.at, start + DAY, *(mark.at for mark in shown.marks))
    far = max((at for _, at in shown.arrivals), default=near)
    most = max(max(point.scope, point.done) for point in shown.points)
    return Axes(start, max(near, min(far, 2 * near - start)), max(most, 1), shown.zone)


def grid(on: Axes) -> str:
    """Return both scales and the days."""
    parts = []
    for percent in (0, 25, 50, 75, 100):
        y = on.height(percent * 100)
        parts.append(f'<line class="g" x1="{_LEFT}" y1="{y:g}" x2="{_RIGHT}" y2="{y:g}"/>')
        parts.append(f'<text class="s" x="{_RIGHT + 8}" y="{y + 5:g}">{percent} %</text>')
    parts += [
        f'<text class="s e" x="{_LEFT - 8}" y="{on.y(weight) + 5}">{_brief(weight)}</text>'
        for weight in value_ticks(on.most, count=4)
    ]
    for number, (at, label) in enumerate(date_ticks(on.start, on.end, on.zone, count=6)):
        x = on.x(at)
        wide = " w" if number % 2 else ""
        parts.append(f'<path class="g{wide}" d="M{x:g} {_BOTTOM}v5"/>')
        parts.append(f'<text class="s m{wide}" x="{min(max(x, 70), 650):g}" y="{_BOTTOM + 27}">{label}</text>')
    return "".join(parts)


def cone(shown: BurnUp, on: Axes) -> str:
    """Return where the forecast leads: from what is done now to all of the scope, at each of its instants."""
    if not shown.arrivals:
        return ""
    last = shown.points[-1]
    x, y, top = on.x(shown.at), on.y(last.done), on.y(last.scope)
    ends = [(percent, on.x(at)) for percent, at in shown.arrivals]
    parts = [f'<path class="cone" d="M{x:g} {y}L{ends[0][1]:g} {top}H{ends[-1][1]:g}Z"/>']
    parts += [f'<path class="p{percent}" d="M{x:g} {y}L{end:g} {top}"/>' for percent, end in ends]
    # What lies beyond the plot is cut off by a picture in the picture, which needs no name that could clash.
    inner = f'<svg x="{_LEFT}" y="{_TOP - 4}" width="{_RIGHT - _LEFT}" height="{_BOTTOM - _TOP + 8}"'
    return f'{inner} viewBox="{_LEFT} {_TOP - 4} {_RIGHT - _LEFT} {_BOTTOM - _TOP + 8}">{"".join(parts)}</svg>'


def lines(shown: BurnUp, on: Axes) -> str:
    """Return scope and done, which hold from point to point, progress, which goes straight, and what time will add."""
    places = [on.x(point.at) for point in shown.points]
    done = thinned(zip(places, (on.y(point.done) for point in shown.points), strict=True))
    scope = thinned(zip(places, (on.y(point.scope) for point in shown.points), strict=True))
    progress = slopes(thinned(zip(places, (on.height(point.progress) for point in shown.points), strict=True)))
    return "".join(
        (
            f'<path class="done" d="M{round(done[0][0])} {_BOTTOM}V{done[0][1]}{steps(done)}V{_BOTTOM}"/>',
            f'<path class="scope" d="M{round(scope[0][0])} {scope[0][1]}{steps(scope)}"/>',
            f'<path class="progress" d="M{places[0]:g} {on.height(shown.points[0].progress):g}{progress}"/>',
            _ahead(shown, on),
        )
    )


def _ahead(shown: BurnUp, on: Axes) -> str:
    ahead = [mark for mark in shown.marks if not mark.reached]
    if not ahead:
        return ""
    way = "".join(f"L{on.x(mark.at):g} {on.height(mark.percentage * 100):g}" for mark in ahead)
    return f'<path class="ahead" d="M{on.x(shown.at):g} {on.height(shown.points[-1].progress):g}{way}"/>'


def instants(shown: BurnUp, on: Axes) -> str:
    """Return the present instant and the deadline, each with its name on the side away from the other."""
    now, due = on.x(shown.at), None if shown.end is None else on.x(shown.end)
    parts = [_upright("now", now)]
    if due is not None:
        parts.append(_upright("due", due))
        parts.append(_label("due o", "deadline", due, 6, _BOTTOM - 74, to_left=due < now))
    parts.append(_label("o", "today", now, 6, _BOTTOM - 10, to_left=due is None or due >= now))
    return "".join(parts)


def _upright(style: str, x: float) -> str:
    return f'<line class="{style}" x1="{x:g}" y1="{_TOP}" x2="{x:g}" y2="{_BOTTOM}"/>'


def _label(style: str, text: str, x: float, gap: int, y: float, *, to_left: bool) -> str:
    """Return a label beside a place, on the other side where there is no room on the wanted one."""
    left = x > _RIGHT - _LABEL or (to_left and x > _LEFT + _LABEL)
    return f'<text class="{style}{" e" if left else ""}" x="{x - gap if left else x + gap:g}" y="{y:g}">{text}</text>'


def marks(shown: BurnUp, on: Axes) -> str:
    """Return the thresholds on the line of progress with their days, and the ends of the forecast within the plot."""
    parts = []
    for mark in shown.marks:
        x, y = on.x(mark.at), on.height(mark.percentage * 100)
        parts.append(f'<circle class="{"at" if mark.reached else "to"}" cx="{x:g}" cy="{y:g}" r="5"/>')
        parts.append(_label("o", shown.day(mark.at), x, 9, y + 18, to_left=x > _MIDDLE))
    top, free = on.y(shown.points[-1].scope), -20.0
    for percent, at in shown.arrivals:
        x = on.x(at)
        if x <= _RIGHT:
            parts.append(f'<path class="f" d="M{x:g} {top - 6}l6 6l-6 6l-6-6z"/>')
            if x >= free:
                wide = " w" if x < free + 20 else ""
                parts.append(f'<text class="c m o{wide}" x="{x:g}" y="{top - 16}">P{percent}</text>')
                free = x + 30
    return "".join(parts)


def _brief(weight: int) -> str:
    for unit, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if weight >= unit:
            return f"{weight / unit:g}{sign}"
    return str(weight)
