"""What callers send as the verification policy of a milestone. Unknown fields are refused."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from functions.projects.layers import applicability, checks
from functions.projects.layers.policy import MOST_LAYERS, MOST_PEOPLE, HoursOf, Kind, Order, Restart, Timeout
from functions.projects.people.members import Role
from functions.projects.sent import MinorUnits, Name, Percent, UserId, Word, asked
from shared import ids
from shared.api.whole_numbers import WHOLE
from shared.conditions import conditions
from shared.conditions.errors import ExpressionError
from shared.conditions.syntax import LONGEST
from shared.sending import addresses
from shared.tally import Mode, RejectRule

Level = Annotated[int, Field(strict=True, ge=1, le=MOST_LAYERS), WHOLE]
SeatWeight = Annotated[int, Field(strict=True, ge=1, le=100), WHOLE]
Quorum = Annotated[
    int, Field(strict=True, ge=1, le=100 * MOST_PEOPLE, description="With `quorum`: the weight that approves."), WHOLE
]
DueHours = Annotated[int, Field(strict=True, ge=1, le=8760, description="From when the layer opens."), WHOLE]
Score = Annotated[int, Field(strict=True, ge=0, le=100), WHOLE]


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


def _user(text: str) -> str:
    if not ids.is_valid(text, "user"):
        raise ValueError("must be the id of a user")
    return text


def _mailable(text: str) -> str:
    """Return an address as links are mailed to it, in small letters. Raises ValueError."""
    return addresses.to_ascii(text.strip().lower())


def _condition(text: str) -> str:
    """Return a condition that can be read. Raises ValueError, which says where the mistake is."""
    try:
        conditions.read(text, applicability.NAMES)
    except ExpressionError as error:
        raise ValueError(f"must be a condition: {error}") from error
    return text


Address = Annotated[str, StringConstraints(strict=True, max_length=254), AfterValidator(_mailable)]
Applies = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=LONGEST),
    AfterValidator(_condition),
    Field(description="A condition on `milestone` and `evidence`; the layer is skipped if it is false when it opens."),
]
CheckKey = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{1,40}$")]
MediaType = Annotated[str, StringConstraints(strict=True, max_length=100, pattern=r"^[a-z]+/[a-z0-9.+-]+$")]
Sha256 = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(strict=True, ge=1, le=100, description="Pieces of evidence, or the score."), WHOLE]
Days = Annotated[int, Field(strict=True, ge=0, le=3650, description="How long evidence must still count."), WHOLE]


class AutoCheckSent(BaseModel):
    """A check that no person makes, with what it takes; docs/verification.md says what that is."""

    model_config = asked({"check": "evidence_count", "at_least": 2, "requirement": "drawings"})

    check: checks.Name
    at_least: Count | None = None
    requirement: Annotated[CheckKey | None, Field(description="Counts evidence for this alone.")] = None
    media_types: Annotated[list[MediaType] | None, Field(min_length=1, max_length=20)] = None
    sha256s: Annotated[list[Sha256] | None, Field(min_length=1, max_length=20)] = None
    days: Days | None = None
    keys: Annotated[list[CheckKey] | None, Field(min_length=1, max_length=50, description="Of criteria.")] = None
    expected_minor_units: Annotated[
        MinorUnits | None, Field(description="Shown to those who see amounts, and written by them.")
    ] = None
    tolerance_percent: Percent | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "AutoCheckSent":
        given = {name for name, value in self if value is not None} - {"check"}
        wanted = checks.PARTS[self.check]
        if given - ({"requirement"} if self.check == "evidence_count" else set()) != wanted:
            raise ValueError(f"must have {' and '.join(sorted(wanted))} with the check {self.check}")
        return self


class OutsiderSent(BaseModel):
    """Somebody from outside, who decides by a link that is mailed to them."""

    model_config = asked({"name": "Mary Somerville", "address": "mary@example.com"})

    name: Name
    address: Annotated[Address, Field(description="An e-mail address.")]


class ApproverSent(BaseModel):
    """Whom a layer asks; one of `user`, `role`, `owner_role` and `external`."""

    model_config = asked({"role": "verifier"})

    user: Annotated[UserId, AfterValidator(_user)] | None = None
    role: Annotated[Role, Field(description="Everybody who has this role in the project.")] | None = None
    owner_role: (
        Annotated[
            Literal["secondary", "reviewer", "approver"],
            Field(description="Every active owner of the milestone with this role."),
        ]
        | None
    ) = None
    external: OutsiderSent | None = None
    weight: SeatWeight = 1

    @model_validator(mode="after")
    def _names_one(self) -> "ApproverSent":
        if len([each for each in (self.user, self.role, self.owner_role, self.external) if each is not None]) != 1:
            raise ValueError("must have one of user, role, owner_role and external")
        return self


class LayerSent(BaseModel):
    """One layer of a policy. Layers of a level are decided side by side."""

    model_config = asked({"level": 1, "name": "Review", "mode": "any", "approvers": [{"role": "verifier"}]})

    level: Level
    name: Name
    kind: Kind = "manual"
    mode: Annotated[Mode, Field(description="Who approves: any of them, all of them, or a weight of them.")] = "any"
    quorum: Quorum = 1
    order: Annotated[Order, Field(description="`sequential`: one after the other, as named.")] = "parallel"
    approvers: Annotated[
        list[ApproverSent],
        Field(max_length=MOST_PEOPLE, validate_default=True, description="Nobody if it is automated, else somebody."),
    ] = []
    required: Annotated[bool, Field(strict=True, description="An optional layer blocks nothing.")] = True
    due_hours: DueHours = 168
    calendar: Annotated[HoursOf, Field(description="Whether all hours count, or business hours of the project.")] = (
        "elapsed"
    )
    min_score: Annotated[Score | None, Field(description="The score without which nobody approves.")] = None
    checklist: Annotated[list[Word], Field(max_length=20), AfterValidator(_distinct)] = []
    auto_checks: Annotated[
        list[AutoCheckSent],
        Field(
            max_length=checks.MOST,
            validate_default=True,
            description="`automated`: they decide. `hybrid`: people approve once they pass.",
        ),
    ] = []
    applies_when: Applies | None = None
    reject_rule: RejectRule = "first_reject"
    allow_delegation: Annotated[bool, Field(strict=True, description="Whether delegates may decide.")] = True
    separation_of_duties: Annotated[
        bool,
        Field(strict=True, description="Whether submitter, primary owner and who brought evidence are kept out."),
    ] = True
    require_second_factor: Annotated[
        bool, Field(strict=True, description="Whether a decision takes a sign-in with a second factor.")
    ] = False
    restart_at: Annotated[Restart, Field(description="Where the next attempt begins if this layer rejects.")] = (
        "rejected_level"
    )
    on_timeout: Annotated[
        Timeout,
        Field(description="What happens when the layer is due: an escalation, or a decision of the system."),
    ] = "escalate"

    @model_validator(mode="after")
    def _fits(self) -> "LayerSent":
        if self.mode != "quorum" and self.quorum != 1:
            raise ValueError("must have quorum only with the mode quorum")
        if self.require_second_factor and any(each.external for each in self.approvers):
            raise ValueError("must not ask people from outside for a second factor")
        return self

    @field_validator("approvers", "checklist", "min_score")
    @classmethod
    def _asks_people(cls, value: Any, told: ValidationInfo) -> Any:
        is_automated = told.data.get("kind") == "automated"
        if is_automated and value not in ([], None):
            raise ValueError("must not be there if the layer is automated, which asks nobody")
        if not is_automated and told.field_name == "approvers" and not value:
            raise ValueError("must name somebody, unless the layer is automated")
        return value

    @field_validator("auto_checks")
    @classmethod
    def _checks_itself(cls, value: list[AutoCheckSent], told: ValidationInfo) -> list[AutoCheckSent]:
        if bool(value) != (told.data.get("kind") in ("automated", "hybrid")):
            raise ValueError("must be there if the layer is automated or hybrid, and only then")
        return value


class VerificationPolicySent(BaseModel):
    """Which layers a milestone passes after it was completed."""

    model_config = asked({"layers": [{"level": 1, "name": "Review", "approvers": [{"role": "verifier"}]}]})

    layers: Annotated[list[LayerSent], Field(min_length=1, max_length=MOST_LAYERS)]
    keep_approvals: Annotated[
        bool, Field(strict=True, description="Whether approvals stay when evidence is added to what is under review.")
    ] = False

    @model_validator(mode="after")
    def _is_sound(self) -> "VerificationPolicySent":
        if not any(each.required for each in self.layers):
            raise ValueError("must have a layer that is required")
        named = {(each.level, each.name) for each in self.layers}
        if len(named) < len(self.layers):
            raise ValueError("must not have two layers of the same name on a level")
        return self

    def stored(self) -> dict[str, Any]:
        """Return the policy as a milestone holds it."""
        return self.model_dump()
