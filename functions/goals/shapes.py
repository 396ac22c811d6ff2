"""What callers send: the fields of goals, tasks, shares and imports with their limits. Unknown fields are refused."""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from functions.goals import readers
from shared import time_zones
from shared.api.whole_numbers import WHOLE
from shared.clock import Instant
from shared.errors import TooLarge

MOST_HISTORY_ENTRIES = 1000

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _read_day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day as YYYY-MM-DD")
    return date.fromisoformat(value)


def _known_time_zone(name: str) -> str:
    if not time_zones.is_known(name):
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return name


_RFC3339 = {"type": "string", "format": "date-time", "examples": ["2026-01-31T09:30:00Z"]}
Moment = Annotated[
    Instant, BeforeValidator(readers.instant, json_schema_input_type=str), Field(json_schema_extra=_RFC3339)
]
Day = Annotated[date, BeforeValidator(_read_day, json_schema_input_type=date)]
TimeZone = Annotated[str, Field(max_length=64, examples=["Europe/Berlin"]), AfterValidator(_known_time_zone)]
TenantTimeZone = Annotated[TimeZone | None, Field(description="Without it, the time zone of your tenant.")]


def _line(shortest: int, longest: int) -> Any:
    """Return the limits of a text of one line, counted without the white space around it."""
    return StringConstraints(
        strip_whitespace=True, min_length=shortest, max_length=longest, pattern=r"^[^\x00-\x1f\x7f]*$"
    )


def _prose(longest: int) -> Any:
    """Return the limits of a text that may have several lines."""
    return StringConstraints(strip_whitespace=True, max_length=longest, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")


GoalTitle = Annotated[str, _line(3, 100)]
Description = Annotated[str, _prose(500)]
Category = Annotated[str, _line(1, 50)]
GoalTag = Annotated[str, _line(1, 50)]
GoalTags = Annotated[list[GoalTag], Field(max_length=20)]
TaskTitle = Annotated[str, _line(1, 100)]
LinkName = Annotated[str, _line(1, 100)]
TaskTags = Annotated[list[Annotated[str, _line(1, 20)]], Field(max_length=10)]
TaskWeight = Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE]
TaskStatus = Literal["active", "paused", "completed", "cancelled", "archived"]
Note = Annotated[str, _prose(500)]
Answer = Annotated[str, _prose(500)]
Share = Annotated[int, Field(strict=True, ge=0, le=100), WHOLE]


class _Input(BaseModel):
    # Built when the first request needs it: a cold start takes one of them at most, and all are a tenth of it.
    model_config = ConfigDict(extra="forbid", defer_build=True)


class _Patch(_Input):
    """A change in which what is not sent stays as it is: `sent` tells it apart from a default."""

    def sent(self) -> dict[str, Any]:
        """Return the fields that the caller sent, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _without_defaults(example: dict[str, Any]) -> Any:
    """Return what makes a patch's JSON Schema say no defaults, for there are none, and show an example."""

    def edit(schema: dict[str, Any]) -> None:
        for field in schema["properties"].values():
            field.pop("default", None)
        schema["examples"] = [example]

    return edit


StatusesSent = Annotated[tuple[str, ...], BeforeValidator(readers.statuses, json_schema_input_type=str)]


class FilterSent(_Input):
    """The filters of a list over GraphQL."""

    category: Category | None = None
    tag: GoalTag | None = None
    due_after: Moment | None = None
    due_before: Moment | None = None
    is_overdue: bool | None = None


class Weights(_Input):
    """How much tasks and time count, in percent; together 100."""

    task: Share
    time: Share

    @model_validator(mode="after")
    def _sum_is_100(self) -> Self:
        if self.task + self.time != 100:
            raise ValueError("task and time must add up to 100")
        return self


class Answers(_Input):
    """The eight questions of a well-formed outcome."""

    positive: Answer | None = None
    specific: Answer | None = None
    evidence: Answer | None = None
    resources: Answer | None = None
    obstacles: Answer | None = None
    ecology: Answer | None = None
    timeline: Answer | None = None
    firstStep: Answer | None = None  # noqa: N815 - the name the rules give it


class GoalDraft(_Input):
    """A new goal."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Run a marathon",
                    "description": "The city marathon in autumn, in under four hours.",
                    "category": "health",
                    "tags": ["running"],
                    "deadline": "2027-09-26",
                    "time_zone": "Europe/Berlin",
                    "weights": {"task": 70, "time": 30},
                    "answers": {"firstStep": "Buy shoes."},
                }
            ]
        }
    )
    title: GoalTitle
    description: Description | None = None
    category: Category | None = None
    tags: GoalTags | None = None
    start_at: Moment | None = None
    deadline: Day | None = None
    time_zone: TenantTimeZone = None
    weights: Weights | None = None
    answers: Answers | None = None


class GoalPatch(_Patch):
    """Changes to a goal; what is not sent stays, null clears an optional field."""

    model_config = ConfigDict(
        json_schema_extra=_without_defaults({"deadline": "2027-10-31", "clamp_tasks": True, "category": None})
    )
    title: GoalTitle = ""
    description: Description | None = None
    category: Category | None = None
    tags: GoalTags | None = None
    start_at: Moment = 0
    deadline: Day | None = None
    time_zone: TimeZone = "UTC"
    weights: Weights | None = None
    answers: Answers | None = None
    clamp_tasks: Annotated[
        bool,
        Field(strict=True, description="Bring the `due_at` of open tasks forward when the new deadline is before it."),
    ] = False


class TaskDraft(_Input):
    """A new task."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "First 20 km run", "due_at": "2027-06-30T18:00:00Z", "weight": 3, "tags": ["long"]}]
        }
    )
    title: TaskTitle
    due_at: Moment | None = None
    weight: TaskWeight = 1
    tags: TaskTags | None = None


class TaskPatch(_Patch):
    """Changes to a task; what is not sent stays, null clears an optional field."""

    model_config = ConfigDict(json_schema_extra=_without_defaults({"weight": 5, "due_at": None}))
    title: TaskTitle = ""
    due_at: Moment | None = None
    weight: TaskWeight = 1
    tags: TaskTags | None = None
    status: TaskStatus = "active"
    completion_note: Note | None = None


class Completion(_Input):
    """What may be said on completing a task."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"completion_note": "2 h 04 min, knees fine."}]})
    completion_note: Note | None = None


class ShareDraft(_Input):
    """What another user of the tenant may do with a goal."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "contributor"}]})
    role: Literal["viewer", "contributor"]


class HistoryEntry(_Patch):
    """Something that happened to the goal: which fields it takes depends on the event."""

    model_config = ConfigDict(
        json_schema_extra=_without_defaults({"at": "2023-10-13T12:00:00Z", "event": "task_completed", "task": "alpha"})
    )
    at: Moment
    event: Literal[
        "task_added", "task_completed", "task_reopened", "task_cancelled", "deadline_moved", "goal_completed"
    ]
    task: Annotated[str, _line(1, 100), Field(description="Your own reference of the task.")] = ""
    title: TaskTitle = ""
    weight: TaskWeight = 1
    due_at: Moment | None = None
    deadline: Day | None = None


def _not_too_many(entries: Any) -> Any:
    if isinstance(entries, list) and len(entries) > MOST_HISTORY_ENTRIES:
        raise TooLarge(f"history: {len(entries)} entries; one import takes {MOST_HISTORY_ENTRIES}.")
    return entries


class GoalImport(_Input):
    """A goal with its history; entries in the order in which they happened."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Python 3.13.0",
                    "start_at": "2023-05-22T00:00:00Z",
                    "deadline": "2024-10-07",
                    "history": [
                        {"at": "2023-05-22T00:00:00Z", "event": "task_added", "task": "alpha", "title": "Alpha 1"},
                        {"at": "2023-10-13T12:00:00Z", "event": "task_completed", "task": "alpha"},
                        {"at": "2024-10-07T12:00:00Z", "event": "goal_completed"},
                    ],
                }
            ]
        }
    )

    title: GoalTitle
    description: Description | None = None
    category: Category | None = None
    tags: GoalTags | None = None
    start_at: Moment
    deadline: Day | None = None
    time_zone: TenantTimeZone = None
    weights: Weights | None = None
    history: Annotated[list[HistoryEntry], BeforeValidator(_not_too_many)]
