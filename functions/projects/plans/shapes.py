"""What callers send about plan templates. Unknown fields are refused."""

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from functions.projects.dependencies.dependencies import Type
from functions.projects.milestones.milestones import Acceptance, Kind, Priority
from functions.projects.milestones.shapes import Criteria, CriterionKey, Evidence, Policy, Tags
from functions.projects.people.owners import MOST as MOST_OWNERS
from functions.projects.people.owners import Role
from functions.projects.planning.shapes import Lag, Text
from functions.projects.plans import share
from functions.projects.plans.making import Asked
from functions.projects.plans.templates import FORMAT, MOST, MOST_DEPENDENCIES, SHARES, Content
from functions.projects.sent import Day, Hours, MinorUnits, Name, Passage, Percent, UserId, Weight, Word, asked, changed
from functions.projects.sent import Text as Line
from shared.api.whole_numbers import WHOLE

_LONGEST_DAYS: Final = 3650


def _share(value: Any) -> int:
    """Return a percentage in ten thousandths. Raises ValueError for what is none, or has more decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")
    number = Decimal(repr(value))
    if not number.is_finite() or not 0 < number <= share.WHOLE // SHARES:
        raise ValueError("must be more than 0, and 100 at most")
    if number * SHARES != int(number * SHARES):
        raise ValueError("must have four decimals at most")
    return int(number * SHARES)


ParameterName = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Percentage = Annotated[
    int,
    BeforeValidator(_share, json_schema_input_type=float),
    Field(
        description="Its part of the total, with four decimals at most; those of all milestones add up to 100.",
        json_schema_extra={"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    ),
]
Offset = Annotated[
    int,
    Field(strict=True, ge=0, le=_LONGEST_DAYS, description="Working days from the start of the plan to its own."),
    WHOLE,
]
Duration = Annotated[int, Field(strict=True, ge=1, le=_LONGEST_DAYS, description="Working days."), WHOLE]


class TemplateParameter(BaseModel):
    """What is said of a plan when it is made: a text for placeholders such as `{{site}}`, or a person."""

    model_config = asked({"name": "site", "description": "Where it is built", "default": "Mill Lane"})

    name: ParameterName
    kind: Literal["text", "person"] = "text"
    description: Line = ""
    default: Annotated[Name | None, Field(description="Of a text that need not be sent.")] = None


class TemplateOwner(BaseModel):
    """Who owns a milestone: the person that a parameter names."""

    model_config = asked({"role": "primary", "person": "engineer"})

    role: Role
    person: ParameterName
    workload_percent: Annotated[Percent, Field(description="How much of their time it takes.")] = 0


class TemplateMilestone(BaseModel):
    """A milestone of a template."""

    model_config = asked({"key": "mill", "title": "Mill at {{site}}", "kind": "deliverable", "percentage": 62.5})

    key: CriterionKey
    title: Name
    kind: Kind
    description: Passage = ""
    priority: Priority = "medium"
    offset_days: Offset = 0
    duration_days: Duration = 1
    percentage: Percentage | None = None
    estimated_hours: Hours | None = None
    weight: Weight = 1
    progress_source: Literal["manual", "checklist", "hours"] = "manual"
    completion_criteria: Criteria = []
    evidence_requirements: Evidence = []
    acceptance: Acceptance = "none"
    verification_policy: Policy | None = None
    owners: Annotated[list[TemplateOwner], Field(max_length=MOST_OWNERS)] = []
    tags: Tags = []


class TemplateDependency(BaseModel):
    """What a milestone of a template depends on."""

    model_config = asked({"from_key": "frame", "to_key": "mill", "lag_days": 2})

    from_key: Annotated[CriterionKey, Field(description="The prerequisite.")]
    to_key: Annotated[CriterionKey, Field(description="The milestone that depends on it.")]
    type: Type = "finish_to_start"
    lag_days: Lag = 0
    is_optional: Annotated[bool, Field(strict=True, description="Whether it is for plans only.")] = False
    condition: Text | None = None


Parameters = Annotated[list[TemplateParameter], Field(max_length=50)]
Milestones = Annotated[list[TemplateMilestone], Field(min_length=1, max_length=MOST)]
Dependencies = Annotated[list[TemplateDependency], Field(max_length=MOST_DEPENDENCIES)]
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "Mill",
    "industry": "manufacturing",
    "parameters": [{"name": "site"}, {"name": "engineer", "kind": "person"}],
    "milestones": [
        {"key": "frame", "title": "Frame", "kind": "deliverable", "duration_days": 10, "percentage": 37.5},
        {
            "key": "mill",
            "title": "Mill at {{site}}",
            "kind": "deliverable",
            "offset_days": 10,
            "duration_days": 40,
            "percentage": 62.5,
            "owners": [{"role": "primary", "person": "engineer"}],
        },
    ],
    "dependencies": [{"from_key": "frame", "to_key": "mill"}],
}


class PlanTemplateDraft(BaseModel):
    """A new plan template."""

    model_config = asked(_EXAMPLE)

    name: Name
    industry: Word | None = None
    description: Passage = ""
    parameters: Parameters = []
    milestones: Milestones
    dependencies: Dependencies = []

    def fields(self) -> dict[str, Any]:
        """Return what describes the template."""
        return self.model_dump(include={"name", "industry", "description"})

    def content(self) -> Content:
        """Return what plans are made of."""
        return Content(**self.model_dump(include={*Content._fields}))


class PlanTemplateDocument(PlanTemplateDraft):
    """A plan template as it is exported."""

    model_config = asked({**FORMAT, **_EXAMPLE})

    format: Literal["milepost.plan-template"]
    format_version: Annotated[int, Field(strict=True, ge=1, le=1), WHOLE]


class PlanTemplatePatch(BaseModel):
    """Fields of a template that are to change; each list is replaced as a whole, and null removes the industry."""

    model_config = changed({"name": "Mill, second edition"})

    name: Name = ""
    industry: Word | None = None
    description: Passage = ""
    parameters: Parameters = []
    milestones: Milestones = []
    dependencies: Dependencies = []

    def fields(self) -> dict[str, Any]:
        """Return what was sent; what lies in it has its defaults."""
        return self.model_dump(include=self.model_fields_set)


class PlanAsked(BaseModel):
    """What plan is to be made of a template."""

    model_config = asked(
        {
            "project_id": "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H",
            "start_on": "2027-03-01",
            "total_minor_units": 250_000,
            "parameters": {"site": "Mill Lane", "engineer": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"},
        }
    )

    project_id: Annotated[UserId, Field(description="An active project that you manage.")]
    start_on: Annotated[Day, Field(description="The day from which offsets count; the next one if none is worked.")]
    total_minor_units: Annotated[
        MinorUnits | None, Field(description="In the currency of the project; without it milestones have no amounts.")
    ] = None
    parameters: Annotated[
        dict[ParameterName, Name], Field(max_length=50, description="A text, or the id of a member, by its name.")
    ] = {}

    def asked(self) -> Asked:
        """Return what was asked for."""
        return Asked(self.project_id, self.start_on, self.total_minor_units, self.parameters)
