"""What callers send about a tenant, its members and its invitations."""

from typing import Annotated, Any, Self, get_args

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from functions.identity.accounts.shapes import Email, NewPassword
from functions.identity.scopes import Role
from functions.identity.shapes import Name, sent
from shared import countries, currencies, time_zones
from shared.api.whole_numbers import WHOLE
from shared.callers.tenant_settings import LEAST_EVIDENCE_QUOTA, MOST_EVIDENCE_QUOTA, Weekday

LOCALE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
_CLEARED = ("currency", "phone_region", "postal_address")


def _known_country(code: str) -> str:
    if code not in countries.CODES:
        raise ValueError("must be a country of ISO 3166-1 such as DE")
    return code


class Registration(BaseModel):
    """Who registers. The role is not asked for: who registers owns a new tenant, or is what they were invited as."""

    model_config = sent(
        {
            "email": "ada@example.com",
            "password": "a sentence is easy to remember",
            "display_name": "Ada Lovelace",
            "tenant_name": "Analytical Engines",
        }
    )

    email: Email
    password: NewPassword
    display_name: Name
    tenant_name: Annotated[Name | None, Field(description="The name of the tenant; without it, `display_name`.")] = None
    invitation_token: Annotated[
        str | None, Field(max_length=128, description="Join the tenant of this invitation instead of founding one.")
    ] = None

    @model_validator(mode="after")
    def _one_tenant(self) -> Self:
        if self.tenant_name is not None and self.invitation_token is not None:
            raise ValueError("an invitation is to a tenant that has its name; leave tenant_name out")
        return self


class PostalAddress(BaseModel):
    """The postal address of a tenant, for letters and for the foot of mail where the law requires one."""

    model_config = sent(
        {"lines": ["12 St James's Square"], "postal_code": "SW1Y 4JH", "city": "London", "country": "GB"}
    )

    lines: Annotated[list[Name], Field(min_length=1, max_length=4, description="Recipient, street and number.")]
    postal_code: Annotated[Name | None, Field(max_length=20)] = None
    city: Name
    region: Name | None = None
    country: Annotated[str, AfterValidator(_known_country), Field(description="ISO 3166-1, two letters.")]


class TenantChange(BaseModel):
    """What to change of your tenant; null clears `currency`, `phone_region` and `postal_address`."""

    model_config = sent({"name": "Analytical Engines", "time_zone": "Europe/London", "currency": "GBP"})

    name: Name | None = None
    require_second_factor: Annotated[
        bool | None,
        Field(
            strict=True, description="Whether step-up asks everybody for a second factor, also who has enrolled none."
        ),
    ] = None
    time_zone: Annotated[
        str | None, Field(max_length=64, description="An IANA name. New goals without their own go by it.")
    ] = None
    locale: Annotated[
        str | None, Field(pattern=LOCALE, description="BCP 47: language, script, region. Texts are written in it.")
    ] = None
    currency: Annotated[str | None, Field(description="ISO 4217, three letters.")] = None
    phone_region: Annotated[
        str | None, Field(description="ISO 3166-1, two letters: where numbers without a country code are.")
    ] = None
    postal_address: PostalAddress | None = None
    working_days: Annotated[
        list[Weekday] | None, Field(min_length=1, max_length=7, description="On which days people work.")
    ] = None
    evidence_quota_bytes: Annotated[
        int | None,
        Field(
            strict=True,
            ge=LEAST_EVIDENCE_QUOTA,
            le=MOST_EVIDENCE_QUOTA,
            description="What files of evidence may take in all. What is there stays, even if it takes more.",
        ),
        WHOLE,
    ] = None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None and not time_zones.is_known(name):
            raise ValueError("must be an IANA time zone such as Europe/Berlin")
        return name

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str | None) -> str | None:
        if code is not None and code not in currencies.DECIMALS:
            raise ValueError("must be a currency of ISO 4217 such as EUR")
        return code

    @field_validator("phone_region")
    @classmethod
    def _known_region(cls, code: str | None) -> str | None:
        return None if code is None else _known_country(code)

    @field_validator("working_days")
    @classmethod
    def _in_order(cls, days: list[Weekday] | None) -> list[Weekday] | None:
        if days is not None and len(set(days)) < len(days):
            raise ValueError("must name each day once")
        return None if days is None else sorted(days, key=get_args(Weekday).index)

    def wanted(self) -> dict[str, Any]:
        """Return what is to change; null only where it clears something."""
        sent = {name: value for name, value in self.model_dump().items() if name in self.model_fields_set}
        if days := sent.get("working_days"):
            sent["working_days"] = tuple(days)  # As the tenant has them, so that the same days are no change.
        return {name: value for name, value in sent.items() if value is not None or name in _CLEARED}


class InvitationToken(BaseModel):
    """The token of an invitation, in the body so that no access log has it."""

    model_config = sent({"invitation_token": "kJ2sV9…"})

    invitation_token: Annotated[str, Field(max_length=128)]


class InvitationDraft(BaseModel):
    """Whom to invite, and as what. Only an owner invites owners."""

    model_config = sent({"email": "grace@example.com", "role": "member"})

    email: Email
    role: Role


class MemberChange(BaseModel):
    """What to change of a member. Only an owner changes owners or makes one."""

    model_config = sent({"role": "viewer"})

    role: Role | None = None
    disabled: Annotated[
        bool | None, Field(strict=True, description="A disabled member is signed out and cannot sign in.")
    ] = None
