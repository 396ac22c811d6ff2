"""What callers are answered about why milestones were escalated."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.projects.replies import PROJECT_ID, answered

_REASON: dict[str, Any] = {"reason_code": "supplier", "escalations": 3, "delay_days": 12}
_ROW: dict[str, Any] = {"month": "2026-11", "kind": "delay", **_REASON}
_REPORT: dict[str, Any] = {
    "project_id": PROJECT_ID,
    "from_month": "2025-12",
    "to_month": "2026-11",
    "escalations": 3,
    "delay_days": 12,
    "reasons": [_REASON],
    "rows": [_ROW],
}


class DelayReason(BaseModel):
    """How often a reason was given."""

    model_config = answered(_REASON)

    reason_code: str
    escalations: int
    delay_days: int


class DelayReasonOfMonth(BaseModel):
    """How often a reason was given in a month for one kind of trouble."""

    model_config = answered(_ROW)

    month: str = Field(description="When it was raised, in UTC.")
    kind: str
    reason_code: str
    escalations: int
    delay_days: int


class DelayReasons(BaseModel):
    """Why milestones were escalated."""

    model_config = answered(_REPORT)

    project_id: str | None = Field(description="Null for all projects of the tenant.")
    from_month: str
    to_month: str
    escalations: int = Field(description="Those raised in these months, without those that were rejected.")
    delay_days: int = Field(description="What they said in `delay_days`, added up.")
    reasons: list[DelayReason] = Field(description="The most frequent first.")
    rows: list[DelayReasonOfMonth]


class DelayReasonSheet(RootModel[str]):
    """CSV (RFC 4180) with the rows of the report; no cell is a formula."""

    MEDIA_TYPE: ClassVar[str] = "text/csv; charset=utf-8"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": ["month,kind,reason_code,escalations,delay_days\r\n2026-11,delay,supplier,3,12\r\n"]
        }
    )
