"""What the routes of a tenant answer."""

from pydantic import BaseModel, Field

from functions.identity.examples import MOMENT, TENANT_ID, USER_ID
from functions.identity.profile.replies import _PROFILE
from functions.identity.scopes import Role
from functions.identity.shapes import answered
from shared.callers.tenant_settings import Weekday

_INVITATION = {
    "invitation_id": "invite_01KAEY3VJ0R8S4T0V6W2X9Y5Z1",
    "email": "grace@example.com",
    "role": "member",
    "invited_by": USER_ID,
    "created_at": MOMENT,
    "expires_at": "2026-11-27T09:30:00.000Z",
}


_MEMBER = {
    "user_id": USER_ID,
    "email": "ada@example.com",
    "display_name": "Ada Lovelace",
    "role": "owner",
    "disabled": False,
    "created_at": MOMENT,
    "version": 1,
}


_ADDRESS = {
    "lines": ["12 St James's Square"],
    "postal_code": "SW1Y 4JH",
    "city": "London",
    "region": None,
    "country": "GB",
}


class Registered(BaseModel):
    """The user and their tenant."""

    model_config = answered({**_PROFILE, "role": "owner"})

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    role: Role


class Invitation(BaseModel):
    """An open invitation."""

    model_config = answered(_INVITATION)

    invitation_id: str
    email: str
    role: Role
    invited_by: str
    created_at: str
    expires_at: str


class InvitationGiven(Invitation):
    """The invitation with its token, which is shown once: a repeated request answers the invitation without it."""

    model_config = answered(
        {**_INVITATION, "token": "kJ2sV9…", "url": "https://api.milepost.example/#/invitation/kJ2sV9…"}
    )

    token: str | None
    url: str | None = Field(
        description="The page to send on, where the invitation is accepted; null with the token, and where the stage "
        "does not know the address of its page: there, add `#/invitation/` and the token to that of the dashboard."
    )


class Invitations(BaseModel):
    """A page of open invitations."""

    model_config = answered({"items": [_INVITATION], "next_cursor": None})

    items: list[Invitation]
    next_cursor: str | None


class Member(BaseModel):
    """A member of your tenant."""

    model_config = answered(_MEMBER)

    user_id: str
    email: str
    display_name: str
    role: Role
    disabled: bool
    created_at: str
    version: int


class Members(BaseModel):
    """A page of the members of your tenant."""

    model_config = answered({"items": [_MEMBER], "next_cursor": None})

    items: list[Member]
    next_cursor: str | None


class TenantAddress(BaseModel):
    """Where post for a tenant goes."""

    model_config = answered(_ADDRESS)

    lines: list[str]
    postal_code: str | None
    city: str
    region: str | None
    country: str


class Tenant(BaseModel):
    """Your tenant, its settings, and whether it demands a second factor of everybody in it."""

    model_config = answered(
        {
            "tenant_id": TENANT_ID,
            "name": "Analytical Engines",
            "require_second_factor": False,
            "created_at": MOMENT,
            "version": 1,
            "time_zone": "Europe/London",
            "locale": "en-GB",
            "currency": "GBP",
            "phone_region": "GB",
            "postal_address": _ADDRESS,
            "working_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "evidence_quota_bytes": 10737418240,
        }
    )

    tenant_id: str
    name: str
    require_second_factor: bool
    created_at: str
    version: int
    time_zone: str
    locale: str
    currency: str | None
    phone_region: str | None
    postal_address: TenantAddress | None
    working_days: list[Weekday]
    evidence_quota_bytes: int = Field(description="What files of evidence may take in all.")
