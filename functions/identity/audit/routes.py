"""The audit log of a tenant, over REST; for its admins and owners."""

from functions.identity import resolver
from functions.identity.audit import log
from functions.identity.resolver import ADMIN, api
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit
from shared.errors import InvalidInput, Malformed

replies = Replies("functions.identity.audit.replies")


@api.operation(
    "GET",
    "/api/v1/audit",
    scope=ADMIN,
    summary="Show the audit log of your tenant",
    answers={200: replies.AuditLog},
    refusals=(Malformed, InvalidInput),
)
def show_audit(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what matters for security or accountability in your tenant, newest first, seconds after it happened.

    Each holds the hash of the one appended before it, so that one that is removed, changed or inserted is noticed.
    """
    return resolver.page(log.page(api.caller, limit=limit, cursor=cursor))
