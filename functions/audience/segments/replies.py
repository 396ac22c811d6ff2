"""What callers are answered about segments."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from functions.audience.leads.replies import LEAD, LEAD_ID, MOMENT, Lead, answered
from shared.api.reference import Problem

SEGMENT_ID = "segment_01KAEY5R7C2N8V4X6Z9B1D3F5H"
_CONDITION: dict[str, Any] = {"type": "condition", "field": "total_spend", "operator": ">", "value": 1000}
_SEGMENT = {
    "segment_id": SEGMENT_ID,
    "name": "High spenders",
    "rule_ast": _CONDITION,
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "time_zone": "UTC",
}
_WARNING = {"code": "MATCHES_ALL", "path": "$.children[1]", "detail": "AND without children matches every lead."}
_REASON = {"path": "$", "condition": _CONDITION, "holds": True}


class SegmentProblem(Problem):
    """What every refusal answers (RFC 9457); `RuleRefused` with what is wrong with the rule, and where."""

    fault: Annotated[str | None, Field(description="What is wrong with the rule, such as `UNKNOWN_FIELD`.")] = None
    path: Annotated[str | None, Field(description="The JSON path of the node, such as `$.children[0]`.")] = None
    segment_ids: Annotated[list[str] | None, Field(description="The segments that name this one.")] = None
    campaign_ids: Annotated[list[str] | None, Field(description="The campaigns that use it.")] = None


class RuleWarning(BaseModel):
    """What is valid in a rule, and may not be meant."""

    code: str
    path: str = Field(description="The JSON path of the node.")
    detail: str


class Segment(BaseModel):
    """A segment. Its members are the leads that satisfy its rule at the moment."""

    model_config = answered(_SEGMENT)

    segment_id: str
    name: str
    rule_ast: dict[str, Any]
    created_by: str
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")
    time_zone: str = Field(description="Whose days and months dates of the rule are.")


class SegmentWritten(Segment):
    """A segment, and what its author should know of its rule."""

    model_config = answered({**_SEGMENT, "warnings": []})

    warnings: list[RuleWarning]


class Segments(BaseModel):
    """A page of segments, the newest first."""

    model_config = answered({"items": [_SEGMENT], "next_cursor": None})

    items: list[Segment]
    next_cursor: str | None


class SegmentPreview(BaseModel):
    """Which leads match a rule at the moment."""

    model_config = answered(
        {"count": 1, "sample": [LEAD], "as_of": MOMENT, "lag_seconds": 0, "warnings": [_WARNING]},
    )

    count: int
    sample: list[Lead] = Field(description="Ten of them at most.")
    as_of: str = Field(description="The instant for which the rule was evaluated.")
    lag_seconds: int = Field(description="How much older than that the leads may be that were looked at.")
    warnings: list[RuleWarning]


class SegmentReason(BaseModel):
    """A condition that decided, and whether it holds for the lead."""

    path: str = Field(description="The JSON path of the condition; `.segment` leads into the rule of a segment.")
    condition: dict[str, Any]
    holds: bool


class SegmentMembership(BaseModel):
    """Whether a lead is in a segment, and why."""

    model_config = answered(
        {
            "lead_id": LEAD_ID,
            "segment_id": SEGMENT_ID,
            "is_member": True,
            "as_of": MOMENT,
            "reasons": [_REASON],
        }
    )

    lead_id: str
    segment_id: str
    is_member: bool
    as_of: str
    reasons: list[SegmentReason] = Field(
        description="One of an AND that fails or an OR that holds, else those of all parts."
    )
