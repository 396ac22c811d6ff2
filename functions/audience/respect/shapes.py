"""What callers send about suppressions and consents that are asked for. Unknown fields are refused."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError, model_validator

from functions.audience import values
from functions.audience.leads import consent
from functions.audience.respect.asking import Wanted
from functions.audience.respect.listing import MOST_ROWS, Row
from functions.audience.sent import Word, asked
from shared.callers import tenant_settings
from shared.errors import InvalidInput

Channel = Literal["email", "sms", "whatsapp"]
Topic = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9_-]{1,40}$")]
Address = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=320),
    Field(description="An e-mail address, or for SMS and WhatsApp a number. Only its digest is kept."),
]
ROW: Final[dict[str, Any]] = {"channel": "email", "address": "ada@example.org", "reason": "unsubscribed"}


class SuppressionDraft(BaseModel):
    """An address that must not be written to."""

    model_config = asked(ROW)

    channel: Channel
    address: Address
    reason: Literal["manual", "unsubscribed", "hard_bounce", "complaint", "imported"] = "manual"
    topic: Annotated[Topic | None, Field(description="Only messages about this; with `unsubscribed`.")] = None

    @model_validator(mode="after")
    def _of_a_topic(self) -> "SuppressionDraft":
        if self.topic is not None and self.reason != "unsubscribed":
            raise ValueError("a topic goes with the reason unsubscribed only")
        return self

    def row(self, tenant_id: str) -> Row:
        """Return it as it is kept. Raises InvalidInput."""
        return Row(self.channel, address(tenant_id, self.channel, self.address), self.reason, self.topic)


class SuppressionRows(BaseModel):
    """Addresses to be suppressed. What is wrong with one is said in its result; the others are written."""

    model_config = asked({"rows": [ROW]})

    rows: Annotated[
        list[Any],
        Field(min_length=1, max_length=MOST_ROWS, description="Each as in `SuppressionDraft`; `imported` by default."),
    ]


class OptInWanted(BaseModel):
    """The consent that a lead is to be asked for."""

    model_config = asked({"subject": "email/news", "source": "checkout", "text": "Yes, write to me once a month."})

    subject: Annotated[
        str,
        StringConstraints(pattern=consent.PATTERN),
        Field(description="A channel, or a topic of one: `email`, `email/news`. The lead is asked on the channel."),
    ]
    source: Word
    text: Annotated[
        str,
        StringConstraints(strict=True, min_length=1, max_length=2000),
        AfterValidator(values.passage),
        Field(description="What they agree to, as they will read it."),
    ]

    def wanted(self) -> Wanted:
        """Return what is wanted as it is asked for."""
        return Wanted(self.subject, self.source, self.text)


def address(tenant_id: str, channel: str, text: str) -> str:
    """Return an address as it is kept of leads. Raises InvalidInput."""
    try:
        if channel == "email":
            return values.email(text)
        return values.phone(text, region=tenant_settings.of(tenant_id).phone_region)
    except ValueError as error:
        raise InvalidInput.of("address", str(error)) from error


def rows(tenant_id: str, sent: Sequence[Any]) -> list[Row]:
    """Return rows as they are kept; what is wrong with one is said in it."""
    return [_row(tenant_id, each) for each in sent]


def _row(tenant_id: str, given: Any) -> Row:
    try:
        named = {"reason": "imported", **given} if isinstance(given, dict) else given
        return SuppressionDraft.model_validate(named).row(tenant_id)
    except ValidationError as error:
        first = error.errors()[0]
        return Row("", "", "imported", error=": ".join([*map(str, first["loc"][:1]), first["msg"]]))
    except InvalidInput as refusal:
        return Row("", "", "imported", error=refusal.detail)
