"""What callers get: the shapes of goals, progress, tasks, milestones and shares, for the API reference and the tests.

The views (`views.py`, `tasks.view`, …) build plain values; every test that calls a route holds them against these.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.goals.shapes import Answers, TaskStatus, Weights
from shared.text_replies import AS_DAY, AS_PERCENT

GOAL_ID = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
_TASK_ID = "task_01KAFX4B1H6M9P2R5S8T0V3WXY"
USER_ID = "user_01KAFWZZ2C4E6G8J0K3M5N7PQR"


class Reply(BaseModel):
    """The common part of all answers about goals."""

    # No request is held against these, so they are built for the API reference and the tests alone.
    model_config = ConfigDict(extra="forbid", defer_build=True)


class Milestone(Reply):
    """A milestone derived from the progress of its goal."""

    id: str
    name: str
    percentage: Literal[25, 50, 75, 100]
    description: str
    achieved: bool
    achieved_at: str | None = Field(description="When the present run of being reached began.")
    achieved_text: str | None = Field(description=AS_DAY)
    first_achieved_at: str | None = Field(description="When it was reached for the first time.")
    first_achieved_text: str | None = Field(description=AS_DAY)
    predicted_at: str | None = Field(description="When time alone will reach it; null if reached or never.")
    predicted_text: str | None = Field(description=AS_DAY)


class Progress(Reply):
    """How far a goal is; percentages have at most two decimals, rounded half up, and a text beside them."""

    progress_percentage: float = Field(ge=0, le=100)
    progress_text: str = Field(description=AS_PERCENT)
    task_progress: float = Field(ge=0, le=100)
    task_progress_text: str = Field(description=AS_PERCENT)
    time_progress: float | None = Field(ge=0, le=100, description="null without a deadline")
    time_progress_text: str | None = Field(description=AS_PERCENT)
    completed_tasks: int = Field(ge=0)
    total_tasks: int = Field(ge=0)
    pace: float | None = Field(ge=-100, le=100, description="Task progress minus time progress, in points.")
    pace_text: str | None = Field(description="The same in words: `7.5 points behind schedule`.")
    is_overdue: bool
    is_urgent: bool
    is_on_track: bool


_PROGRESS: dict[str, Any] = {
    "progress_percentage": 46.67,
    "progress_text": "46.7 %",
    "task_progress": 66.67,
    "task_progress_text": "66.7 %",
    "time_progress": 0.0,
    "time_progress_text": "0 %",
    "completed_tasks": 2,
    "total_tasks": 3,
    "pace": 66.67,
    "pace_text": "66.7 points ahead of schedule",
    "is_overdue": False,
    "is_urgent": False,
    "is_on_track": True,
}
MILESTONES: list[dict[str, Any]] = [
    {
        "id": f"milestone_{percentage}_{GOAL_ID}",
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
        (25, "First Quarter", "2026-01-01T00:00:00.000Z", "1 Jan 2026", None, None),
        (50, "Halfway Point", None, None, "2026-01-04T08:00:00.000Z", "4 Jan 2026"),
        (75, "Three Quarters", None, None, "2026-01-29T08:00:00.000Z", "29 Jan 2026"),
        (100, "Complete", None, None, None, None),
    )
]
_GOAL_PROGRESS: dict[str, Any] = {
    "goal_id": GOAL_ID,
    **_PROGRESS,
    "milestones": MILESTONES,
    "as_of": "2026-01-01T00:00:00.000Z",
    "last_updated": "2026-01-01T00:00:00.000Z",
}
_GOAL: dict[str, Any] = {
    "goal_id": GOAL_ID,
    "owner_id": USER_ID,
    "role": "owner",
    "title": "Run a marathon",
    "description": None,
    "category": "health",
    "tags": ["running"],
    "status": "active",
    "start_at": "2026-01-01T00:00:00.000Z",
    "start_text": "1 Jan 2026",
    "deadline": "2026-01-30",
    "deadline_text": "30 Jan 2026",
    "time_zone": "UTC",
    "weights": {"task": 70, "time": 30},
    "progress": _PROGRESS,
    "milestones": MILESTONES,
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-01-01T00:00:00.000Z",
    "version": 6,
}
_TASK: dict[str, Any] = {
    "task_id": _TASK_ID,
    "goal_id": GOAL_ID,
    "created_by": USER_ID,
    "title": "First 20 km run",
    "weight": 3,
    "tags": ["long"],
    "status": "completed",
    "due_at": "2026-01-20T18:00:00.000Z",
    "due_text": "20 Jan 2026",
    "completion_note": "2 h 04 min, knees fine.",
    "completed_at": "2026-01-19T09:12:44.031Z",
    "completed_text": "19 Jan 2026",
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-01-19T09:12:44.031Z",
    "version": 2,
}
_ACHIEVEMENT: dict[str, Any] = {
    "milestone_id": f"milestone_25_{GOAL_ID}",
    "goal_id": GOAL_ID,
    "goal_title": "Run a marathon",
    "name": "First Quarter",
    "percentage": 25,
    "achieved_at": "2026-01-01T00:00:00.000Z",
    "achieved_text": "1 Jan 2026",
}


def example(shown: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a reply that is shown by this example."""
    return ConfigDict(json_schema_extra={"examples": [shown]})


class GoalProgress(Progress):
    """How far a goal is, with its four milestones, at one instant."""

    model_config = example(_GOAL_PROGRESS)
    goal_id: str
    milestones: list[Milestone] = Field(min_length=4, max_length=4)
    as_of: str
    last_updated: str


class ListedGoal(Reply):
    """A goal as it stands in a list: all but its answers."""

    model_config = example(_GOAL)
    goal_id: str
    owner_id: str
    role: Literal["owner", "contributor", "viewer", "tenant_owner"] = Field(
        description="What the goal is to you; `tenant_owner` for a goal of a removed or disabled member."
    )
    title: str
    description: str | None
    category: str | None
    tags: list[str]
    status: Literal["active", "paused", "completed", "archived"]
    start_at: str
    start_text: str = Field(description=AS_DAY)
    deadline: str | None
    deadline_text: str | None = Field(description="The deadline as text: `30 Jan 2026`.")
    time_zone: str
    weights: Weights
    progress: Progress
    milestones: list[Milestone] = Field(min_length=4, max_length=4)
    created_at: str
    updated_at: str
    version: int


class Goal(ListedGoal):
    """A goal with its progress, its milestones and its answers."""

    model_config = example({**_GOAL, "answers": {"firstStep": "Buy shoes."}})
    answers: Answers | None


class Task(Reply):
    """A task of a goal."""

    model_config = example(_TASK)
    task_id: str
    goal_id: str
    created_by: str
    title: str
    weight: int
    tags: list[str]
    status: TaskStatus
    due_at: str | None
    due_text: str | None = Field(description=f"{AS_DAY} Midnight ends the day before it.")
    completion_note: str | None
    completed_at: str | None
    completed_text: str | None = Field(description=AS_DAY)
    created_at: str
    updated_at: str
    version: int


class Achievement(Reply):
    """That a goal reached a milestone for the first time; the title is the goal's at that time."""

    model_config = example(_ACHIEVEMENT)
    milestone_id: str
    goal_id: str
    goal_title: str
    name: str
    percentage: Literal[25, 50, 75, 100]
    achieved_at: str
    achieved_text: str = Field(description="The day as text, in the zone that the goal had when it was recorded.")


class Milestones(Reply):
    """The four milestones of a goal, ascending."""

    model_config = example({"items": MILESTONES})
    items: list[Milestone] = Field(min_length=4, max_length=4)


class Imported(Reply):
    """The goal that an import made, and the ids its tasks got."""

    model_config = example({"goal_id": GOAL_ID, "tasks": {"alpha": _TASK_ID}, "progress": _GOAL_PROGRESS})
    goal_id: str
    tasks: dict[str, str] = Field(description="Your references and the ids of the tasks.")
    progress: GoalProgress


class Page(Reply):
    """A page of something; each page names its `items`."""

    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class Goals(Page):
    """A page of goals."""

    model_config = example({"items": [_GOAL], "next_cursor": None})
    items: list[ListedGoal]


class GoalCounts(Reply):
    """How many goals have each status."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"active": 12, "paused": 1, "completed": 30, "archived": 4, "total": 47}]}
    )

    active: int = Field(ge=0)
    paused: int = Field(ge=0)
    completed: int = Field(ge=0)
    archived: int = Field(ge=0)
    total: int = Field(ge=0)


class GoalsProgress(Page):
    """A page of the progress of goals, newest goal first."""

    model_config = example({"items": [_GOAL_PROGRESS], "next_cursor": None})
    items: list[GoalProgress]


class Tasks(Page):
    """A page of tasks in the order of their creation."""

    model_config = example({"items": [_TASK], "next_cursor": None})
    items: list[Task]


class Achievements(Page):
    """A page of achievements, newest first."""

    model_config = example({"items": [_ACHIEVEMENT], "next_cursor": None})
    items: list[Achievement]
