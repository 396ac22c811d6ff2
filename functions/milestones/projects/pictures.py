"""A project's chart as a picture: its history in the one burn-up picture that there is (`shared/charts/burn_up.py`)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from functions.milestones import due
from functions.milestones.projects import charts
from functions.milestones.projects.charts import THRESHOLDS, Look
from functions.milestones.projects.points import Point
from functions.milestones.projects.standing import Standing
from shared import wording
from shared.charts import burn_up
from shared.charts.burn_up import BurnUp, Mark, Theme
from shared.clock import DAY


def svg(seen: Look, *, theme: Theme) -> str:
    """Return the chart of a project as an SVG document of at most 20 KB."""
    told = charts.predicted(seen)
    arrivals = ((50, told.p50), (85, told.p85), (95, told.p95))
    shown = BurnUp(
        title=seen.project_id,
        points=[_drawn(point) for point in _held(seen.samples)],
        at=seen.now.at,
        counted=_counted(seen.now.standing),
        progress=wording.percent(seen.progress),
        end=None if seen.last_day is None else due.end_of(seen.last_day),
        marks=_marks(seen.samples),
        arrivals=[(percent, instant) for percent, instant in arrivals if instant is not None],
        note=told.reason or "",
    )
    return burn_up.picture(shown, theme=theme)


def _counted(stood: Standing) -> str:
    return f"{stood.completed:,} of {stood.total:,} {'milestone' if stood.total == 1 else 'milestones'}"


def _held(samples: Sequence[Point]) -> Iterator[Point]:
    """Yield the samples, and before each what held until its day: nothing moves but on the days that have one."""
    yield samples[0]
    for before, point in pairwise(samples):
        if point.at - before.at > DAY:
            yield before._replace(at=point.at - DAY)
        yield point


def _drawn(point: Point) -> burn_up.Point:
    stood = point.standing
    return burn_up.Point(point.at, stood.scope_weight, stood.done_weight, round(stood.progress * 100))


def _marks(samples: Sequence[Point]) -> list[Mark]:
    """Return the thresholds that progress is at or above now, each on the day its present run began."""
    marks = []
    for percentage in THRESHOLDS:
        since = None
        for point in samples:
            since = (since or point.at) if point.standing.progress >= percentage else None
        if since is not None:
            marks.append(Mark(percentage, since, reached=True))
    return marks
