"""What callers send about delivery providers. Unknown fields are refused, also in the settings of each kind."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from functions.audience.delivery import kinds
from functions.audience.delivery.lifecycle import Change, Draft
from functions.audience.delivery.messages import Channel
from functions.audience.delivery.providers import Kind
from functions.audience.delivery.testing import Asked
from functions.audience.sent import Name, asked
from shared import clock, config
from shared.api import problems
from shared.api.whole_numbers import WHOLE
from shared.egress import destination
from shared.egress.destination import MAX_URL_LENGTH
from shared.errors import InvalidInput

DAY_SECONDS: Final = clock.DAY // clock.SECOND
MOST_PER_MINUTE: Final = 60_000
_STRICT: Final = ConfigDict(extra="forbid", strict=True)


def _reachable(url: str) -> str:
    destination.parse(url, allow_loopback=config.allow_loopback_webhooks())
    return url


def _beginning(url: str) -> str:
    """Return the beginning of addresses without a last slash. Raises ValueError."""
    if "?" in _reachable(url):
        raise ValueError("must not have a query")
    return url.rstrip("/")


def _without_nulls(sent: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if value is not None}


Url = Annotated[str, StringConstraints(min_length=1, max_length=MAX_URL_LENGTH), AfterValidator(_reachable)]
Beginning = Annotated[str, StringConstraints(min_length=1, max_length=512), AfterValidator(_beginning)]
Sender = Annotated[str, StringConstraints(pattern=r"^(\+[1-9][0-9]{6,14}|[0-9]{3,8}|[A-Za-z0-9 ]{0,10}[A-Za-z])$")]


class Nothing(BaseModel):
    """A kind without settings."""

    model_config = _STRICT


class SnsSettings(BaseModel):
    """How texts go out: what may wait for a cheaper way, or what goes first whatever it costs."""

    model_config = _STRICT

    sms_type: Annotated[str, StringConstraints(pattern="^(Promotional|Transactional)$")] = "Promotional"


class TwilioSettings(BaseModel):
    """An account of Twilio, and the number, name or service that texts come from."""

    model_config = _STRICT

    account_sid: Annotated[str, StringConstraints(pattern="^AC[0-9a-f]{32}$")]
    sender: Annotated[Sender | None, Field(alias="from")] = None
    messaging_service_sid: Annotated[str, StringConstraints(pattern="^MG[0-9a-f]{32}$")] | None = None
    base_url: Beginning | None = None

    @model_validator(mode="after")
    def _has_one_sender(self) -> "TwilioSettings":
        if (self.sender is None) == (self.messaging_service_sid is None):
            raise ValueError("must have either from or messaging_service_sid")
        return self


class WhatsappSettings(BaseModel):
    """A number of a business at WhatsApp, and the language of its templates."""

    model_config = _STRICT

    phone_number_id: Annotated[str, StringConstraints(pattern="^[0-9]{1,32}$")]
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2,3}(_[A-Z]{2})?$")] | None = None
    base_url: Beginning | None = None


class WebhookSettings(BaseModel):
    """Where messages go."""

    model_config = _STRICT

    url: Url


_SETTINGS: Final[Mapping[Kind, type[BaseModel]]] = {
    "ses": Nothing,
    "sns": SnsSettings,
    "push": Nothing,
    "twilio": TwilioSettings,
    "whatsapp": WhatsappSettings,
    "webhook": WebhookSettings,
}

# No stage has endpoints of SNS for mobile push yet, and no role may publish to one: a `webhook` serves that channel.
Offered = Literal["ses", "sns", "twilio", "whatsapp", "webhook"]
Settings = Annotated[
    dict[str, Any], Field(max_length=10, description="Of the kind; docs/campaigns.md has them. A change replaces all.")
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[!-~]+$")]
Secrets = Annotated[
    dict[str, Secret],
    Field(max_length=5, description="Of the vendor, such as `auth_token`. Never shown again; a change replaces each."),
]
PerMinute = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=MOST_PER_MINUTE), WHOLE] | None,
    Field(description="How many messages it takes in any minute at most. `null`: no limit but that of the stage."),
]
Dedupes = Annotated[
    bool, Field(strict=True, description="Whether it takes no message twice that has the same `webhook-id`.")
]
ByVendorId = Annotated[bool, Field(strict=True, description="Whether its receipts name a message by its own id alone.")]
IsDefault = Annotated[bool, Field(strict=True, description="Whether campaigns that name no provider send through it.")]


class ProviderDraft(BaseModel):
    """A provider: what it is, how it is reached, and for which channel."""

    model_config = asked(
        {
            "kind": "webhook",
            "channel": "email",
            "name": "Our gateway",
            "settings": {"url": "https://gateway.example.com/messages"},
            "dedupes": True,
            "per_minute": 600,
        }
    )

    kind: Offered
    channel: Annotated[
        Channel | None, Field(description="Of a `webhook` provider; every other kind has one channel.")
    ] = None
    name: Name
    settings: Settings = Field(default_factory=dict)
    secrets: Secrets = Field(default_factory=dict)
    dedupes: Dedupes = False
    receipts_by_vendor_id: ByVendorId = False
    per_minute: PerMinute = None
    is_default: IsDefault = False

    def draft(self) -> Draft:
        """Return what was sent. Raises InvalidInput for what the kind does not take."""
        traits = kinds.TRAITS[self.kind]
        _require_own(self.kind, dedupes=self.dedupes, receipts_by_vendor_id=self.receipts_by_vendor_id)
        return Draft(
            kind=self.kind,
            channel=_channel(self.kind, self.channel),
            name=self.name,
            settings=_settings(self.kind, self.settings),
            secrets=_secrets(self.kind, self.secrets, required=traits.secrets),
            dedupes=self.dedupes,
            receipts_by_vendor_id=self.receipts_by_vendor_id or traits.receipts_by_vendor_id,
            per_minute=self.per_minute,
            is_default=self.is_default,
        )


def _unprefilled(schema: dict[str, Any]) -> None:
    """Say no defaults of what a patch may hold: a field that is not sent stays."""
    for field in schema["properties"].values():
        field.pop("default", None)
    schema["examples"] = [{"per_minute": 1200, "is_default": True}]


class ProviderPatch(BaseModel):
    """Changes to a provider; what is not sent stays. Its kind and its channel stay too."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_unprefilled)

    name: Name = ""
    settings: Settings = Field(default_factory=dict)
    secrets: Secrets = Field(default_factory=dict)
    dedupes: Dedupes = False
    receipts_by_vendor_id: ByVendorId = False
    per_minute: PerMinute = None
    is_default: IsDefault = False

    def change(self, kind: Kind) -> Change:
        """Return what was sent for a provider of this kind. Raises InvalidInput for what the kind does not take."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        secrets, is_default = sent.pop("secrets", {}), sent.pop("is_default", None)
        _require_own(kind, **{name: sent[name] for name in ("dedupes", "receipts_by_vendor_id") if name in sent})
        if "settings" in sent:
            sent["settings"] = _settings(kind, sent["settings"])
        return Change(sent, _secrets(kind, secrets, required=()), is_default)


class ReceiptSecretRotation(BaseModel):
    """For how long the secret there is good beside the new one."""

    model_config = asked({"grace_seconds": 3600})

    grace_seconds: Annotated[int, Field(strict=True, ge=0, le=DAY_SECONDS), WHOLE] = DAY_SECONDS


def _settings(kind: Kind, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a kind as they are stored. Raises InvalidInput, which names each field."""
    try:
        found = _SETTINGS[kind].model_validate(sent)
    except ValidationError as error:
        faults = [{**each, "loc": ("settings", *each["loc"])} for each in error.errors()]
        raise problems.invalid_input(faults) from error
    return _without_nulls(found.model_dump(by_alias=True))


def _secrets(kind: Kind, sent: Mapping[str, str], *, required: tuple[str, ...]) -> Mapping[str, str]:
    """Return the secrets of a kind. Raises InvalidInput for one that it has not, or that is missing."""
    for name in sent:
        if name not in kinds.TRAITS[kind].secrets:
            raise InvalidInput.of(f"secrets.{name}"[:200], f"unknown to a provider of the kind {kind}; remove it")
    for name in required:
        if name not in sent:
            raise InvalidInput.of(f"secrets.{name}", "is required")
    return sent


def _channel(kind: Kind, sent: Channel | None) -> Channel:
    """Return the channel of a provider. Raises InvalidInput for one that its kind does not serve."""
    channels = kinds.TRAITS[kind].channels
    if sent is None and len(channels) > 1:
        raise InvalidInput.of("channel", f"is required for a provider of the kind {kind}")
    if sent is not None and sent not in channels:
        raise InvalidInput.of("channel", f"a provider of the kind {kind} serves {channels[0]}")
    return sent or channels[0]


def _require_own(kind: Kind, **told: bool) -> None:
    """Require that only a provider that says so by itself says it. Raises InvalidInput."""
    for name, value in told.items():
        if value and not kinds.TRAITS[kind].tells_itself:
            raise InvalidInput.of(name, f"is the same for every provider of the kind {kind}; leave it out")


class TestAsked(BaseModel):
    """To whom a test message goes; its text is always the same."""

    __test__ = False
    model_config = asked({"to": "grace.hopper@example.org"})

    to: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]+$")]
    template_name: Annotated[str, StringConstraints(pattern="^[a-z0-9_]{1,512}$")] | None = None
    variables: Annotated[dict[str, Annotated[str, Field(max_length=1024)]], Field(max_length=20)] = Field(
        default_factory=dict
    )

    def asked(self) -> Asked:
        """Return what was sent."""
        return Asked(self.to, self.template_name, self.variables)
