"""The Gantt chart: when each piece of a plan is worked on, what it waits for, and how it was planned. Pure.

As the burn-up picture it has no script, no font and no address in it, and all of its text is inert. It draws the first
`MOST` rows and says how many more there are, so it stays below 80 KB however large the plan.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from shared import days, wording
from shared.charts.drawing import date_ticks
from shared.charts.lettering import escaped, fitted
from shared.charts.themes import GANTT_STYLES, Theme

__all__ = ["MEDIA_TYPE", "MOST", "Arrow", "Gantt", "Row", "picture"]

MEDIA_TYPE: Final = "image/svg+xml"
MOST: Final = 100
"""How many rows are drawn."""
_DAY: Final = timedelta(days=1)
MOST_ARROWS: Final = 300
"""How many dependencies are drawn."""

_WIDTH: Final = 960
_LEFT: Final = 250
_RIGHT: Final = 936
_TOP: Final = 92
_ROW: Final = 26
_BAR: Final = 12
_FOOT: Final = 40


class Row(NamedTuple):
    """A piece of a plan: its first and its last day, how far it is in percent, and the same days of the baseline."""

    key: str
    name: str
    first: date
    last: date
    progress: int
    is_critical: bool
    baseline: tuple[date, date] | None = None


class Arrow(NamedTuple):
    """That a row waits for another: from its end to an end of that, by their keys; optional ones are dashed."""

    from_key: str
    to_key: str
    from_start: bool = False
    to_end: bool = False
    is_optional: bool = False


class Gantt(NamedTuple):
    """What the chart shows, its rows in the order in which they are drawn; days are those of the zone."""

    title: str
    today: date
    rows: Sequence[Row]
    arrows: Sequence[Arrow] = ()
    time_zone: str = "UTC"


class _Axis(NamedTuple):
    """The days that the chart spans: from the first to the one behind the last."""

    first: date
    behind: date

    def x(self, day: date) -> float:
        """Return how far from the left a day begins."""
        return round(_LEFT + (_RIGHT - _LEFT) * (day - self.first).days / (self.behind - self.first).days, 1)


def picture(shown: Gantt, *, theme: Theme = "auto") -> str:
    """Return the chart as an SVG document of at most 80 KB; `auto` follows the reader's setting."""
    rows = shown.rows[:MOST]
    height, on = _TOP + _ROW * len(rows) + _FOOT, _axis(shown, rows)
    places = {row.key: place for place, row in enumerate(rows)}
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="t" width="{_WIDTH}" height="{height}"',
            f' viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="gantt-title gantt-desc">',
            f'<title id="gantt-title">{escaped(shown.title)}</title>',
            f'<desc id="gantt-desc">{escaped(_described(shown))}</desc>',
            f"<style>{GANTT_STYLES[theme]}</style>",
            f'<rect class="bg" width="{_WIDTH}" height="{height}" rx="8"/>',
            f'<text class="h" x="24" y="36">{_named(shown.title, within=_RIGHT - 24, size=18)}</text>',
            f'<text class="s" x="24" y="59">{escaped(_summary(shown))}</text>',
            _grid(shown, on, height),
            *(_arrow(each, rows, places, on) for each in _drawn(shown.arrows, places)),
            *(_row(row, place, on) for place, row in enumerate(rows)),
            _foot(shown, height),
            "</svg>",
        )
    )


def _named(text: str, *, within: float, size: float) -> str:
    """Return a name as it is written, bold or not, within its place."""
    return escaped(fitted(text, within=within, size=size, bold=True))


def _axis(shown: Gantt, rows: Sequence[Row]) -> _Axis:
    spans = [(row.first, row.last) for row in rows] + [row.baseline for row in rows if row.baseline is not None]
    first = min([shown.today, *(each[0] for each in spans)])
    return _Axis(first, _after(max([shown.today, *(each[1] for each in spans)])))


def _after(day: date) -> date:
    """Return the day after, and the last one there is after itself."""
    return min(day, date.max - _DAY) + _DAY


def _grid(shown: Gantt, on: _Axis, height: int) -> str:
    """Return the days, and the present one."""
    start, end = (days.start_of(day, shown.time_zone) for day in on)
    bottom = height - _FOOT + 4
    parts = []
    for at, label in date_ticks(start, end, shown.time_zone, count=8):
        x = on.x(days.day_of(at, shown.time_zone))
        parts.append(f'<line class="g" x1="{x:g}" y1="{_TOP - 8}" x2="{x:g}" y2="{bottom}"/>')
        parts.append(f'<text class="s m" x="{min(max(x, _LEFT + 20), _RIGHT - 20):g}" y="{_TOP - 14}">{label}</text>')
    x = on.x(shown.today)
    parts.append(f'<line class="now" x1="{x:g}" y1="{_TOP - 8}" x2="{x:g}" y2="{bottom}"/>')
    parts.append(f'<text class="m" x="{min(x, _RIGHT - 20):g}" y="{bottom + 16}">today</text>')
    return "".join(parts)


def _row(row: Row, place: int, on: _Axis) -> str:
    top = _TOP + _ROW * place
    x, width = on.x(row.first), max(on.x(_after(row.last)) - on.x(row.first), 2)
    style, bold = ("bar crit", "k") if row.is_critical else ("bar", "s")
    name = _named(row.name, within=_LEFT - 40, size=13)
    parts = [
        f'<text class="{bold}" x="24" y="{top + _BAR}">{name}</text>',
        f'<rect class="{style}" x="{x:g}" y="{top}" width="{width:g}" height="{_BAR}"/>',
    ]
    if row.progress:
        done = round(width * row.progress / 100, 1)
        parts.append(f'<rect class="part" x="{x:g}" y="{top + 3}" width="{done:g}" height="{_BAR - 6}"/>')
    if row.baseline is not None:
        first, last = on.x(row.baseline[0]), on.x(_after(row.baseline[1]))
        parts.append(f'<path class="was" d="M{first:g} {top + _BAR + 4}H{last:g}"/>')
    return "".join(parts)


def _drawn(arrows: Sequence[Arrow], places: Mapping[str, int]) -> list[Arrow]:
    return [each for each in arrows if each.from_key in places and each.to_key in places][:MOST_ARROWS]


def _arrow(arrow: Arrow, rows: Sequence[Row], places: Mapping[str, int], on: _Axis) -> str:
    """Return the way from one row to the other: out of its end, down or up, and into that, with a head."""
    begun, ended = places[arrow.from_key], places[arrow.to_key]
    source, target = rows[begun], rows[ended]
    x = on.x(source.first) if arrow.from_start else on.x(_after(source.last))
    to = on.x(_after(target.last)) if arrow.to_end else on.x(target.first)
    y, down = _TOP + _ROW * begun + _BAR / 2, _TOP + _ROW * ended + _BAR / 2
    turn, head = (to + 6, "l4-3v6z") if arrow.to_end else (to - 6, "l-4-3v6z")
    out = min(x - 6, turn) if arrow.from_start else max(x + 6, turn)
    style = "dep opt" if arrow.is_optional else "dep"
    middle = down - _ROW / 2 if ended > begun else down + _ROW / 2
    way = f"M{x:g} {y:g}H{out:g}V{middle:g}H{turn:g}V{down:g}H{to:g}"
    return f'<path class="{style}" d="{way}{head}"/>'


def _summary(shown: Gantt) -> str:
    if not shown.rows:
        return "There are no milestones to plan."
    critical = sum(row.is_critical for row in shown.rows)
    first, last = min(row.first for row in shown.rows), max(row.last for row in shown.rows)
    span = f"{wording.date_text(first)} to {wording.date_text(last)}"
    return f"{span}; {critical} of {len(shown.rows)} on the critical path, in bold with a red edge"


def _foot(shown: Gantt, height: int) -> str:
    said = []
    if len(shown.rows) > MOST:
        said.append(f"and {len(shown.rows) - MOST:,} more")
    if any(row.baseline is not None for row in shown.rows):
        said.append("grey lines: the baseline")
    return f'<text class="s" x="24" y="{height - 16}">{escaped("; ".join(said))}</text>' if said else ""


def _described(shown: Gantt) -> str:
    """Return the chart in words."""
    told = (
        f"{row.name}: {wording.date_text(row.first)} to {wording.date_text(row.last)}, {row.progress} %"
        f"{', critical' if row.is_critical else ''}."
        for row in shown.rows[:MOST]
    )
    return " ".join((f"Today is {wording.date_text(shown.today)}. {_summary(shown)}.", *told))
