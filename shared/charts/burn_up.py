"""The burn-up picture: what there is to do and what of it is done, over time, as an SVG. Pure; it reads no clock.

It has no script, no font and no address in it, all of its text is inert, and its one style is a constant of the theme
(`shared/charts/themes.py`), so that it can be shown anywhere. It stays below 20 KB however long the history: lines are
thinned as `shared/charts/drawing.py` says.
"""

from typing import Final

from shared import wording
from shared.charts import plot
from shared.charts.lettering import escaped, fitted, on_one_line
from shared.charts.plot import BurnUp, Mark, Point
from shared.charts.themes import STYLES, Theme

__all__ = ["MEDIA_TYPE", "BurnUp", "Mark", "Point", "Theme", "picture"]

MEDIA_TYPE: Final = "image/svg+xml"

_WIDTH: Final = 720
_HEIGHT: Final = 450
_COLUMNS: Final = (24, 248, 472)
_ROOM: Final = 672


def picture(shown: BurnUp, *, theme: Theme = "auto") -> str:
    """Return the picture as an SVG document of at most 20 KB, 720 units wide; `auto` follows the reader's setting."""
    on = plot.axes(shown)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="b" width="{_WIDTH}" height="{_HEIGHT}"',
            f' viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="burn-up-title burn-up-desc">',
            f'<title id="burn-up-title">{escaped(shown.title)}</title>',
            f'<desc id="burn-up-desc">{escaped(_described(shown))}</desc>',
            f"<style>{STYLES[theme]}</style>",
            f'<rect class="bg" width="{_WIDTH}" height="{_HEIGHT}" rx="8"/>',
            _heading(shown),
            plot.grid(on),
            plot.cone(shown, on),
            plot.lines(shown, on),
            plot.instants(shown, on),
            plot.marks(shown, on),
            _legend(shown),
            _foot(shown),
            "</svg>",
        )
    )


def _heading(shown: BurnUp) -> str:
    wide = fitted(shown.title, within=_ROOM, size=18, bold=True)
    narrow = fitted(shown.title, within=_ROOM, size=27, bold=True)
    until = "" if shown.end is None else f", due {wording.last_day(shown.end, shown.time_zone)}"
    state = f"{shown.counted} done on {wording.day(shown.at, shown.time_zone)}{until}"
    return (
        f'<text class="h w" x="24" y="36">{escaped(wide)}</text>'
        f'<text class="h n" x="24" y="32">{escaped(narrow)}</text>'
        f'<text class="s w" x="24" y="59">{escaped(state)}</text>'
        f'<text class="s n" x="24" y="59">{escaped(f"{shown.counted} done{until}")}</text>'
        '<text class="s w m" transform="rotate(-90 14 218)" x="14" y="218">weight</text>'
        '<text class="s w m" transform="rotate(90 708 218)" x="708" y="218">progress</text>'
    )


def _legend(shown: BurnUp) -> str:
    """Return what each line is, with its last value; weights are called weights, or left out where room is short."""
    last = shown.points[-1]
    named = (
        ("done", f"Done, weight {last.done:,}", "Done"),
        ("scope", f"Scope, weight {last.scope:,}", "Scope"),
        ("progress", f"Progress {shown.progress}", f"Progress {shown.progress}"),
    )
    return "".join(
        f'<line class="{name}" x1="{x}" y1="388" x2="{x + 26}" y2="388"/>'
        f'<text class="w" x="{x + 34}" y="393">{escaped(wide)}</text>'
        f'<text class="n" x="{x + 34}" y="393">{escaped(narrow)}</text>'
        for x, (name, wide, narrow) in zip(_COLUMNS, named, strict=True)
    )


def _foot(shown: BurnUp) -> str:
    """Return the days of the forecast, or why there are none."""
    if shown.arrivals:
        return "".join(
            f'<line class="p{percent}" x1="{x}" y1="422" x2="{x + 26}" y2="422"/>'
            f'<text x="{x + 34}" y="427">P{percent} {wording.day(at, shown.zone)}</text>'
            for x, (percent, at) in zip(_COLUMNS, shown.arrivals, strict=False)
        )
    wide, (first, second) = fitted(shown.note, within=_ROOM, size=13), _in_two(shown.note)
    return (
        f'<text class="s w" x="24" y="427">{escaped(wide)}</text>'
        f'<text class="s n" x="24" y="416">{escaped(first)}</text>'
        f'<text class="s n" x="24" y="441">{escaped(second)}</text>'
    )


def _in_two(note: str) -> tuple[str, str]:
    """Return a note in two lines that are not wider than the picture where text is largest."""
    line = on_one_line(note)
    first = fitted(line, within=_ROOM, size=21)
    if first == line:
        return line, ""
    first = first.rpartition(" ")[0] or first[:-1]
    return first, fitted(line[len(first) :], within=_ROOM, size=21)


def _described(shown: BurnUp) -> str:
    """Return the picture in words."""
    last, zone = shown.points[-1], shown.time_zone
    marks = (
        f"{mark.percentage} % {'reached' if mark.reached else 'predicted'} {wording.day(mark.at, zone, end=shown.end)}."
        for mark in shown.marks
    )
    arrivals = (
        f"Forecast: {percent} % of the draws are done by {wording.day(at, zone)}." for percent, at in shown.arrivals
    )
    said = (
        f"Burn-up from {wording.day(shown.points[0].at, zone)} to {wording.day(shown.at, zone)}.",
        f"{shown.counted} done, weight {last.done:,} of {last.scope:,}; progress {shown.progress}.",
        *marks,
        "" if shown.end is None else f"Deadline {wording.last_day(shown.end, zone)}.",
        *arrivals,
        shown.note,
    )
    return " ".join(said)
