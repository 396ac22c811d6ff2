"""What callers are answered about the plan of a project."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import answered
from shared.api.reference import Problem

OTHER_ID = "pms_01KAEY5R7C2N8V4X6Z9B1D3F5J"

_DEPENDENCY: dict[str, Any] = {
    "from_id": OTHER_ID,
    "to_id": MILESTONE_ID,
    "type": "finish_to_start",
    "lag_days": 2,
    "is_optional": False,
    "condition": None,
}
_JUDGED = _DEPENDENCY | {"is_open": True, "reason": "not_finished", "title": "Drawings", "status": "in_progress"}


class CycleProblem(Problem):
    """What every refusal answers (RFC 9457); `DependencyCycle` says more."""

    path: Annotated[
        list[str] | None, Field(description="The cycle; each milestone in it depends on the one before.")
    ] = None


class MilestoneDependency(BaseModel):
    """What a milestone depends on."""

    model_config = answered(_DEPENDENCY)

    from_id: str = Field(description="The prerequisite.")
    to_id: str = Field(description="The milestone that depends on it.")
    type: str = Field(description="A type of docs/projects.md.")
    lag_days: int = Field(description="Working days.")
    is_optional: bool = Field(description="Whether it is for plans only.")
    condition: str | None


class JudgedDependency(MilestoneDependency):
    """What a milestone depends on, and whether that keeps it from going on."""

    model_config = answered(_JUDGED)

    is_open: bool
    reason: str | None = Field(
        description="Why it is open: `not_started`, `not_finished`, `not_verified`, `not_paid`, `lag`, "
        "`condition_failed`."
    )
    title: str | None = Field(description="The title of the prerequisite.")
    status: str | None = Field(description="The status of the prerequisite.")


class MilestoneDependencies(BaseModel):
    """What a milestone depends on, 50 at most."""

    model_config = answered({"items": [_JUDGED]})

    items: list[JudgedDependency]
