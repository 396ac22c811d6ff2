"""What callers may send. Roles are named only where an admin grants them, tenants and epochs nowhere."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from functions.identity import passwords
from functions.identity.door import Name
from functions.identity.emails import Email
from functions.identity.scopes import Role


def config_of(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a model: unknown fields are refused, and the reference shows the example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


NewPassword = Annotated[
    str,
    Field(
        min_length=passwords.MIN_CHARACTERS,
        max_length=passwords.MAX_CHARACTERS,
        description="Not a common password, and without the part of the e-mail address before the @.",
    ),
]


class Registration(BaseModel):
    """Who registers. The role is not asked for: who registers owns a new tenant, or is what they were invited as."""

    model_config = config_of(
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


class InvitationToken(BaseModel):
    """The token of an invitation, in the body so that no access log has it."""

    model_config = config_of({"invitation_token": "kJ2sV9…"})

    invitation_token: Annotated[str, Field(max_length=128)]


class Credentials(BaseModel):
    """An e-mail address and a password."""

    model_config = config_of({"email": "ada@example.com", "password": "a sentence is easy to remember"})

    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=passwords.MAX_CHARACTERS)]


class Refreshing(BaseModel):
    """The newest refresh token of a session."""

    model_config = config_of({"refresh_token": "session_01KAEY3VJ0G3Q6M0R5T9W2X4Z8.0GzI6qW3…"})

    refresh_token: Annotated[str, Field(max_length=128)]


class ProfileChange(BaseModel):
    """What to change of one's own profile; whoever changes the password proves that they know it."""

    model_config = config_of({"display_name": "Ada King, Countess of Lovelace"})

    display_name: Name | None = None
    password: NewPassword | None = None
    current_password: Annotated[str | None, Field(max_length=passwords.MAX_CHARACTERS)] = None

    @model_validator(mode="after")
    def _proved(self) -> Self:
        if (self.password is None) != (self.current_password is None):
            raise ValueError("password and current_password go together")
        return self


class TenantChange(BaseModel):
    """What to change of your tenant."""

    model_config = config_of({"name": "Analytical Engines"})

    name: Name | None = None
    require_second_factor: Annotated[
        bool | None,
        Field(
            strict=True, description="Whether step-up asks everybody for a second factor, also who has enrolled none."
        ),
    ] = None


class InvitationDraft(BaseModel):
    """Whom to invite, and as what. Only an owner invites owners."""

    model_config = config_of({"email": "grace@example.com", "role": "member"})

    email: Email
    role: Role


class MemberChange(BaseModel):
    """What to change of a member. Only an owner changes owners or makes one."""

    model_config = config_of({"role": "viewer"})

    role: Role | None = None
    disabled: Annotated[
        bool | None, Field(strict=True, description="A disabled member is signed out and cannot sign in.")
    ] = None
