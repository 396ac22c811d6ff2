"""The events of identity: what concerns the security of a tenant. None holds a secret, an address or a number."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType


class OfUser(EventData):
    """Which user it is."""

    user_id: str


class OfSession(OfUser):
    """Which session of a user it is."""

    session_id: str


class OfSignIn(OfSession):
    """How somebody came in, and from where."""

    amr: list[str] = Field(description="What they proved: `pwd`, `otp`, … (RFC 8176).")
    source_address: str | None


class OfFailure(OfUser):
    """What was tried in vain, and from where."""

    reason: str
    source_address: str | None


class OfTenant(EventData):
    """What of a tenant is another now, and who did it."""

    by: str = Field(description="The user or service that called.")
    name: str | None = None
    require_second_factor: bool | None = None
    time_zone: str | None = None
    locale: str | None = None
    currency: str | None = Field(default=None, description="Null when it is set no more, as the next two.")
    phone_region: str | None = None
    postal_address: dict[str, Any] | None = None
    working_days: list[str] | None = None


class OfRegistration(OfUser):
    """Who registered, and as what."""

    role: str


class OfMember(OfUser):
    """Which member it is, and who did it."""

    by: str = Field(description="The user or service that called.")
    role: str


class OfMemberRole(OfMember):
    """Which member it is, who did it, and as what the member was known before."""

    earlier_role: str


class OfService(EventData):
    """Which service it is, and who did it."""

    service_name: str
    by: str = Field(description="The user or service that called.")


class OfNewKey(OfService):
    """The key that a service was given."""

    key_id: str
    scopes: list[str]


class Rate(EventData):
    """How many requests a second, and how many at once."""

    requests_per_second: int
    burst: int


class OfChangedKey(OfService):
    """The rate that a service's keys have from then on."""

    rate_limit: Rate


class OfRotatedKey(OfService):
    """The key that follows a service's earlier one."""

    key_id: str
    grace_seconds: int = Field(ge=0, description="For how long the earlier key stays good.")


class OfInvitation(EventData):
    """Which invitation it is, and who did it."""

    invitation_id: str
    role: str
    by: str = Field(description="The user or service that called; the one who was invited, when it was accepted.")


EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "identity.user.registered": EventType(OfRegistration, "Somebody registered."),
    "identity.user.renamed": EventType(OfUser, "A user changed their name."),
    "identity.user.password_changed": EventType(OfUser, "A user has a new password; all their sessions ended."),
    "identity.user.signed_out": EventType(OfUser, "A user ended all their sessions."),
    "identity.session.started": EventType(OfSignIn, "A user signed in."),
    "identity.session.switched": EventType(
        OfSignIn, "A user came in from another tenant of their account; `amr` is what they proved there."
    ),
    "identity.sign_in.failed": EventType(OfFailure, "Somebody could not sign in."),
    "identity.sign_in.locked": EventType(OfFailure, "An address was locked after too many failures."),
    "identity.password_change.failed": EventType(OfFailure, "A user gave a wrong password for a new one."),
    "identity.step_up.failed": EventType(OfFailure, "A user proved no second factor within a session."),
    "identity.session.revoked": EventType(OfSession, "A session ended."),
    "identity.session.reuse_detected": EventType(OfSession, "A spent refresh token came again; its session ended."),
    "identity.session.stepped_up": EventType(OfSession, "A user proved a second factor within a session."),
    "identity.challenge.sent": EventType(OfUser, "A one-time code was sent to a user."),
    "identity.second_factor.enrolled": EventType(OfUser, "A user enrolled a second factor."),
    "identity.second_factor.removed": EventType(OfUser, "A user removed their second factor."),
    "identity.recovery_code.used": EventType(OfUser, "A user signed in with a recovery code."),
    "identity.phone.confirmed": EventType(OfUser, "A user has a number, or another one, that codes are sent to."),
    "identity.phone.removed": EventType(OfUser, "A user removed their number; codes go to their e-mail address."),
    "identity.phone_change.failed": EventType(OfFailure, "A user gave a wrong code for a number they want."),
    "identity.invitation.created": EventType(OfInvitation, "Somebody was invited into the tenant."),
    "identity.invitation.withdrawn": EventType(OfInvitation, "An invitation was withdrawn."),
    "identity.invitation.accepted": EventType(OfInvitation, "An invitation was accepted."),
    "identity.tenant.changed": EventType(
        OfTenant, "A tenant has another name, other settings, or another demand on its members."
    ),
    "identity.member.role_changed": EventType(OfMemberRole, "A member has another role."),
    "identity.member.disabled": EventType(OfMember, "A member may not sign in any more."),
    "identity.member.enabled": EventType(OfMember, "A member may sign in again."),
    "identity.member.removed": EventType(OfMember, "A member does not belong to the tenant any more."),
    "identity.member.joined": EventType(OfMember, "Somebody who had an account became a member."),
    "identity.member.restored": EventType(OfMember, "Somebody who had been removed accepted a new invitation."),
    "identity.key.created": EventType(OfNewKey, "A service was given an API key."),
    "identity.key.rotated": EventType(OfRotatedKey, "A service was given a new API key."),
    "identity.key.changed": EventType(OfChangedKey, "A service's API keys have another rate."),
    "identity.key.disabled": EventType(OfService, "A service may not call for now."),
    "identity.key.enabled": EventType(OfService, "A service may call again."),
    "identity.key.revoked": EventType(OfService, "A service's API keys are good no more."),
}
