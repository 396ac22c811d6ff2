"""What callers send about campaigns. Unknown fields are refused."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, StringConstraints

from functions.audience.sent import Name, Time, asked, changed
from shared.api.whole_numbers import WHOLE

Channel = Literal["email", "sms", "push", "whatsapp", "webhook"]
Template = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=20_000)]
Line = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500)]
Topic = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_-]{1,40}$")]
Id = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64)]
ChunkSize = Annotated[int, Field(strict=True, ge=1, le=200), WHOLE]
Rate = Annotated[int, Field(strict=True, ge=1, le=60_000), WHOLE]
Most = Annotated[int, Field(strict=True, ge=1, le=10_000_000), WHOLE]
Variables = Annotated[dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")], Line], Field(max_length=20)]
Tried = Annotated[list[Annotated[str, Field(min_length=1, max_length=320)]], Field(max_length=10)]

MESSAGE: Final = ("message_template", "html_template", "subject", "template_name", "template_variables")
OPENS: Final = "Count opens by a picture in the HTML of e-mails. Your readers may have to agree to that."
CLICKS: Final = "Count clicks: links of the HTML of e-mails lead past Milepost to where they lead. As above."
_WHEN: Final = "An instant; with `time_zone_mode: local` what clocks show, such as 2026-12-01T09:00:00."
_VARIANTS: Final = "Two to five, or none. Who gets which is decided by a hash of the campaign and the lead."
_MODE: Final = "`local`: to everybody when clocks show `scheduled_at` where they are; where that is past, a day later."
SEGMENT_ID: Final = "segment_01KAEY5R7C2N8V4X6Z9B1D3F5H"


def _fields(sent: BaseModel) -> dict[str, Any]:
    """Return what was sent, with the parts of messages together."""
    found = sent.model_dump(exclude_unset=True)
    if "variants" in found:
        found["variants"] = [{**_apart(each), "message": _message(each)} for each in found["variants"] or ()]
    message = _message(found)
    return {**_apart(found), "message": message} if message else found


def _message(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in MESSAGE if name in found}


def _apart(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in MESSAGE}


class CampaignVariant(BaseModel):
    """A variant: what its message says otherwise than that of the campaign, and to how many percent it goes."""

    model_config = changed({"name": "B", "share": 50, "subject": "{{ name | default: 'You' }}, it is spring"})

    name: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    share: Annotated[int, Field(strict=True, ge=1, le=99), WHOLE]
    message_template: Template = ""
    html_template: Template | None = None
    subject: Line | None = None
    template_name: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_]{1,512}$")] | None = None
    template_variables: Variables | None = None


class CampaignWinner(BaseModel):
    """How it is decided which variant most of the audience gets."""

    model_config = asked({"by": "clicks", "after_minutes": 240, "test_percent": 20})

    by: Literal["clicks", "opens"]
    after_minutes: Annotated[int, Field(strict=True, ge=1, le=10_080), WHOLE] = Field(
        description="How long after everybody in the test was seen to, a week at most."
    )
    test_percent: Annotated[int, Field(strict=True, ge=1, le=99), WHOLE] = Field(
        description="Of the audience, who get the variants by their shares; the rest waits, and gets the one that wins."
    )


Variants = Annotated[list[CampaignVariant], Field(max_length=5)]


class CampaignDraft(BaseModel):
    """A campaign: what is sent to whom, on which channel."""

    model_config = asked(
        {
            "name": "Spring",
            "segment_id": SEGMENT_ID,
            "channel": "email",
            "purpose": "marketing",
            "topic": "newsletter",
            "subject": "Spring is here, {{ name | default: 'friend' }}",
            "message_template": "Hello {{ name }}! Unsubscribe: {{ unsubscribe_url }}",
        }
    )

    name: Name
    segment_id: Id
    channel: Channel
    purpose: Literal["marketing", "transactional"] = Field(
        description="What somebody needs to be told (`transactional`) takes `audience:admin`."
    )
    topic: Topic | None = None
    message_template: Template = Field(description="Liquid: `{{ name | default: 'there' }}`.")
    html_template: Template | None = None
    subject: Line | None = None
    template_name: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_]{1,512}$")] | None = None
    template_variables: Variables | None = None
    provider_id: Id | None = None
    scheduled_at: Time | None = Field(None, description=_WHEN)
    time_zone_mode: Literal["instant", "local"] = Field("instant", description=_MODE)
    chunk_size: ChunkSize | None = None
    rate_per_minute: Rate | None = None
    max_audience: Most | None = None
    track_opens: Annotated[bool, Field(strict=True, description=OPENS)] = False
    track_clicks: Annotated[bool, Field(strict=True, description=CLICKS)] = False
    test_recipients: Tried = []
    variants: Variants | None = Field(None, description=_VARIANTS)
    winner: CampaignWinner | None = None

    def fields(self) -> dict[str, Any]:
        """Return the fields of the campaign."""
        return _fields(self)


class CampaignChange(BaseModel):
    """What is to be changed; the rate also of a campaign that is being sent. What is not sent stays."""

    model_config = changed({"rate_per_minute": 600})

    name: Name = ""
    segment_id: Id = ""
    topic: Topic | None = None
    message_template: Template = ""
    html_template: Template | None = None
    subject: Line | None = None
    template_name: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_]{1,512}$")] | None = None
    template_variables: Variables | None = None
    provider_id: Id | None = None
    scheduled_at: Time | None = Field(None, description=_WHEN)
    time_zone_mode: Literal["instant", "local"] = Field("instant", description=_MODE)
    chunk_size: ChunkSize | None = None
    rate_per_minute: Rate | None = None
    max_audience: Most | None = None
    track_opens: Annotated[bool, Field(strict=True, description=OPENS)] = False
    track_clicks: Annotated[bool, Field(strict=True, description=CLICKS)] = False
    test_recipients: Tried = []
    variants: Variants | None = Field(None, description=_VARIANTS)
    winner: CampaignWinner | None = None

    def fields(self) -> dict[str, Any]:
        """Return the fields that change."""
        return _fields(self)


class StatusAsked(BaseModel):
    """The state that a campaign should come into."""

    model_config = asked({"status": "running"})

    status: Literal["scheduled", "running", "paused", "cancelled"] = Field(
        description="`running` starts a campaign, and resumes one that is paused."
    )
    confirm_all: bool = Field(
        False,
        strict=True,
        description="That a segment is meant whose rule every lead satisfies, however it is written.",
    )


class CampaignRecountAsked(BaseModel):
    """Whether what differs is mended."""

    model_config = asked({"repair": False})

    repair: Annotated[bool, Field(strict=True, description="Whether what differs is mended.")] = False


class WinnerAsked(BaseModel):
    """The variant that should win."""

    model_config = asked({"variant": "B"})

    variant: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40)]
