"""The events of identity: what concerns the security of a tenant. None holds a secret, an address or a number."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from pydantic import Field

from shared.messaging.event_data import PRIVATE, EventData, EventType, SubjectState


class OfUser(EventData):
    """Which user it is."""

    user_id: str


class OfSession(OfUser):
    """Which session of a user it is."""

    session_id: str


class OfSignIn(OfSession):
    """How somebody came in, and from where."""

    amr: list[str] = Field(description="What they proved: `pwd`, `otp`, … (RFC 8176).")
    source_address: str | None = Field(json_schema_extra=PRIVATE)


class OfFailure(OfUser):
    """What was tried in vain, and from where."""

    reason: str
    source_address: str | None = Field(json_schema_extra=PRIVATE)


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
    evidence_quota_bytes: int | None = None


class OfStanding(OfUser):
    """Which member it is, and as what."""

    role: str


class OfMember(OfStanding):
    """Which member it is, and who did it."""

    by: str = Field(description="The user or service that called.")


class OfMemberRole(OfMember):
    """Which member it is, who did it, and as what the member was known before."""

    earlier_role: str


class OfStatedService(EventData):
    """Which service it is."""

    service_name: str


class OfService(OfStatedService):
    """Which service it is, and who did it."""

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


class OfAbsence(OfUser):
    """When a user is out of office, and who decides in their place."""

    absence_id: str
    starts_at: str
    ends_at: str
    backup_id: str | None


class MemberState(SubjectState):
    """The member after the event."""

    status: str = Field(description="`active`, `disabled`, or `removed`.")
    role: str


class ServiceState(SubjectState):
    """The service after the event."""

    status: str = Field(description="`active`, `disabled`, or `revoked`.")
    created_by: str
    expires_at: str | None = Field(default=None, description="RFC 3339: when all its keys end.")


_audited = partial(EventType, is_audited=True)
_of_member = partial(_audited, state=MemberState)
_of_key = partial(_audited, state=ServiceState)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "identity.user.registered": _of_member(OfStanding, "Somebody registered."),
    "identity.user.renamed": EventType(OfUser, "A user changed their name."),
    "identity.user.password_changed": _audited(OfUser, "A user has a new password; all their sessions ended."),
    "identity.user.signed_out": _audited(OfUser, "A user ended all their sessions."),
    "identity.session.started": _audited(OfSignIn, "A user signed in."),
    "identity.session.switched": _audited(
        OfSignIn, "A user came in from another tenant of their account; `amr` is what they proved there."
    ),
    "identity.sign_in.failed": _audited(OfFailure, "Somebody could not sign in."),
    "identity.sign_in.locked": _audited(OfFailure, "An address was locked after too many failures."),
    "identity.password_change.failed": _audited(OfFailure, "A user gave a wrong password for a new one."),
    "identity.step_up.failed": _audited(OfFailure, "A user proved no second factor within a session."),
    "identity.session.revoked": _audited(OfSession, "A session ended."),
    "identity.session.reuse_detected": _audited(OfSession, "A spent refresh token came again; its session ended."),
    "identity.session.stepped_up": _audited(OfSession, "A user proved a second factor within a session."),
    "identity.challenge.sent": _audited(OfUser, "A one-time code was sent to a user."),
    "identity.second_factor.enrolled": _audited(OfUser, "A user enrolled a second factor."),
    "identity.second_factor.removed": _audited(OfUser, "A user removed their second factor."),
    "identity.recovery_code.used": _audited(OfUser, "A user signed in with a recovery code."),
    "identity.phone.confirmed": _audited(OfUser, "A user has a number, or another one, that codes are sent to."),
    "identity.phone.removed": _audited(OfUser, "A user removed their number; codes go to their e-mail address."),
    "identity.phone_change.failed": _audited(OfFailure, "A user gave a wrong code for a number they want."),
    "identity.absence.set": _audited(OfAbsence, "A user has said when they are out of office."),
    "identity.absence.ended": _audited(OfAbsence, "A user is back, or is not going away."),
    "identity.invitation.created": _audited(OfInvitation, "Somebody was invited into the tenant."),
    "identity.invitation.withdrawn": _audited(OfInvitation, "An invitation was withdrawn."),
    "identity.invitation.accepted": _audited(OfInvitation, "An invitation was accepted."),
    "identity.tenant.changed": _audited(
        OfTenant, "A tenant has another name, other settings, or another demand on its members."
    ),
    "identity.member.role_changed": _of_member(OfMemberRole, "A member has another role."),
    "identity.member.disabled": _of_member(OfMember, "A member may not sign in any more."),
    "identity.member.enabled": _of_member(OfMember, "A member may sign in again."),
    "identity.member.removed": _of_member(OfMember, "A member does not belong to the tenant any more."),
    "identity.member.joined": _of_member(OfMember, "Somebody who had an account became a member."),
    "identity.member.restored": _of_member(OfMember, "Somebody who had been removed accepted a new invitation."),
    "identity.member.stated": EventType(
        OfStanding, "Nothing happened: an operator had said how a member is.", state=MemberState
    ),
    "identity.key.stated": EventType(
        OfStatedService, "Nothing happened: an operator had said how a service is.", state=ServiceState
    ),
    "identity.key.created": _of_key(OfNewKey, "A service was given an API key."),
    "identity.key.rotated": _of_key(OfRotatedKey, "A service was given a new API key."),
    "identity.key.changed": _of_key(OfChangedKey, "A service's API keys have another rate."),
    "identity.key.disabled": _of_key(OfService, "A service may not call for now."),
    "identity.key.enabled": _of_key(OfService, "A service may call again."),
    "identity.key.revoked": _of_key(OfService, "A service's API keys are good no more."),
}
