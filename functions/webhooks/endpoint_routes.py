"""The webhook endpoints of a tenant, over REST; for its admins and owners."""

from typing import TYPE_CHECKING, Annotated

from functions.webhooks import endpoint_lifecycle, endpoints, resolver
from functions.webhooks.endpoint_lifecycle import TooManyEndpoints, TooManySecrets
from functions.webhooks.endpoints import EndpointNotFound
from functions.webhooks.resolver import ADMIN, BODY, ENDPOINT, ENDPOINTS, READ, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import InvalidInput, Malformed
from shared.storage.idempotency import IdempotencyKeyReused
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.webhooks.shapes import EndpointDraft, EndpointPatch, SecretRotation


replies = Replies("functions.webhooks.replies")

SENT = Body("functions.webhooks.shapes")


@api.operation(
    "POST",
    ENDPOINTS,
    scope=ADMIN,
    summary="Make a webhook endpoint",
    answers={201: replies.EndpointGiven},
    refusals=(*BODY, TooManyEndpoints, IdempotencyKeyReused),
    assurance=RECENT_SECOND_FACTOR,
)
def create_endpoint(draft: Annotated["EndpointDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Have messages sent to an address from now on, signed as Standard Webhooks says. The secret is shown only now.

    A request repeated with its `Idempotency-Key` answers the same endpoint without the secret; rotate to get another.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, endpoint_lifecycle.create(api.caller, draft.model_dump(), claim=claim))


@api.operation(
    "GET",
    ENDPOINTS,
    scope=READ,
    summary="List webhook endpoints",
    answers={200: replies.WebhookEndpoints},
    refusals=(Malformed, InvalidInput),
)
def list_endpoints(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the webhook endpoints of your tenant, oldest first."""
    return resolver.page(endpoints.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    ENDPOINT,
    scope=READ,
    summary="Show a webhook endpoint",
    answers={200: replies.WebhookEndpoint},
    refusals=(EndpointNotFound,),
)
def show_endpoint(endpoint_id: str) -> Response:
    """Show one webhook endpoint, since when it fails, and whether that has disabled it."""
    return answer(200, endpoints.get(api.caller, endpoint_id))


@api.operation(
    "PATCH",
    ENDPOINT,
    scope=ADMIN,
    summary="Change a webhook endpoint",
    answers={200: replies.WebhookEndpoint},
    refusals=(*BODY, EndpointNotFound, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def change_endpoint(endpoint_id: str, patch: Annotated["EndpointPatch", SENT], if_match: IfMatch = None) -> Response:
    """Change where messages go, which, or whether any do. What happens while it is disabled is not sent later."""
    return answer(200, endpoint_lifecycle.patch(api.caller, endpoint_id, patch.sent(), if_match=if_match))


@api.operation(
    "DELETE",
    ENDPOINT,
    scope=ADMIN,
    summary="Delete a webhook endpoint",
    answers={204: None},
    refusals=(Malformed, EndpointNotFound, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def delete_endpoint(endpoint_id: str, if_match: IfMatch = None) -> Response:
    """Delete an endpoint. What waits to be sent to it is not sent."""
    endpoint_lifecycle.delete(api.caller, endpoint_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    f"{ENDPOINT}/rotate-secret",
    scope=ADMIN,
    summary="Rotate the secret of a webhook endpoint",
    answers={201: replies.EndpointGiven},
    refusals=(*BODY, EndpointNotFound, TooManySecrets, IdempotencyKeyReused),
    assurance=RECENT_SECOND_FACTOR,
)
def rotate_endpoint_secret(
    endpoint_id: str, rotation: Annotated["SecretRotation | None", SENT] = None, idempotency_key: IdempotencyKey = None
) -> Response:
    """Give an endpoint a new secret, shown only now; those it has sign too for a day, or for `grace_seconds`.

    With 0 they end at once: do that when one has leaked.
    """
    from functions.webhooks.shapes import SecretRotation  # noqa: PLC0415 - only this waits for it on a cold start

    asked = rotation or SecretRotation()
    claim = resolver.claim(idempotency_key, asked)
    given = endpoint_lifecycle.rotate(api.caller, endpoint_id, grace_seconds=asked.grace_seconds, claim=claim)
    return answer(201, given)
