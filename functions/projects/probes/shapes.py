"""What callers send about probes. Unknown fields are refused."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from functions.projects.layers.shapes import OutsiderSent
from functions.projects.probes import schedule as schedules
from functions.projects.probes.answering import Sent
from functions.projects.probes.call_shapes import ProbeCallSent
from functions.projects.probes.probes import Channel, State
from functions.projects.probes.schedule import Unit
from functions.projects.sent import Passage, Percent, ShortReason, Zone, asked, changed
from shared.api.whole_numbers import WHOLE


def _cron(text: str) -> str:
    schedules.require_day(text)
    return " ".join(text.split())


def _distinct(values: list[Channel]) -> list[Channel]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


class ProbeScheduleSent(BaseModel):
    """When a probe asks: `cron`, or `every` so many of a `unit`."""

    model_config = asked({"cron": "0 9 * * 1"})

    cron: Annotated[
        Annotated[str, StringConstraints(strict=True, max_length=100), AfterValidator(_cron)] | None,
        Field(description="Minute, hour, day, month and weekday, of which the minute is one number."),
    ] = None
    every: Annotated[Annotated[int, Field(strict=True, ge=1, le=365), WHOLE] | None, Field(description="From 1.")] = (
        None
    )
    unit: Unit | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "ProbeScheduleSent":
        if (self.cron is None) == (self.every is None) or (self.every is None) != (self.unit is None):
            raise ValueError("must have cron, or every and unit")
        return self


Asks = Annotated[ShortReason, Field(description="What the primary owner of the milestone is asked.")]
Channels = Annotated[
    list[Channel],
    Field(min_length=1, max_length=2, description="Where the primary owner is asked."),
    AfterValidator(_distinct),
]
Outside = Annotated[
    OutsiderSent | None,
    Field(description="Who is asked instead of the primary owner: somebody without an account, by mail."),
]
Calls = Annotated[
    ProbeCallSent,
    Field(description="Called instead of asking people; sent whole, its secret with it, whenever it changes."),
]
_CALL: Final = ProbeCallSent.model_construct(url="", comparison="eq", expected=True)
Schedule = Annotated[ProbeScheduleSent, Field(description="When it asks.")]
InZone = Annotated[Zone, Field(description="Whose clocks the schedule follows.")]


class ProbeDraft(BaseModel):
    """A new probe."""

    model_config = asked(
        {
            "project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H",
            "question": "Will the third wheel be there on Friday?",
            "schedule": {"cron": "0 9 * * 1"},
            "time_zone": "Europe/Berlin",
        }
    )

    project_milestone_id: Annotated[str, Field(strict=True, max_length=64, description="What it is about.")]
    question: Asks
    schedule: Schedule
    time_zone: InZone = "UTC"
    channels: Channels = ["worklist", "email"]
    outside: Outside = None
    call: Calls | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "ProbeDraft":
        if self.call is not None and {"channels", "outside"} & self.model_fields_set:
            raise ValueError("must have no channels and no outside with a call")
        return self

    def fields(self) -> dict[str, Any]:
        """Return the fields of the probe itself."""
        fields = self.model_dump(exclude={"project_milestone_id", "call"}, exclude_none=True)
        return fields if self.call is None else fields | {"channels": [], "call": self.call.fields()}


class ProbePatch(BaseModel):
    """Fields of a probe that are to change."""

    model_config = changed({"schedule": {"every": 2, "unit": "days"}})

    question: Asks = ""
    schedule: Schedule = ProbeScheduleSent(every=1, unit="days")
    time_zone: InZone = ""
    channels: Channels = ["worklist"]
    outside: Outside = None
    call: Calls = _CALL

    def fields(self) -> dict[str, Any]:
        """Return what was sent; `outside` may be null."""
        sent = self.model_dump(include=self.model_fields_set - {"call"}, exclude_none=True)
        sent |= {"call": self.call.fields()} if "call" in self.model_fields_set else {}
        return sent | ({"outside": None} if "outside" in self.model_fields_set - {*sent} else {})


class ProbeAnswerSent(BaseModel):
    """What somebody answers a probe."""

    model_config = asked({"answer": "at_risk", "progress": 60, "comment": "The supplier is late."})

    answer: Annotated[State, Field(description="`done` completes the milestone.")]
    progress: Annotated[Percent | None, Field(description="The progress of the milestone from now on.")] = None
    comment: Passage

    @model_validator(mode="after")
    def _is_one(self) -> "ProbeAnswerSent":
        if self.answer == "done" and self.progress is not None:
            raise ValueError("must have no progress with done")
        return self

    def sent(self) -> Sent:
        """Return the answer."""
        return Sent(self.answer, self.comment, self.progress)
