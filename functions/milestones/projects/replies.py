"""What callers get of a project's past and future: its chart, as numbers and as a picture, and its forecast."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from shared.charts.forecast_replies import EXAMPLE, Forecast

_AS_OF = "2026-01-06T08:00:00.000Z"
_FORECAST: dict[str, Any] = {**EXAMPLE, "remaining_weight": 3}
_SAMPLES: list[dict[str, Any]] = [
    {
        "date": at[:10],
        "at": at,
        "scope_weight": scope,
        "done_weight": done,
        "total_milestones": scope,
        "completed_milestones": done,
        "missed_milestones": 0,
        "weighted_progress": percentage,
    }
    for at, scope, done, percentage in (
        ("2026-01-01T00:00:00.000Z", 0, 0, 0.0),
        ("2026-01-01T23:59:59.999Z", 2, 0, 0.0),
        ("2026-01-04T23:59:59.999Z", 4, 1, 31.5),
        (_AS_OF, 4, 1, 31.5),
    )
]


def _config(shown: Any) -> ConfigDict:
    # No request is held against these, so they are built for the API reference and the tests alone.
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [shown]})


class ProjectSample(BaseModel):
    """How a project stood at an instant: at the end of a day (UTC), at the beginning of the first, or now."""

    model_config = _config(_SAMPLES[-1])
    date: str = Field(description="The day of the instant in UTC.")
    at: str
    scope_weight: int = Field(ge=0, description="The weight of all milestones.")
    done_weight: int = Field(ge=0, description="The weight of the completed ones.")
    total_milestones: int = Field(ge=0)
    completed_milestones: int = Field(ge=0)
    missed_milestones: int = Field(ge=0)
    weighted_progress: float = Field(ge=0, le=100, description="The mean by weight; a completed one counts as 100.")


class MilestonesForecast(Forecast):
    """When the open milestones of a project will be done at its own pace, or why that is not known."""

    model_config = _config(_FORECAST)
    state: Literal["dated", "done", "empty", "too_little_history", "standing_still", "out_of_sight"] = Field(
        description="Only `dated` has instants."
    )
    remaining_weight: int = Field(ge=0, description="The weight of the open milestones.")


class ProjectForecast(MilestonesForecast):
    """When the open milestones of this project will be done at its own pace, or why that is not known."""

    model_config = _config({"project_id": "project_123", **_FORECAST, "as_of": _AS_OF})
    project_id: str
    as_of: str


class ProjectChart(BaseModel):
    """How a project stood, day by day, and what is expected of it."""

    model_config = _config(
        {
            "project_id": "project_123",
            "last_day": "2026-12-31",
            "last_day_text": "31 Dec 2026 UTC",
            "samples": _SAMPLES,
            "forecast": _FORECAST,
            "as_of": _AS_OF,
        }
    )
    project_id: str
    last_day: str | None = Field(description="The last day of the milestone that may take longest; null without any.")
    last_day_text: str | None = Field(description="The day as text, in UTC: `31 Dec 2026 UTC`.")
    samples: list[ProjectSample] = Field(
        min_length=2, description="Oldest first. Each holds until the day of the next one begins."
    )
    forecast: MilestonesForecast
    as_of: str


class ProjectPicture(RootModel[str]):
    """The chart of a project as a picture with text in it."""

    MEDIA_TYPE: ClassVar[str] = "image/svg+xml"
    model_config = ConfigDict(json_schema_extra={"examples": ['<svg xmlns="http://www.w3.org/2000/svg"></svg>']})
