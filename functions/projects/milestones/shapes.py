"""What callers send about milestones of a project. Unknown fields are refused."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from functions.projects.layers.shapes import VerificationPolicySent
from functions.projects.milestones.milestones import Acceptance, Kind, Priority, Source
from functions.projects.people.owners import TEAM, Role
from functions.projects.sent import (
    Day,
    Hours,
    MinorUnits,
    Name,
    Passage,
    Percent,
    Reason,
    Text,
    UserId,
    Weight,
    Word,
    asked,
    changed,
)
from shared import ids
from shared.api.whole_numbers import WHOLE

CriterionKey = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class CriterionDraft(BaseModel):
    """What must be true before a milestone is complete."""

    key: CriterionKey
    text: Name
    is_met: bool = False


class EvidenceRequirementDraft(BaseModel):
    """Evidence that must be there before a milestone is complete."""

    key: CriterionKey
    title: Name
    at_least: Annotated[int, Field(strict=True, ge=1, le=20, description="How many pieces of it."), WHOLE] = 1
    wanted: Annotated[
        Literal["uploaded", "verified"], Field(description="Whether it counts once it is there, or once reviewed.")
    ] = "uploaded"


Keyed = TypeVar("Keyed", CriterionDraft, EvidenceRequirementDraft)


def _keyed(criteria: list[Keyed]) -> list[Keyed]:
    if len({each.key for each in criteria}) < len(criteria):
        raise ValueError("must have each key once")
    return criteria


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


Criteria = Annotated[list[CriterionDraft], Field(max_length=50), AfterValidator(_keyed)]
Evidence = Annotated[list[EvidenceRequirementDraft], Field(max_length=20), AfterValidator(_keyed)]
Tags = Annotated[list[Word], Field(max_length=20), AfterValidator(_distinct)]
Metadata = Annotated[dict[Word, Text], Field(max_length=20, description="For programs: up to 20 texts by name.")]
CustomFields = Annotated[dict[Word, Text], Field(max_length=20, description="For people: up to 20 texts by name.")]
ParentId = Annotated[
    str,
    StringConstraints(strict=True, max_length=64),
    Field(description="A milestone of the project that this one is part of; three levels at most."),
]
ForTheTeam = Annotated[Passage, Field(description="Never shown to clients, viewers, or guests.")]
Amount = Annotated[MinorUnits, Field(description="In the currency of the project, such as cents.")]
Decrease = Annotated[bool, Field(description="Whether the progress may go down.")]
Policy = Annotated[
    VerificationPolicySent,
    Field(description="Which layers decide on it once it is completed; from the next attempt on."),
]
SourceId = Annotated[
    str,
    StringConstraints(strict=True, max_length=64),
    Field(description="With `goal`, a goal; with `kpi`, a tracked milestone. It has to be one that you may follow."),
]
Threshold = Annotated[
    Literal[25, 50, 75, 100], Field(description="With `goal`: the percentage at which it is reached, 100 by default.")
]
Rework = Annotated[Percent, Field(description="Where the progress begins after a rejection.")]


class ProjectMilestoneDraft(BaseModel):
    """A new milestone of a project."""

    model_config = asked(
        {
            "title": "Mill assembled",
            "kind": "deliverable",
            "due_on": "2027-03-31",
            "completion_criteria": [{"key": "drawings", "text": "Drawings are signed"}],
        }
    )

    title: Name
    kind: Kind
    description: Passage = ""
    priority: Priority = "medium"
    amount_minor_units: Amount | None = None
    start_on: Day | None = None
    due_on: Day | None = None
    parent_id: ParentId | None = None
    estimated_hours: Hours | None = None
    actual_hours: Hours | None = None
    weight: Weight = 1
    progress_source: Source = "manual"
    source_id: SourceId | None = None
    source_threshold: Threshold | None = None
    allow_decrease: Decrease = False
    rework_progress: Rework = 90
    completion_criteria: Criteria = []
    evidence_requirements: Evidence = []
    acceptance: Acceptance = "none"
    verification_policy: Policy | None = None
    tags: Tags = []
    metadata: Metadata = {}
    custom_fields: CustomFields = {}
    notes: Passage = ""
    internal_notes: ForTheTeam = ""

    def fields(self) -> dict[str, Any]:
        """Return what was sent, with the defaults of what was not."""
        return self.model_dump()


class ProjectMilestonePatch(BaseModel):
    """Fields of a milestone that are to change; what may be absent is removed by null."""

    model_config = changed({"title": "Mill assembled and tested"})

    title: Name = ""
    kind: Kind = "custom"
    description: Passage = ""
    priority: Priority = "medium"
    amount_minor_units: Amount | None = None
    start_on: Day | None = None
    due_on: Day | None = None
    parent_id: ParentId | None = None
    estimated_hours: Hours | None = None
    actual_hours: Hours | None = None
    weight: Weight = 1
    progress_source: Source = "manual"
    source_id: SourceId | None = None
    source_threshold: Threshold | None = None
    allow_decrease: Decrease = False
    rework_progress: Rework = 90
    completion_criteria: Criteria = []
    evidence_requirements: Evidence = []
    acceptance: Acceptance = "none"
    verification_policy: Policy | None = None
    tags: Tags = []
    metadata: Metadata = {}
    custom_fields: CustomFields = {}
    notes: Passage = ""
    internal_notes: ForTheTeam = ""

    def fields(self) -> dict[str, Any]:
        """Return what was sent; what lies in it has its defaults."""
        return self.model_dump(include=self.model_fields_set)


class ProgressSent(BaseModel):
    """How far a milestone is."""

    model_config = asked({"progress": 60})

    progress: Percent


class CriterionSent(BaseModel):
    """Whether a criterion is met."""

    model_config = asked({"is_met": True})

    is_met: Annotated[bool, Field(strict=True)]


class ReasonSent(BaseModel):
    """Why a milestone is refused or cancelled."""

    model_config = asked({"reason": "The mill jams at the third wheel."})

    reason: Reason


class OwnerDraft(BaseModel):
    """To whom a milestone is assigned, and as what."""

    model_config = asked({"user_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8", "role": "primary", "workload_percent": 50})

    user_id: UserId | None = None
    team_id: Annotated[
        UserId | None, Field(description="In place of `user_id`; a team is never the primary owner.")
    ] = None
    role: Role
    workload_percent: Annotated[Percent, Field(description="How much of their time it takes.")] = 0

    @model_validator(mode="after")
    def _names_one(self) -> "OwnerDraft":
        if (self.user_id is None) == (self.team_id is None):
            raise ValueError("must have either user_id or team_id")
        if self.user_id is not None and ids.is_valid(self.user_id, TEAM):
            raise ValueError("must have the id of a team as team_id")
        if self.team_id is not None and not ids.is_valid(self.team_id, TEAM):
            raise ValueError("must have the id of a user as user_id")
        return self

    @property
    def holder(self) -> str:
        """The id of the user or the team."""
        return self.user_id or self.team_id or ""


class TransferSent(BaseModel):
    """Who is to be the primary owner."""

    model_config = asked({"user_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"})

    user_id: UserId
