"""What callers send about escalation policies. Unknown fields are refused."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, model_validator

from functions.projects.escalation_policies.rule import MOST_LEVELS, MOST_REPEATS, MOST_TARGETS, Channel, HoursOf
from functions.projects.escalations import Kind, Severity
from functions.projects.people.members import Role
from functions.projects.people.owners import Role as OwnerRole
from functions.projects.sent import Name, UserId, asked, changed
from shared import ids
from shared.api.whole_numbers import WHOLE


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


def _user(text: str) -> str:
    if not ids.is_valid(text, "user"):
        raise ValueError("must be the id of a user")
    return text


class EscalationTargetSent(BaseModel):
    """Whom a level tells; one of `user`, `role` and `owner_role`."""

    model_config = asked({"role": "manager"})

    user: Annotated[
        Annotated[UserId, AfterValidator(_user)] | None,
        Field(description="A member of the project; others are left out."),
    ] = None
    role: Annotated[Role | None, Field(description="Everybody who has this role in the project.")] = None
    owner_role: Annotated[OwnerRole | None, Field(description="Every owner of the milestone who has this role.")] = None

    @model_validator(mode="after")
    def _names_one(self) -> "EscalationTargetSent":
        if len([each for each in (self.user, self.role, self.owner_role) if each is not None]) != 1:
            raise ValueError("must have one of user, role and owner_role")
        return self


class EscalationLevelSent(BaseModel):
    """A level of a policy."""

    model_config = asked({"targets": [{"owner_role": "primary"}], "channels": ["worklist"]})

    targets: Annotated[list[EscalationTargetSent], Field(min_length=1, max_length=MOST_TARGETS)]
    channels: Annotated[list[Channel], Field(min_length=1, max_length=2), AfterValidator(_distinct)] = ["worklist"]


Kinds = Annotated[
    list[Kind], Field(max_length=8, description="It applies to these; empty for all."), AfterValidator(_distinct)
]
Severities = Annotated[
    list[Severity], Field(max_length=4, description="It applies to these; empty for all."), AfterValidator(_distinct)
]
Levels = Annotated[
    list[EscalationLevelSent], Field(min_length=1, max_length=MOST_LEVELS, description="From the first one up.")
]
Calendar = Annotated[HoursOf, Field(description="Whether the hours of an escalation are those of the project.")]
Repeats = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=MOST_REPEATS,
        description="How often a level tells its people again while nobody has acknowledged.",
    ),
    WHOLE,
]
_EXAMPLE: dict[str, Any] = {
    "name": "Late payments",
    "kinds": ["budget"],
    "levels": [
        {"targets": [{"owner_role": "primary"}]},
        {"targets": [{"role": "finance"}, {"role": "manager"}], "channels": ["worklist", "email"]},
    ],
    "calendar": "business",
    "repeats": 1,
}


class EscalationPolicyDraft(BaseModel):
    """A new escalation policy."""

    model_config = asked(_EXAMPLE)

    name: Name
    project_id: Annotated[
        Annotated[str, Field(strict=True, max_length=64)] | None,
        Field(description="A project that you manage; without one it is for all projects of the tenant."),
    ] = None
    kinds: Kinds = []
    severities: Severities = []
    levels: Levels
    calendar: Calendar = "elapsed"
    repeats: Repeats = 0

    def fields(self) -> dict[str, Any]:
        """Return what was sent, with the defaults of what was not."""
        return self.model_dump()


class EscalationPolicyPatch(BaseModel):
    """Fields of a policy that are to change; each list is replaced as a whole."""

    model_config = changed({"repeats": 2})

    name: Name = ""
    kinds: Kinds = []
    severities: Severities = []
    levels: Levels = []
    calendar: Calendar = "elapsed"
    repeats: Repeats = 0

    def fields(self) -> dict[str, Any]:
        """Return what was sent; what lies in it has its defaults."""
        return self.model_dump(include=self.model_fields_set)
