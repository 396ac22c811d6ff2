"""What charts and forecasts take of the processor: for three years of daily changes and 10,000 tasks."""

import time
from collections.abc import Callable

from functions.goals import points
from functions.goals.charts import charts
from functions.goals.charts import pictures as chart_pictures
from shared import clock, ids
from tests.bench import scene
from tests.bench.figures import Figure, quick

TURNS = 30

PICTURE_MILLISECONDS = 15
FORECAST_MILLISECONDS = 30
PICTURE_BYTES = 20_000


def measure() -> list[Figure]:
    """Return the figures of drawing a picture and of forecasting, from a history that is read."""
    goal = scene.goal(task_count=10_000, completed=3_333, goal_id=ids.new("goal"))
    history, at = scene.history(goal), goal.ledger.changed_at + clock.SECOND
    items = [points.to_item(goal.partition, goal.goal_id, ledger) for ledger in history]
    forecast = charts.predicted(goal, history, at)
    svg = chart_pictures.svg(goal, history, at, forecast=forecast, theme="auto")
    return judged(
        picture=_milliseconds(lambda: chart_pictures.svg(goal, history, at, forecast=forecast, theme="auto")),
        forecast=_milliseconds(lambda: charts.predicted(goal, history, at)),
        reading=_milliseconds(lambda: [points.from_item(item) for item in items]),
        size=len(svg.encode()),
    )


def judged(*, picture: list[float], forecast: list[float], reading: list[float], size: int) -> list[Figure]:
    """Return the figures of what turns took, in milliseconds of the processor, and of the size of the picture."""
    return [
        Figure("a forecast: processor time", quick(forecast), "ms", FORECAST_MILLISECONDS),
        Figure("a picture, its forecast known: processor time", quick(picture), "ms", PICTURE_MILLISECONDS),
        Figure("… its size", size, "bytes", PICTURE_BYTES),
        Figure("the history from its items: processor time", quick(reading), "ms"),
    ]


def _milliseconds(work: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(TURNS):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return taken
