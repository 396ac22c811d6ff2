"""What callers send about the settings of an audience. Unknown fields are refused."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from functions.audience import values
from functions.audience.sent import Locale, Name, Word, asked
from shared.api.whole_numbers import WHOLE

MOST_TOPICS: Final = 20
CHANGE: Final[dict[str, Any]] = {
    "consent_required": ["email"],
    "quiet_hours": {"sms": {"begins": "21:00", "ends": "08:00"}},
    "frequency_cap": {"messages": 4, "days": 7},
    "topics": {"news": "Our newsletter"},
    "postal_address": "Analytical Engines, 12 St James's Square, London SW1Y 4JH, United Kingdom",
    "language": "en-GB",
}

Channel = Literal["email", "sms", "push", "whatsapp", "webhook"]
Topic = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_-]{1,40}$")]
TimeOfDay = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="24 hours: `21:00`."),
]


def _lines(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class QuietHoursChange(BaseModel):
    """From when until when nobody is disturbed: the first is quiet, the last is not. They may go over midnight."""

    model_config = asked({"begins": "21:00", "ends": "08:00"})

    begins: TimeOfDay
    ends: TimeOfDay

    @model_validator(mode="after")
    def _some_time(self) -> "QuietHoursChange":
        if self.begins == self.ends:
            raise ValueError("begins and ends must differ; leave the channel out where no hours are quiet")
        return self


class FrequencyCapChange(BaseModel):
    """So many messages of marketing in so many days, counted back from each message, over all channels."""

    model_config = asked({"messages": 4, "days": 7})

    messages: Annotated[int, Field(strict=True, ge=1, le=25), WHOLE]
    days: Annotated[int, Field(strict=True, ge=1, le=90), WHOLE]


class SettingsChange(BaseModel):
    """Settings that are to change. What is null is as if it had never been set; lists and objects replace all."""

    model_config = asked(CHANGE)

    phones_identify: bool = True
    consent_required: Annotated[
        list[Channel], Field(max_length=5), AfterValidator(lambda sent: [*dict.fromkeys(sent)])
    ] = []
    quiet_hours: dict[Channel, QuietHoursChange] = {}
    frequency_cap: FrequencyCapChange | None = None
    records_contacts: bool = False
    topics: Annotated[dict[Topic, Word], Field(max_length=MOST_TOPICS)] = {}
    sender_name: Name | None = None
    postal_address: (
        Annotated[
            str,
            BeforeValidator(_lines),
            StringConstraints(strict=True, min_length=1, max_length=300),
            AfterValidator(values.passage),
        ]
        | None
    ) = None
    language: Locale | None = None

    def wanted(self) -> dict[str, Any]:
        """Return the settings that were sent, as they are kept."""
        sent = self.model_dump(exclude_unset=True)
        if "consent_required" in sent:
            sent["consent_required"] = tuple(sorted(sent["consent_required"]))
        return sent
