"""What callers get of a goal's past and future: its chart, as numbers and as a picture, and its forecast."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.goals.replies import Milestone
from shared.charts.forecast_replies import EXAMPLE, Forecast
from shared.text_replies import AS_DAY

_GOAL_ID = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
_AS_OF = "2026-01-06T08:00:00.000Z"
_SAMPLES: list[dict[str, Any]] = [
    {
        "date": at[:10],
        "at": at,
        "scope_weight": scope,
        "done_weight": done,
        "total_tasks": scope,
        "completed_tasks": done,
        "progress_percentage": percentage,
        "task_progress": tasks,
        "time_progress": time,
    }
    for at, scope, done, percentage, tasks, time in (
        ("2026-01-01T00:00:00.000Z", 0, 0, 0.0, 0.0, 0.0),
        ("2026-01-01T23:59:59.999Z", 2, 0, 1.0, 0.0, 3.33),
        ("2026-01-04T23:59:59.999Z", 2, 0, 4.0, 0.0, 13.33),
        ("2026-01-05T23:59:59.999Z", 3, 1, 28.33, 33.33, 16.67),
        (_AS_OF, 3, 1, 28.67, 33.33, 17.78),
    )
]
_MILESTONES: list[dict[str, Any]] = [
    {
        "id": f"milestone_{percentage}_{_GOAL_ID}",
        "name": name,
        "percentage": percentage,
        "description": f"Reach {percentage}% progress",
        "achieved": reached is not None,
        "achieved_at": reached,
        "achieved_text": reached_text,
        "first_achieved_at": reached,
        "first_achieved_text": reached_text,
        "predicted_at": predicted,
        "predicted_text": predicted_text,
    }
    for percentage, name, reached, reached_text, predicted, predicted_text in (
        (25, "First Quarter", "2026-01-05T09:30:00.000Z", "5 Jan 2026", None, None),
        (50, "Halfway Point", None, None, "2026-01-27T16:00:00.000Z", "27 Jan 2026"),
        (75, "Three Quarters", None, None, None, None),
        (100, "Complete", None, None, None, None),
    )
]


def _config(*shown: Any) -> ConfigDict:
    # No request is held against these, so they are built for the API reference and the tests alone.
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": list(shown)})


class Sample(BaseModel):
    """How far a goal was at an instant: at the end of a day (UTC), at the beginning of the first, or now."""

    model_config = _config(_SAMPLES[-1])
    date: str = Field(description="The day of the instant in UTC.")
    at: str
    scope_weight: int = Field(ge=0, description="The weight of all tasks that count.")
    done_weight: int = Field(ge=0)
    total_tasks: int = Field(ge=0)
    completed_tasks: int = Field(ge=0)
    progress_percentage: float = Field(ge=0, le=100)
    task_progress: float = Field(ge=0, le=100)
    time_progress: float | None = Field(ge=0, le=100, description="null without a deadline")


class GoalForecast(Forecast):
    """When the tasks of this goal will be done at its own pace, or why that is not known."""

    model_config = _config({"goal_id": _GOAL_ID, **EXAMPLE, "as_of": _AS_OF})
    goal_id: str
    as_of: str


class GoalChart(BaseModel):
    """What happened to a goal, day by day, and what is expected of it."""

    model_config = _config(
        {
            "goal_id": _GOAL_ID,
            "start_at": "2026-01-01T00:00:00.000Z",
            "start_text": "1 Jan 2026",
            "end_at": "2026-01-31T00:00:00.000Z",
            "end_text": "30 Jan 2026",
            "samples": _SAMPLES,
            "milestones": _MILESTONES,
            "forecast": EXAMPLE,
            "as_of": _AS_OF,
        }
    )
    goal_id: str
    start_at: str
    start_text: str = Field(description=AS_DAY)
    end_at: str | None = Field(description="The first instant after the deadline; null without one.")
    end_text: str | None = Field(description="The last day before the end as text, in the goal's time zone.")
    samples: list[Sample] = Field(
        min_length=2,
        description="Oldest first. Between samples of days that are not neighbours only time moved, evenly.",
    )
    milestones: list[Milestone] = Field(min_length=4, max_length=4)
    forecast: Forecast
    as_of: str


class ChartPicture(RootModel[str]):
    """The chart of a goal as a picture with text in it."""

    MEDIA_TYPE: ClassVar[str] = "image/svg+xml"
    model_config = ConfigDict(json_schema_extra={"examples": ['<svg xmlns="http://www.w3.org/2000/svg"></svg>']})
