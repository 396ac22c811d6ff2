"""What callers send: the fields of tracked milestones with their limits. Unknown fields are refused."""

import math
import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from functions.milestones import milestones, number
from functions.milestones.report import Report
from shared import clock
from shared.api.whole_numbers import WHOLE
from shared.clock import Instant

MAX_METADATA_BYTES = 16 * 1024

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise ValueError("must be greater than 0")
    return value


def _read_day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day as YYYY-MM-DD")
    return date.fromisoformat(value)


def _read_instant(value: Any) -> Instant:
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 timestamp with an offset, e.g. 2026-01-31T09:30:00Z")
    return clock.from_rfc3339(value)


def _small_and_finite(metadata: dict[str, Any]) -> dict[str, Any]:
    if not all(_is_finite(value) for value in metadata.values()):
        raise ValueError("must hold finite numbers only")
    if len(milestones.metadata_text(metadata).encode()) > MAX_METADATA_BYTES:
        raise ValueError(f"must not be larger than {MAX_METADATA_BYTES} bytes as JSON")
    return metadata


def _is_finite(value: Any) -> bool:
    match value:
        case float():
            return math.isfinite(value)
        case dict():
            return all(_is_finite(each) for each in value.values())
        case list():
            return all(_is_finite(each) for each in value)
    return True


def _word(longest: int, pattern: str) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=pattern)


Number = Annotated[Decimal, BeforeValidator(number.read, json_schema_input_type=float)]
Target = Annotated[Number, AfterValidator(_positive), Field(examples=[1_000_000], description="Greater than 0.")]
Day = Annotated[date, BeforeValidator(_read_day, json_schema_input_type=date)]
Moment = Annotated[
    Instant,
    BeforeValidator(_read_instant, json_schema_input_type=str),
    Field(json_schema_extra={"type": "string", "format": "date-time"}),
]
# What is part of a key holds no `#`.
ProjectId = Annotated[str, _word(128, r"^[^\x00-\x1f\x7f#]*$")]
KpiId = Annotated[str, _word(128, r"^[^\x00-\x1f\x7f]*$")]
Scopes = Annotated[list[Annotated[str, _word(64, r"^[^\x00-\x20\x7f]*$")]], Field(max_length=50)]
Metadata = Annotated[dict[str, Any], AfterValidator(_small_and_finite)]
Ordinal = Annotated[int, Field(strict=True, ge=1, le=1_000_000), WHOLE]
Weight = Annotated[
    int, Field(strict=True, ge=1, le=1000, description="How much it counts in the project's progress."), WHOLE
]
MilestoneUid = Annotated[str, Field(min_length=36, max_length=36)]


class _Input(BaseModel):
    # Built when the first request needs it: a cold start takes one of them at most.
    model_config = ConfigDict(extra="forbid", defer_build=True)


class MilestoneDraft(_Input):
    """A new tracked milestone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "project_id": "project_123",
                    "kpi_id": "tvl",
                    "target": 1000000,
                    "timeframe_from": "2026-01-01",
                    "timeframe_to": "2026-12-31",
                    "scopes": ["polygon"],
                    "metadata": {"project_name": "DeFi Protocol"},
                }
            ]
        }
    )
    project_id: ProjectId
    kpi_id: KpiId
    target: Target
    milestone_index: Ordinal = 1
    weight: Weight = 1
    timeframe_from: Day | None = None
    timeframe_to: Day | None = None
    scopes: Scopes = Field(default_factory=list)
    metadata: Metadata = Field(default_factory=dict)
    sync_to_forse: Annotated[bool, Field(strict=True, description="Let the evaluator judge it.")] = True

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.timeframe_from and self.timeframe_to and self.timeframe_to < self.timeframe_from:
            raise ValueError("timeframe_to must not be before timeframe_from")
        return self


class MilestonePatch(_Input):
    """A new target of a tracked milestone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"target": 1500000}]})
    target: Target


class DependencyDraft(_Input):
    """The milestone that must be completed first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"depends_on": "550e8400-e29b-41d4-a716-446655440000"}]})
    depends_on: MilestoneUid


class EvaluatorWebhook(BaseModel):
    """What the evaluator says of one of its milestones; what it adds to that is not read."""

    model_config = ConfigDict(
        extra="ignore",
        defer_build=True,
        json_schema_extra={
            "examples": [
                {
                    "milestone_id": "m_abc123",
                    "status": "completed",
                    "current_value": 1050000,
                    "target": 1000000,
                    "completed_at": "2026-11-20T12:00:00Z",
                    "metadata": {},
                }
            ]
        },
    )
    milestone_id: str
    status: Literal["pending", "in_progress", "completed", "missed"]
    current_value: Number | None = None
    target: Number | None = None
    completed_at: Moment | None = None
    metadata: dict[str, Any] | None = None

    def report(self) -> Report:
        """Return what is said of the milestone."""
        return Report(self.status, self.current_value, self.target, self.completed_at)
