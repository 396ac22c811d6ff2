"""What callers are answered about plan templates."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from functions.projects.layers.shapes import VerificationPolicySent
from functions.projects.milestones.replies import Criterion, EvidenceRequirement
from functions.projects.replies import MOMENT, USER_ID, answered
from shared.jobs.replies import Job

__all__ = ["Job", "PlanTemplate", "PlanTemplateDocument", "PlanTemplates"]

TEMPLATE_ID = "plt_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_LISTED: dict[str, Any] = {
    "plan_template_id": TEMPLATE_ID,
    "name": "Mill",
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "industry": "manufacturing",
    "description": "",
    "milestone_count": 1,
    "dependency_count": 0,
    "is_shipped": False,
}
_CONTENT: dict[str, Any] = {
    "parameters": [{"name": "site", "kind": "text", "description": "Where it is built", "default": None}],
    "milestones": [
        {
            "key": "mill",
            "title": "Mill at {{site}}",
            "kind": "deliverable",
            "description": "",
            "priority": "medium",
            "offset_days": 0,
            "duration_days": 40,
            "percentage": 100,
            "estimated_hours": None,
            "weight": 1,
            "progress_source": "manual",
            "completion_criteria": [],
            "evidence_requirements": [],
            "acceptance": "manager",
            "verification_policy": None,
            "owners": [],
            "tags": [],
        }
    ],
    "dependencies": [],
}


class TemplateParameter(BaseModel):
    """What is said of a plan when it is made."""

    name: str
    kind: str = Field(description="`text`, for placeholders such as `{{site}}`, or `person`.")
    description: str
    default: str | None


class TemplateOwner(BaseModel):
    """Who owns a milestone: the person that a parameter names."""

    role: str
    person: str
    workload_percent: int


class TemplateMilestone(BaseModel):
    """A milestone of a template."""

    key: str
    title: str
    kind: str
    description: str
    priority: str
    offset_days: int = Field(description="Working days from the start of the plan to its own.")
    duration_days: int = Field(description="Working days.")
    percentage: float | None = Field(description="Its part of the total.")
    estimated_hours: int | None
    weight: int
    progress_source: str
    completion_criteria: list[Criterion]
    evidence_requirements: list[EvidenceRequirement]
    acceptance: str
    verification_policy: VerificationPolicySent | None
    owners: list[TemplateOwner]
    tags: list[str]


class TemplateDependency(BaseModel):
    """What a milestone of a template depends on."""

    from_key: str = Field(description="The prerequisite.")
    to_key: str = Field(description="The milestone that depends on it.")
    type: str = Field(description="A type of docs/projects.md.")
    lag_days: int = Field(description="Working days.")
    is_optional: bool
    condition: str | None


class ListedPlanTemplate(BaseModel):
    """A plan template in a list."""

    model_config = answered(_LISTED)

    plan_template_id: str = Field(description="A name for those that are shipped, such as `construction`.")
    name: str
    created_by: str = Field(description="`milepost` for those that are shipped.")
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")
    industry: str | None
    description: str
    milestone_count: int
    dependency_count: int
    is_shipped: bool = Field(description="Whether every tenant has it, and nobody changes it.")


class PlanTemplate(ListedPlanTemplate):
    """A plan template, with all that plans are made of."""

    model_config = answered(_LISTED | _CONTENT)

    parameters: list[TemplateParameter]
    milestones: list[TemplateMilestone]
    dependencies: list[TemplateDependency]


class PlanTemplateDocument(BaseModel):
    """A plan template as another tenant can import it."""

    model_config = answered(
        {
            "format": "milepost.plan-template",
            "format_version": 1,
            "name": "Mill",
            "industry": "manufacturing",
            "description": "",
            **_CONTENT,
        }
    )

    format: Literal["milepost.plan-template"]
    format_version: int
    name: str
    industry: str | None
    description: str
    parameters: list[TemplateParameter]
    milestones: list[TemplateMilestone]
    dependencies: list[TemplateDependency]


class PlanTemplates(BaseModel):
    """A page of plan templates."""

    model_config = answered({"items": [_LISTED], "next_cursor": None})

    items: list[ListedPlanTemplate]
    next_cursor: str | None
