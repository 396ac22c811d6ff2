"""A goal as it is carried from one account to another: what an export answers, and what a restore takes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.goals.replies import GoalProgress
from functions.goals.shapes import (
    Answers,
    Category,
    Day,
    Description,
    GoalTags,
    GoalTitle,
    Moment,
    Note,
    Share,
    TaskStatus,
    TaskTags,
    TaskTitle,
    TaskWeight,
    TimeZone,
    Weights,
)
from shared.errors import NotFound

MOST_POINTS = 4000
MOST_TASKS = 50_000
# With their entries among the due tasks, the stage and an idempotency key: 100, the actions of a transaction.
MOST_TASKS_AT_ONCE = 49
MOST_WEIGHT = 1000 * MOST_TASKS

_STAMP = "2026-01-05T09:30:00.000Z"
_POINT: dict[str, Any] = {
    "changed_at": "2026-01-01T08:00:00.000Z",
    "start_at": "2026-01-01T00:00:00.000Z",
    "end_at": "2026-01-31T00:00:00.000Z",
    "task_share": 70,
    "done_weight": 0,
    "counted_weight": 1,
    "completed_tasks": 0,
    "total_tasks": 1,
    "fixed_progress": None,
}
_GOAL: dict[str, Any] = {
    "title": "Run a marathon",
    "description": None,
    "category": "health",
    "tags": ["running"],
    "status": "active",
    "start_at": "2026-01-01T00:00:00.000Z",
    "deadline": "2026-01-30",
    "time_zone": "UTC",
    "weights": {"task": 70, "time": 30},
    "answers": {"firstStep": "Buy shoes."},
    "created_at": "2026-01-01T08:00:00.000Z",
    "updated_at": _STAMP,
    "changed_at": _STAMP,
    "fixed_progress": None,
    "achieved_at": [_STAMP, _STAMP, None, None],
    "first_achieved_at": [_STAMP, _STAMP, None, None],
    "history": [_POINT],
}
_TASK: dict[str, Any] = {
    "task_id": "task_01KAFX4B1H6M9P2R5S8T0V3WXY",
    "title": "First 20 km run",
    "weight": 1,
    "tags": [],
    "status": "completed",
    "due_at": None,
    "completion_note": None,
    "completed_at": _STAMP,
    "created_at": "2026-01-01T08:00:00.000Z",
    "updated_at": _STAMP,
}
_GOAL_ID = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
_PROGRESS: dict[str, Any] = {
    "goal_id": _GOAL_ID,
    "progress_percentage": 73.33,
    "task_progress": 100.0,
    "time_progress": 11.11,
    "completed_tasks": 1,
    "total_tasks": 1,
    "pace": 88.89,
    "is_overdue": False,
    "is_urgent": False,
    "is_on_track": True,
    "milestones": [],
    "as_of": _STAMP,
    "last_updated": _STAMP,
}


class RestoreNotFound(NotFound):
    """404: no restore of yours is on its way under this id; it may have expired."""

    def __init__(self) -> None:
        super().__init__("No restore of yours is on its way under this id; it may have expired.")


def _shown(example: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [example]})


Weight = Annotated[int, Field(strict=True, ge=0, le=MOST_WEIGHT)]
Number = Annotated[int, Field(strict=True, ge=0, le=MOST_TASKS)]
Fraction = Annotated[
    str, Field(pattern=r"^[0-9]{1,30}/[1-9][0-9]{0,29}$", description="Percent, exactly, as a fraction: `233/5`.")
]
Four = Annotated[list[Moment | None], Field(min_length=4, max_length=4, description="One for 25, 50, 75 and 100 %.")]


class Point(BaseModel):
    """What a goal's progress was worked out from, at the end of a day (UTC) on which that changed."""

    model_config = _shown(_POINT)

    changed_at: Moment
    start_at: Moment
    end_at: Moment | None = None
    task_share: Share
    done_weight: Weight
    counted_weight: Weight
    completed_tasks: Number
    total_tasks: Number
    fixed_progress: Fraction | None = None


class GoalRestore(BaseModel):
    """A goal as an export answers it; its tasks follow."""

    model_config = _shown(_GOAL)

    title: GoalTitle
    description: Description | None = None
    category: Category | None = None
    tags: GoalTags | None = None
    status: Literal["active", "paused", "completed", "archived"]
    start_at: Moment
    deadline: Day | None = None
    time_zone: TimeZone = "UTC"
    weights: Weights
    answers: Answers | None = None
    created_at: Moment
    updated_at: Moment
    changed_at: Annotated[Moment, Field(description="When what progress is worked out from last changed.")]
    fixed_progress: Annotated[Fraction | None, Field(description="Of a goal that is completed or archived.")] = None
    achieved_at: Annotated[Four, Field(description="What was reached at `changed_at`, and since when.")]
    first_achieved_at: Four
    history: Annotated[list[Point], Field(max_length=MOST_POINTS, description="One for each day before the last.")]


class TaskRestore(BaseModel):
    """A task as an export answers it."""

    model_config = _shown(_TASK)

    task_id: Annotated[str, Field(max_length=64, description="The id it had; it gets another that sorts the same.")]
    title: TaskTitle
    weight: TaskWeight = 1
    tags: TaskTags | None = None
    status: TaskStatus
    due_at: Moment | None = None
    completion_note: Note | None = None
    completed_at: Moment | None = None
    created_at: Moment
    updated_at: Moment


class TasksRestore(BaseModel):
    """Tasks of a goal that is being restored."""

    model_config = _shown({"tasks": [_TASK]})

    tasks: Annotated[list[TaskRestore], Field(min_length=1, max_length=MOST_TASKS_AT_ONCE)]


class RestoreEnd(BaseModel):
    """That all tasks have been sent."""

    model_config = _shown({"task_count": 1})

    task_count: Annotated[Number, Field(description="How many tasks were sent.")]


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

    model_config = _shown({"goal_id": _GOAL_ID, "version": 6, "goal": _GOAL, "tasks": [_TASK], "next_cursor": None})

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

    model_config = _shown({"goal_id": _GOAL_ID, "tasks": {_TASK["task_id"]: "task_01KAFX4B1HA2C4E6G8J0K3M5N7"}})

    goal_id: str
    tasks: dict[str, str]


class GoalRestored(BaseModel):
    """The goal that is there now."""

    model_config = _shown({"goal_id": _GOAL_ID, "progress": _PROGRESS})

    goal_id: str
    progress: GoalProgress
