"""A goal's chart as a picture: its history in the one burn-up picture that there is (`shared/charts/burn_up.py`)."""

from collections.abc import Sequence

from functions.goals import goals, points, progress
from functions.goals.charts import charts, samples
from functions.goals.goals import Goal, present
from functions.goals.progress import THRESHOLDS, Ledger
from shared import wording
from shared.charts import burn_up
from shared.charts.burn_up import BurnUp, Mark, Point, Theme
from shared.charts.forecast import Forecast
from shared.clock import Instant


def draw(goal: Goal, *, theme: Theme) -> str:
    """Return the chart of a goal as an SVG document of at most 20 KB, as of now; one query."""
    history, at = points.history(goal), present(goal)
    return svg(goal, history, at, forecast=charts.predicted(goal, history, at), theme=theme)


def svg(goal: Goal, history: Sequence[Ledger], at: Instant, *, forecast: Forecast, theme: Theme) -> str:
    """Return the chart of a goal with this history and forecast as an SVG document of at most 20 KB."""
    arrivals = ((50, forecast.p50), (85, forecast.p85), (95, forecast.p95))
    shown = BurnUp(
        title=goal.title,
        points=[
            Point(sample.at, sample.scope_weight, sample.done_weight, progress.hundredths(sample.progress))
            for sample in samples.samples(history, at)
        ],
        at=at,
        counted=goals.tasks_done(goal),
        progress=wording.percent(progress.hybrid(goal.ledger, at)),
        time_zone=goal.time_zone,
        end=goal.ledger.end,
        marks=_marks(progress.as_of(goal.ledger, at)),
        arrivals=[(percent, instant) for percent, instant in arrivals if instant is not None],
        note=forecast.reason or "",
    )
    return burn_up.picture(shown, theme=theme)


def _marks(ledger: Ledger) -> list[Mark]:
    """Return the thresholds that are reached, or that time alone will reach."""
    found = []
    for index, percentage in enumerate(THRESHOLDS):
        since = ledger.since[index]
        instant = progress.predicted_at(ledger, index) if since is None else since
        if instant is not None:
            found.append(Mark(percentage, instant, reached=since is not None))
    return found
