"""What callers get of those who come to a tenant and of those who have left it."""

from pydantic import BaseModel, Field

from functions.identity.examples import MOMENT, TENANT_ID, USER_ID
from functions.identity.scopes import Role
from functions.identity.shapes import answered

_REMOVED_MEMBER = {
    "user_id": USER_ID,
    "display_name": "Ada Lovelace",
    "role": "member",
    "removed_by": "user_01KAFWZZ2C4E6G8J0K3M5N7PQR",
    "removed_at": MOMENT,
}
_OPENED = {
    "tenant_name": "Analytical Engines",
    "email": "grace@example.com",
    "role": "member",
    "expires_at": MOMENT,
}


class InvitationOpened(BaseModel):
    """What an invitation is to."""

    model_config = answered(_OPENED)

    tenant_name: str
    email: str = Field(description="The address to register with.")
    role: Role
    expires_at: str


class Joined(BaseModel):
    """The tenant that your account has joined: as which user, and in which role."""

    model_config = answered(
        {"tenant_id": TENANT_ID, "tenant_name": "Analytical Engines", "user_id": USER_ID, "role": "member"}
    )

    tenant_id: str
    tenant_name: str
    user_id: str
    role: Role


class RemovedMember(BaseModel):
    """Somebody who was a member of your tenant; of who they were, only the name is kept."""

    model_config = answered(_REMOVED_MEMBER)

    user_id: str
    display_name: str | None = Field(description="null for who was removed before names were kept")
    role: Role = Field(description="As what they were removed.")
    removed_by: str = Field(description="The user or service that called.")
    removed_at: str


class RemovedMembers(BaseModel):
    """A page of those who were removed from your tenant."""

    model_config = answered({"items": [_REMOVED_MEMBER], "next_cursor": None})

    items: list[RemovedMember]
    next_cursor: str | None
