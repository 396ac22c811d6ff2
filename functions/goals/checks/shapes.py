"""What callers send to have rows checked before they write them."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SkipValidation

from functions.goals.shapes import GoalDraft, Note, TaskDraft
from shared.errors import TooLarge

MOST_ROWS = 100

_EXAMPLE: dict[str, Any] = {
    "rows": [
        {
            "goal_id": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
            "task": {"title": "First 20 km run", "due_at": "2027-06-30T18:00:00Z"},
        },
        {
            "goal": {"title": "Learn to swim", "deadline": "2027-09-26", "time_zone": "Europe/Berlin"},
            "task": {"title": "Find a pool"},
            "completion_note": "The one by the river.",
        },
    ]
}


class RowDraft(BaseModel):
    """A task as `POST …/tasks` takes it, and its goal: the id of one, or a draft as `POST /api/v1/goals` takes it."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    goal_id: Annotated[str | None, Field(max_length=64)] = None
    goal: GoalDraft | None = None
    task: TaskDraft
    completion_note: Annotated[Note | None, Field(description="What would be said on completing the task.")] = None


def _not_too_many(rows: Any) -> Any:
    if isinstance(rows, list) and len(rows) > MOST_ROWS:
        raise TooLarge(f"rows: {len(rows)} were sent; one request checks {MOST_ROWS}. Send them in parts.")
    return rows


# A wrong row must not refuse the others, so each is read by itself (`checks.py`).
_Row = Annotated[RowDraft, SkipValidation]


class RowsCheck(BaseModel):
    """Rows to be checked, 1 to 100."""

    model_config = ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [_EXAMPLE]})

    rows: Annotated[
        list[_Row], Field(min_length=1, json_schema_extra={"maxItems": MOST_ROWS}), BeforeValidator(_not_too_many)
    ]
