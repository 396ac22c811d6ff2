"""A project's chart and forecast as readers see them: how it stood day by day, and when what is open will be done."""

from typing import Final, NamedTuple

from functions.milestones import views
from functions.milestones.projects import points, standing
from functions.milestones.projects import reading as projects_reading
from functions.milestones.projects.points import Point
from functions.milestones.projects.standing import Standing
from functions.milestones.views import View
from shared import clock
from shared.callers import project_members
from shared.callers.auth import Caller
from shared.callers.project_members import ProjectNotFound
from shared.charts import forecast
from shared.charts.forecast import Forecast
from shared.clock import DAY
from shared.wording import Ratio

THRESHOLDS: Final = (25, 50, 75, 100)


class Look(NamedTuple):
    """What a chart is made of: how the project stood from its first day on, the last time now, and its last day.

    `progress` is the weighted progress of now as an exact percentage.
    """

    project_id: str
    samples: list[Point]
    last_day: str | None
    progress: Ratio

    @property
    def now(self) -> Point:
        """Return how the project stands now."""
        return self.samples[-1]


def look(caller: Caller, project_id: str) -> Look:
    """Return the history of a project: one query for what is there now, one for the past. Raises ProjectNotFound."""
    project_members.require_visible(caller, project_id)
    entries = projects_reading.project_entries(caller.tenant_id, project_id)
    past = points.history(caller.tenant_id, project_id)
    if not entries and not past:
        raise ProjectNotFound
    at = clock.now()
    over = [point for point in past if point.at < at]
    began = over[0].at if over else at
    opening = Point(began // DAY * DAY, Standing())
    last_day = max((entry["timeframe_to"] for entry in entries if entry["timeframe_to"]), default=None)
    samples = [opening, *over, Point(at, standing.of(entries))]
    return Look(project_id, samples, last_day, standing.exact_progress(entries))


def read(caller: Caller, project_id: str) -> View:
    """Return the chart of a project; two queries. Raises ProjectNotFound."""
    seen = look(caller, project_id)
    return {
        "project_id": project_id,
        "last_day": seen.last_day,
        "last_day_text": views.day_text(seen.last_day),
        "samples": [_sample(point) for point in seen.samples],
        "forecast": forecast.view(predicted(seen), None),
        "as_of": clock.to_rfc3339(seen.now.at),
    }


def read_forecast(caller: Caller, project_id: str) -> View:
    """Return when the open milestones of a project will be done; two queries. Raises ProjectNotFound."""
    seen = look(caller, project_id)
    return {"project_id": project_id, **forecast.view(predicted(seen), None), "as_of": clock.to_rfc3339(seen.now.at)}


def predicted(seen: Look) -> Forecast:
    """Return when the open milestones of a project will be done, going on as in its history; the same whoever asks."""
    now = seen.now.standing
    if now.total and not now.open_weight:
        return Forecast("done", 0, reason="No milestone is open.")
    done = [(point.at, point.standing.done_weight) for point in seen.samples]
    return forecast.forecast(done, remaining=now.open_weight, start=seen.samples[0].at, at=seen.now.at)


def _sample(point: Point) -> View:
    at, stood = clock.to_rfc3339(point.at), point.standing
    return {
        "date": at[:10],
        "at": at,
        "scope_weight": stood.scope_weight,
        "done_weight": stood.done_weight,
        "total_milestones": stood.total,
        "completed_milestones": stood.completed,
        "missed_milestones": stood.missed,
        "weighted_progress": stood.progress,
    }
