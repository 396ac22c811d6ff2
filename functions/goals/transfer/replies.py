"""What callers get of a goal that is carried from one account to another: its export, and how its restore goes on."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.goals.replies import MILESTONES, GoalProgress
from functions.goals.shapes import Answers, TaskStatus, Weights
from functions.goals.transfer.shapes import GOAL, STAMP, TASK

_GOAL_ID = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
_PROGRESS: dict[str, Any] = {
    "goal_id": _GOAL_ID,
    "progress_percentage": 73.33,
    "progress_text": "73.3 %",
    "task_progress": 100.0,
    "task_progress_text": "100 %",
    "time_progress": 11.11,
    "time_progress_text": "11.1 %",
    "completed_tasks": 1,
    "total_tasks": 1,
    "pace": 88.89,
    "pace_text": "88.9 points ahead of schedule",
    "is_overdue": False,
    "is_urgent": False,
    "is_on_track": True,
    "milestones": MILESTONES,
    "as_of": STAMP,
    "last_updated": STAMP,
}


def _shown(example: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [example]})


class _Exported(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class ExportedPoint(_Exported):
    """A day of a goal's history."""

    changed_at: str
    start_at: str
    end_at: str | None
    task_share: int
    done_weight: int
    counted_weight: int
    completed_tasks: int
    total_tasks: int
    fixed_progress: str | None


class ExportedGoal(_Exported):
    """A goal with its history, as a restore takes it."""

    title: str
    description: str | None
    category: str | None
    tags: list[str]
    status: Literal["active", "paused", "completed", "archived"]
    start_at: str
    deadline: str | None
    time_zone: str
    weights: Weights
    answers: Answers | None
    created_at: str
    updated_at: str
    changed_at: str
    fixed_progress: str | None
    achieved_at: list[str | None]
    first_achieved_at: list[str | None]
    history: list[ExportedPoint]


class ExportedTask(_Exported):
    """A task, as a restore takes it."""

    task_id: str
    title: str
    weight: int
    tags: list[str]
    status: TaskStatus
    due_at: str | None
    completion_note: str | None
    completed_at: str | None
    created_at: str
    updated_at: str


class GoalExport(BaseModel):
    """A page of an export: the goal on the first one, and tasks on all."""

    model_config = _shown({"goal_id": _GOAL_ID, "version": 6, "goal": GOAL, "tasks": [TASK], "next_cursor": None})

    goal_id: str
    version: int = Field(description="When it is another one on a later page, the goal has changed: begin anew.")
    goal: ExportedGoal | None = Field(description="null on the pages after the first.")
    tasks: list[ExportedTask]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class RestoreBegun(BaseModel):
    """A goal that is on its way: nobody sees it before it is finished."""

    model_config = _shown({"goal_id": _GOAL_ID, "expires_at": "2026-01-06T09:30:00.000Z"})

    goal_id: str
    expires_at: str = Field(description="When it is forgotten, unless it was finished.")


class TasksRestored(BaseModel):
    """The ids that tasks have got, by those they had."""

    model_config = _shown({"goal_id": _GOAL_ID, "tasks": {TASK["task_id"]: "task_01KAFX4B1HA2C4E6G8J0K3M5N7"}})

    goal_id: str
    tasks: dict[str, str]


class GoalRestored(BaseModel):
    """The goal that is there now."""

    model_config = _shown({"goal_id": _GOAL_ID, "progress": _PROGRESS})

    goal_id: str
    progress: GoalProgress
