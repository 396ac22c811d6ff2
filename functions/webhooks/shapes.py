"""What callers send about webhooks. Unknown fields are refused."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from functions.webhooks import published
from shared import clock
from shared.api.whole_numbers import WHOLE
from shared.clock import DAY, SECOND, Instant
from shared.egress.destination import MAX_URL_LENGTH

DAY_SECONDS = DAY // SECOND
MAX_PER_MINUTE = 10_000


def _asked(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def _without_defaults(example: dict[str, Any]) -> Any:
    """Return what makes a patch's JSON Schema say no defaults, for there are none, and show an example."""

    def edit(schema: dict[str, Any]) -> None:
        for field in schema["properties"].values():
            field.pop("default", None)
        schema["examples"] = [example]

    return edit


def _known(event_type: str) -> str:
    if event_type not in published.FILTERS:
        raise ValueError("must be a type of event that is sent, such as goals.goal.completed, goals.goal.* or goals.*")
    return event_type


def _read_instant(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 timestamp with an offset, e.g. 2026-01-31T09:30:00Z")
    instant = clock.from_rfc3339(value)
    if instant < 0:
        raise ValueError("must not lie before 1970")
    return instant


Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_URL_LENGTH,
        description="https, to a name of the internet, on port 443 or 8443, without credentials.",
    ),
]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Filter = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(published.FILTERS)})]
Filters = Annotated[
    list[Filter],
    Field(
        max_length=len(published.FILTERS), description="What it is told of: types, or all that begin so; empty: all."
    ),
]
MaxPerMinute = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=MAX_PER_MINUTE), WHOLE] | None,
    Field(description="How many messages it takes in any minute at most; what is more waits. `null`: no limit."),
]
Moment = Annotated[
    Instant,
    BeforeValidator(_read_instant, json_schema_input_type=str),
    Field(json_schema_extra={"type": "string", "format": "date-time", "examples": ["2026-11-20T09:30:00Z"]}),
]


class EndpointDraft(BaseModel):
    """Where messages are to be sent, and which."""

    model_config = _asked(
        {
            "url": "https://hooks.example.com/milepost",
            "description": "The team's channel",
            "event_types": ["goals.goal.completed", "goals.milestone.*"],
        }
    )

    url: Url
    description: Description = ""
    event_types: Filters = Field(default_factory=list)
    max_per_minute: MaxPerMinute = None


class EndpointPatch(BaseModel):
    """Changes to an endpoint; what is not sent stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra=_without_defaults({"event_types": ["goals.*"], "disabled": False})
    )

    url: Url = ""
    description: Description = ""
    event_types: Filters = Field(default_factory=list)
    max_per_minute: MaxPerMinute = None
    disabled: Annotated[bool, Field(strict=True, description="Whether nothing is sent to it for now.")] = False

    def sent(self) -> dict[str, Any]:
        """Return the fields that the caller sent, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class SecretRotation(BaseModel):
    """For how long the secrets there are sign beside the new one."""

    model_config = _asked({"grace_seconds": 3600})

    grace_seconds: Annotated[int, Field(strict=True, ge=0, le=DAY_SECONDS), WHOLE] = DAY_SECONDS


class Replay(BaseModel):
    """Which deliveries to send again: those of the events of a time range."""

    model_config = _asked({"since": "2026-11-19T00:00:00Z", "until": "2026-11-20T00:00:00Z", "status": "failed"})

    since: Annotated[Moment, Field(description="From when on the events happened.")]
    until: Annotated[Moment, Field(description="Before when they happened.")]
    status: Literal["failed", "any"] = "failed"
