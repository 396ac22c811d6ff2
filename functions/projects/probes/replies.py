"""What callers are answered about probes."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered

PROBE_ID = "prb_01KAEY5R7C2N8V4X6Z9B1D3F5H"
RUN_ID = "pru_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_SCHEDULE: dict[str, Any] = {"cron": "0 9 * * 1", "every": None, "unit": None}
_PROBE: dict[str, Any] = {
    "probe_id": PROBE_ID,
    "project_milestone_id": MILESTONE_ID,
    "project_id": PROJECT_ID,
    "question": "Will the third wheel be there on Friday?",
    "schedule": _SCHEDULE,
    "time_zone": "Europe/Berlin",
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "status": "active",
    "next_at": MOMENT,
    "run_id": RUN_ID,
    "asked_id": USER_ID,
    "asked_at": MOMENT,
    "misses": 0,
    "channels": ["worklist", "email"],
    "outside": None,
    "called_at": None,
    "kind": "question",
    "call": None,
    "mail_trouble": None,
    "is_silent": False,
}
_RUN: dict[str, Any] = {
    "run_id": RUN_ID,
    "probe_id": PROBE_ID,
    "asked_id": USER_ID,
    "asked_at": MOMENT,
    "outcome": "answered",
    "state": "at_risk",
    "progress": 60,
    "comment": "The supplier is late.",
    "answered_by": USER_ID,
    "ended_at": MOMENT,
    "called": None,
}
_CALL: dict[str, Any] = {
    "method": "GET",
    "url": "https://ci.example.com/api/builds/latest",
    "pointer": "/state",
    "comparison": "eq",
    "expected": "passed",
    "if_true": "on_track",
    "if_false": "at_risk",
    "set_by": USER_ID,
    "headers": [],
    "body": None,
    "progress_pointer": None,
    "secret": {"header": "Authorization", "is_set": True},
}
_CALLED: dict[str, Any] = {
    "took_ms": 182,
    "status": 200,
    "failure": None,
    "found": '"passed"',
    "is_true": True,
    "unmoved": None,
}


class ProbeSchedule(BaseModel):
    """When a probe asks: `cron`, or `every` so many of a `unit`."""

    model_config = answered(_SCHEDULE)

    cron: str | None
    every: int | None
    unit: str | None = Field(description="`hours`, `days`, `weeks`.")


class ProbeOutsider(BaseModel):
    """Somebody without an account who is asked by mail."""

    model_config = answered({"name": "Mary Somerville", "address": "mary@example.com"})

    name: str
    address: str


class ProbeCallHeader(BaseModel):
    """A header that goes with a call."""

    model_config = answered({"name": "Accept", "value": "application/json"})

    name: str
    value: str


class ProbeCallSecret(BaseModel):
    """A header whose value is never shown."""

    model_config = answered({"header": "Authorization", "is_set": True})

    header: str
    is_set: bool = Field(description="False once the milestone is approved or cancelled: the value is gone.")


class ProbeCall(BaseModel):
    """An address that a probe calls, and what it expects of the answer."""

    model_config = answered(_CALL)

    method: str = Field(description="`GET`, `POST`.")
    url: str
    pointer: str = Field(description="A JSON Pointer (RFC 6901) to what is compared.")
    comparison: str = Field(description="`eq`, `ne`, `gt`, `gte`, `lt`, `lte`, `in`, `contains`, `regex`.")
    expected: Any = Field(description="A text, number, truth value or null; a list of these for `in`.")
    if_true: str = Field(description="The answer if it is as expected.")
    if_false: str = Field(description="The answer if it is not.")
    set_by: str = Field(description="Who has set the call last. What it moves, it moves in their name.")
    headers: list[ProbeCallHeader]
    body: str | None
    progress_pointer: str | None = Field(description="Where the answer has the progress of the milestone.")
    secret: ProbeCallSecret | None


class Probe(BaseModel):
    """A probe of a milestone."""

    model_config = answered(_PROBE)

    probe_id: str
    project_milestone_id: str
    project_id: str
    question: str
    schedule: ProbeSchedule
    time_zone: str
    created_by: str
    created_at: str
    updated_at: str
    version: int
    status: str = Field(description="`active`, `paused`.")
    next_at: str | None = Field(description="When it asks next; null while it is paused, and when nobody is asked.")
    run_id: str | None = Field(description="The run that waits for an answer; null if none does.")
    asked_id: str | None = Field(description="Whose answer it waits for; that of somebody from outside is no user.")
    asked_at: str | None = Field(description="Since when it waits.")
    misses: int = Field(description="How often in a row it was not answered.")
    channels: list[str] = Field(description="Where the primary owner is asked: `worklist`, `email`.")
    outside: ProbeOutsider | None = Field(description="Who is asked instead of the primary owner, by mail alone.")
    called_at: str | None = Field(description="When it has last begun to call its address.")
    kind: str = Field(description="`question`, or `api` for one that calls an address.")
    call: ProbeCall | None = Field(description="What is called instead; shown to managers and the primary owner.")
    mail_trouble: str | None = Field(
        description="What became of the mail with the question, if it did not arrive: `bounced`, `complained`."
    )
    is_silent: bool = Field(description="Whether that is twice or more, which is escalated.")


class Probes(BaseModel):
    """The probes of a milestone, in the order in which they were created."""

    model_config = answered({"items": [_PROBE], "next_cursor": None})

    items: list[Probe]
    next_cursor: None = Field(description="A milestone has five probes at most: they are one page.")


class ProbeCalled(BaseModel):
    """What came of a call."""

    model_config = answered(_CALLED)

    took_ms: int
    status: int | None = Field(description="The status of the answer, null if none came.")
    failure: str | None = Field(description="Why there was nothing to compare, such as `timed_out`; null if there was.")
    found: str | None = Field(description="What was compared, as JSON of 200 characters at most.")
    is_true: bool | None = Field(description="Whether it was as expected.")
    unmoved: str | None = Field(description="The code of the refusal that keeps the milestone as it was.")


class ProbeRun(BaseModel):
    """What became of asking once."""

    model_config = answered(_RUN)

    run_id: str
    probe_id: str
    asked_id: str
    asked_at: str
    outcome: str = Field(description="`open`, `answered`, `missed`, or `ended` with the probe or the milestone.")
    state: str | None = Field(description="The answer: `on_track`, `at_risk`, `blocked`, `done`.")
    progress: int | None
    comment: str | None
    answered_by: str | None
    ended_at: str | None
    called: ProbeCalled | None = Field(description="What an address has said, of a probe that calls one.")


class ProbeRuns(BaseModel):
    """A page of the runs of a probe, the newest first."""

    model_config = answered({"items": [_RUN], "next_cursor": None})

    items: list[ProbeRun]
    next_cursor: str | None
