"""What callers get: the shapes of tracked milestones and projects, for the API reference and the tests."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.milestones.report import Status
from functions.milestones.views import JSON_LINES
from shared.text_replies import AS_DAY, AS_PERCENT

_UID = "550e8400-e29b-41d4-a716-446655440000"
_OTHER = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
_TRACKED: dict[str, Any] = {
    "milestone_uid": _UID,
    "forse_milestone_id": "m_abc123",
    "project_id": "project_123",
    "kpi_id": "tvl",
    "target": 1000000,
    "current_value": 850000.5,
    "progress_percentage": 85.00005,
    "progress_text": "85 %",
    "milestone_index": 1,
    "weight": 1,
    "timeframe_from": "2026-01-01",
    "timeframe_from_text": "1 Jan 2026 UTC",
    "timeframe_to": "2026-12-31",
    "timeframe_to_text": "31 Dec 2026 UTC",
    "scopes": ["polygon"],
    "metadata": {"project_name": "DeFi Protocol"},
    "status": "in_progress",
    "is_completed": False,
    "completed_at": None,
    "completed_text": None,
    "forse_synced": True,
    "sync": {"state": "in_step", "attempts": 0, "last_error": None, "next_attempt_at": None},
    "depends_on": [_OTHER],
    "blocked_by": [_OTHER],
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-11-20T12:00:00.000Z",
    "version": 4,
}
_EFFECT: dict[str, Any] = {
    "milestone_id": "m_abc123",
    "old_status": "completed",
    "new_status": "in_progress",
    "old_target": 1000000,
    "new_target": 1500000,
    "current_value": 1050000,
    "status_changed": True,
}


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [example]})


class _Reply(BaseModel):
    # No request is held against these, so they are built for the API reference and the tests alone.
    model_config = ConfigDict(extra="forbid", defer_build=True)


class MilestoneSync(_Reply):
    """Whether the evaluator has the milestone as it is here."""

    state: Literal["in_step", "waiting", "failed", "refused"] = Field(
        description="`waiting` is tried again soon, `failed` was given up, `refused` says no in `last_error`."
    )
    attempts: int = Field(ge=0, description="How often it was tried in vain since the last change or success.")
    last_error: str | None
    next_attempt_at: str | None


class TrackedMilestone(_Reply):
    """A tracked milestone."""

    model_config = _shown(_TRACKED)
    milestone_uid: str = Field(description="UUID v4; the one id to keep.")
    forse_milestone_id: str | None = Field(description="The id at the evaluator, null until it is known.")
    project_id: str
    kpi_id: str
    target: float
    current_value: float
    progress_percentage: float = Field(
        ge=0,
        le=100,
        description="Exactly value by target, and 100 only when reached; 100 when completed, whatever the value.",
    )
    progress_text: str = Field(description=AS_PERCENT)
    milestone_index: int
    weight: int
    timeframe_from: str | None
    timeframe_from_text: str | None = Field(description="The day as text, in UTC: `1 Jan 2026 UTC`.")
    timeframe_to: str | None
    timeframe_to_text: str | None = Field(description="The day as text, in UTC: `31 Dec 2026 UTC`.")
    scopes: list[str]
    metadata: dict[str, Any]
    status: Status
    is_completed: bool = Field(description="Whether `status` is `completed`.")
    completed_at: str | None
    completed_text: str | None = Field(description=AS_DAY)
    forse_synced: bool
    sync: MilestoneSync
    depends_on: list[str]
    blocked_by: list[str] = Field(description="Those of `depends_on` that are not completed.")
    created_at: str
    updated_at: str
    version: int


class TrackedMilestones(_Reply):
    """A page of tracked milestones."""

    model_config = _shown({"items": [_TRACKED], "next_cursor": None})
    items: list[TrackedMilestone]
    next_cursor: str | None


class ExportedMilestone(TrackedMilestone):
    """A line for each milestone, a JSON object as it is read by itself."""

    MEDIA_TYPE: ClassVar[str] = JSON_LINES


class CreatedMilestone(_Reply):
    """The milestone is stored; `forse_synced` tells whether the evaluator has it already."""

    model_config = _shown(
        {"milestone_uid": _UID, "forse_milestone_id": "m_abc123", "status": "created", "forse_synced": True}
    )
    milestone_uid: str
    forse_milestone_id: str | None
    status: Literal["created"]
    forse_synced: bool


class EvaluatorEffect(_Reply):
    """What a new target has changed at the evaluator, in its own words; null for what it did not say."""

    milestone_id: str | None
    old_status: str | None
    new_status: str | None
    old_target: float | None
    new_target: float | None
    current_value: float | None
    status_changed: bool | None


class UpdatedMilestone(_Reply):
    """The target is stored; `forse_synced` tells whether the evaluator has it already."""

    model_config = _shown(
        {
            "milestone_uid": _UID,
            "status": "updated",
            "old_target": 1000000,
            "new_target": 1500000,
            "forse_effect": _EFFECT,
            "forse_synced": True,
        }
    )
    milestone_uid: str
    status: Literal["updated"]
    old_target: float
    new_target: float
    forse_effect: EvaluatorEffect | None
    forse_synced: bool


class DeletedMilestone(_Reply):
    """The milestone is gone; `forse_deleted` tells whether it is gone at the evaluator already."""

    model_config = _shown({"milestone_uid": _UID, "status": "deleted", "forse_deleted": True})
    milestone_uid: str
    status: Literal["deleted"]
    forse_deleted: bool


class ReceivedWebhook(_Reply):
    """The webhook is known; `updated` tells whether it changed the milestone."""

    model_config = _shown({"status": "received", "milestone_uid": _UID, "updated": True})
    status: Literal["received"]
    milestone_uid: str
    updated: bool


class MilestonesHealth(_Reply):
    """How tracked milestones are."""

    model_config = _shown(
        {
            "status": "healthy",
            "service": "milepost-milestones",
            "storage": "dynamodb",
            "evaluator": "reachable",
            "timestamp": "2026-11-20T12:00:00.000Z",
        }
    )
    status: Literal["healthy", "degraded"]
    service: str
    storage: Literal["dynamodb"]
    evaluator: Literal["reachable", "unreachable", "not configured"]
    timestamp: str


class MilestoneCounts(_Reply):
    """How many milestones are of each status."""

    pending: int
    in_progress: int
    completed: int
    missed: int


class NextDueMilestone(_Reply):
    """The open milestone whose time ends first."""

    milestone_uid: str
    timeframe_to: str
    timeframe_to_text: str = Field(description="The day as text, in UTC: `31 Dec 2026 UTC`.")


class ProjectProgress(_Reply):
    """How far a project is."""

    model_config = _shown(
        {
            "project_id": "project_123",
            "total": 3,
            "counts": {"pending": 1, "in_progress": 1, "completed": 1, "missed": 0},
            "weighted_progress": 61.5,
            "weighted_progress_text": "61.5 %",
            "next_due": {
                "milestone_uid": _UID,
                "timeframe_to": "2026-12-31",
                "timeframe_to_text": "31 Dec 2026 UTC",
            },
            "blocked": [_UID],
            "as_of": "2026-11-20T12:00:00.000Z",
        }
    )
    project_id: str
    total: int
    counts: MilestoneCounts
    weighted_progress: float = Field(
        ge=0, le=100, description="The mean by `weight`; a completed milestone counts as 100."
    )
    weighted_progress_text: str = Field(description=AS_PERCENT)
    next_due: NextDueMilestone | None
    blocked: list[str] = Field(description="Open milestones that wait for one that is not completed.")
    as_of: str
