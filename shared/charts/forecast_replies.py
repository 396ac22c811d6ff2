"""What callers get of a forecast, be it of a goal or of a project; each context says what it is a forecast of."""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.text_replies import AS_DAY

EXAMPLE: Final[dict[str, Any]] = {
    "state": "too_little_history",
    "remaining_weight": 2,
    "p50_at": None,
    "p50_text": None,
    "p85_at": None,
    "p85_text": None,
    "p95_at": None,
    "p95_text": None,
    "draws": 0,
    "reason": "Something must have been completed on at least 3 days; so far it was on 1.",
    "assumptions": [],
}


class Forecast(BaseModel):
    """When the tasks of a goal will be done at its own pace, or why that is not known."""

    # No request is held against it, so it is built for the API reference and the tests alone.
    model_config = ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [EXAMPLE]})
    state: Literal["dated", "done", "empty", "resting", "too_little_history", "standing_still", "out_of_sight"] = Field(
        description="Only `dated` has instants."
    )
    remaining_weight: int = Field(ge=0)
    p50_at: str | None = Field(description="By then half of the draws are done.")
    p50_text: str | None = Field(description=AS_DAY)
    p85_at: str | None = Field(description="By then 85 % of the draws are done; null beyond 20 years.")
    p85_text: str | None = Field(description=AS_DAY)
    p95_at: str | None = Field(description="By then 95 % of the draws are done; null beyond 20 years.")
    p95_text: str | None = Field(description=AS_DAY)
    draws: int = Field(ge=0)
    reason: str | None = Field(description="Why there are no instants.")
    assumptions: list[str] = Field(description="What the instants rest on, in words.")
