"""What callers send of a goal that they carry from another account: what its export has answered them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

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
from shared.api.whole_numbers import WHOLE

MOST_POINTS = 4000
MOST_TASKS = 20_000
# With their entries among the due tasks, the stage and an idempotency key: 100, the actions of a transaction.
MOST_TASKS_AT_ONCE = 49
MOST_WEIGHT = 1000 * MOST_TASKS

STAMP = "2026-01-05T09:30:00.000Z"
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
GOAL: dict[str, Any] = {
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
    "updated_at": STAMP,
    "changed_at": STAMP,
    "fixed_progress": None,
    "achieved_at": [STAMP, STAMP, None, None],
    "first_achieved_at": [STAMP, STAMP, None, None],
    "history": [_POINT],
}
TASK: dict[str, Any] = {
    "task_id": "task_01KAFX4B1H6M9P2R5S8T0V3WXY",
    "title": "First 20 km run",
    "weight": 1,
    "tags": [],
    "status": "completed",
    "due_at": None,
    "completion_note": None,
    "completed_at": STAMP,
    "created_at": "2026-01-01T08:00:00.000Z",
    "updated_at": STAMP,
}


def _shown(example: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [example]})


Weight = Annotated[int, Field(strict=True, ge=0, le=MOST_WEIGHT), WHOLE]
Number = Annotated[int, Field(strict=True, ge=0, le=MOST_TASKS), WHOLE]
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

    model_config = _shown(GOAL)

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

    model_config = _shown(TASK)

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

    model_config = _shown({"tasks": [TASK]})

    tasks: Annotated[list[TaskRestore], Field(min_length=1, max_length=MOST_TASKS_AT_ONCE)]


class RestoreEnd(BaseModel):
    """That all tasks have been sent."""

    model_config = _shown({"task_count": 1})

    task_count: Annotated[Number, Field(description="How many tasks were sent.")]
