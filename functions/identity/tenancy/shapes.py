"""What callers send about a tenant, its members and its invitations."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from functions.identity.accounts.shapes import Email, NewPassword
from functions.identity.scopes import Role
from functions.identity.shapes import Name, sent


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


class TenantChange(BaseModel):
    """What to change of your tenant."""

    model_config = sent({"name": "Analytical Engines"})

    name: Name | None = None
    require_second_factor: Annotated[
        bool | None,
        Field(
            strict=True, description="Whether step-up asks everybody for a second factor, also who has enrolled none."
        ),
    ] = None


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
