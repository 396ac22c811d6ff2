"""What callers are answered about what waits for them."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import MOMENT, PROJECT_ID, answered
from functions.projects.verification.replies import VERIFICATION_ID

_ENTRY: dict[str, Any] = {
    "kind": "approval",
    "work_id": VERIFICATION_ID,
    "title": "Mill assembled",
    "name": "Review",
    "project_id": PROJECT_ID,
    "project_milestone_id": MILESTONE_ID,
    "due_at": MOMENT,
    "created_at": MOMENT,
}


class WorkEntry(BaseModel):
    """What waits for you."""

    model_config = answered(_ENTRY)

    kind: str = Field(description="`approval`, `escalation`, or `probe`: what you are to decide, see to, or answer.")
    work_id: str = Field(description="What waits: a `verification_id`, an `escalation_id`, or a `probe_id`.")
    title: str = Field(description="Of the milestone.")
    name: str | None = Field(description="Of the layer, the kind of the escalation, or the question.")
    project_id: str | None
    project_milestone_id: str | None
    due_at: str | None
    created_at: str = Field(description="Since when it waits for you.")


class Worklist(BaseModel):
    """A page of what waits for you, what is due first first."""

    model_config = answered({"items": [_ENTRY], "next_cursor": None})

    items: list[WorkEntry]
    next_cursor: str | None
