"""The tenant, who is in it, and who is invited, over REST; for its admins and owners, but for its name."""

from typing import TYPE_CHECKING, Annotated

from functions.identity import resolver
from functions.identity.accounts.tenants import LastOwner
from functions.identity.resolver import ADMIN, BODY, READ, api
from functions.identity.second_factor.second_factors import SignInRequired
from functions.identity.tenancy import invitations, members, removed_members, settings
from functions.identity.tenancy.invitations import InvitationNotFound
from functions.identity.tenancy.members import BeyondYourRole, MemberNotFound
from functions.identity.tenancy.settings import TenantNotFound
from shared import clock
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import InvalidInput, Malformed
from shared.storage.idempotency import IdempotencyKeyReused
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.identity.tenancy.shapes import InvitationDraft, MemberChange, TenantChange


replies = Replies("functions.identity.tenancy.replies")
member_replies = Replies("functions.identity.tenancy.member_replies")

SENT = Body("functions.identity.tenancy.shapes")

TENANT = "/api/v1/tenant"
INVITATIONS = "/api/v1/invitations"
MEMBERS = "/api/v1/members"
MEMBER = f"{MEMBERS}/<user_id>"


@api.operation(
    "GET",
    TENANT,
    scope=READ,
    summary="Show your tenant",
    answers={200: replies.Tenant},
    refusals=(TenantNotFound,),
)
def show_tenant() -> Response:
    """Show the name of your tenant, its settings, and whether it demands a second factor of everybody in it."""
    return answer(200, settings.get(api.caller))


@api.operation(
    "PATCH",
    TENANT,
    scope=ADMIN,
    summary="Change your tenant",
    answers={200: replies.Tenant},
    refusals=(*BODY, TenantNotFound, BeyondYourRole, SignInRequired, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def change_tenant(change: Annotated["TenantChange", SENT], if_match: IfMatch = None) -> Response:
    """Give your tenant another name or other settings, or demand a second factor of everybody in it.

    The settings are what is assumed where nothing else is said: a new goal without a `time_zone` has that of the
    tenant. Changes take effect within a minute. Existing goals keep their time zone.

    With `require_second_factor`, operations that ask for step-up ask everybody, within 15 minutes: who has enrolled no
    authenticator proves a code that is mailed, or enrols one. Signing in and enrolling stay as they are. To turn it on
    you must have proved a second factor yourself in the last five minutes, and only a person turns it on or off.
    """
    return answer(200, settings.change(api.caller, change.wanted(), if_match=if_match, now=clock.now()))


@api.operation(
    "POST",
    INVITATIONS,
    scope=ADMIN,
    summary="Invite somebody",
    answers={201: replies.InvitationGiven},
    refusals=(*BODY, BeyondYourRole, IdempotencyKeyReused),
    assurance=RECENT_SECOND_FACTOR,
)
def create_invitation(draft: Annotated["InvitationDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Invite an e-mail address into your tenant. The token is good once, for 7 days, and shown only now.

    Send on `url`, or the token; it is used by registering with it. A request repeated with its `Idempotency-Key`
    answers the same invitation without both, for the token is not kept anywhere.
    """
    claim = resolver.claim(api.caller, "invitations.create", draft.model_dump(), idempotency_key)
    return answer(201, invitations.give(api.caller, email=draft.email, role=draft.role, now=clock.now(), claim=claim))


@api.operation(
    "GET",
    INVITATIONS,
    scope=ADMIN,
    summary="List open invitations",
    answers={200: replies.Invitations},
    refusals=(Malformed, InvalidInput),
)
def list_invitations(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the invitations to your tenant that can still be accepted, the oldest first."""
    return resolver.page(invitations.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    f"{INVITATIONS}/<invitation_id>",
    scope=ADMIN,
    summary="Withdraw an invitation",
    answers={204: None},
    refusals=(InvitationNotFound, BeyondYourRole),
)
def withdraw_invitation(invitation_id: str) -> Response:
    """Let an invitation be good no longer, at once."""
    invitations.withdraw(api.caller, invitation_id, now=clock.now())
    return answer(204)


@api.operation(
    "GET",
    MEMBERS,
    scope=ADMIN,
    summary="List the members of your tenant",
    answers={200: replies.Members},
    refusals=(Malformed, InvalidInput),
)
def list_members(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List who belongs to your tenant and as what, those who came first before the others."""
    return resolver.page(members.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{MEMBERS}/removed",
    scope=ADMIN,
    summary="List who was removed from your tenant",
    answers={200: member_replies.RemovedMembers},
    refusals=(Malformed, InvalidInput),
)
def list_removed_members(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List who was removed from your tenant, those who came first before the others.

    `GET /api/v1/goals/orphaned/{owner_id}` shows an owner of the tenant what they left. Who is invited and accepts
    again, under the address they had, is the same user as before and no longer listed here.
    """
    return resolver.page(removed_members.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "PATCH",
    MEMBER,
    scope=ADMIN,
    summary="Change a member",
    answers={200: replies.Member},
    refusals=(*BODY, MemberNotFound, BeyondYourRole, LastOwner, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def change_member(user_id: str, change: Annotated["MemberChange", SENT], if_match: IfMatch = None) -> Response:
    """Give a member another role, or disable them and enable them again.

    Their access tokens are revoked within 60 seconds; a session refreshes to the new role, of a disabled member every
    session ends at once. While they are disabled, their goals and links are closed, but for the owners of the tenant.
    """
    wanted = change.model_dump(exclude_none=True)
    return answer(200, members.change(api.caller, user_id, wanted, if_match=if_match, now=clock.now()))


@api.operation(
    "DELETE",
    MEMBER,
    scope=ADMIN,
    summary="Remove a member",
    answers={204: None},
    refusals=(Malformed, MemberNotFound, BeyondYourRole, LastOwner, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def remove_member(user_id: str, if_match: IfMatch = None) -> Response:
    """Remove a member: their sessions here end, and their goals and links are closed; or disable them for a while.

    If this is the only tenant of their account, that ends too, and its e-mail address is free again. An owner of the
    tenant still sees their goals (`GET /api/v1/goals/orphaned/{owner_id}`). Invited again under the same address, they
    have everything back.
    """
    members.remove(api.caller, user_id, if_match=if_match, now=clock.now())
    return answer(204)
