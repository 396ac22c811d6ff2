"""What was sent to the webhook endpoints of a tenant, and how to have it sent again, over REST."""

from typing import TYPE_CHECKING, Annotated, Literal

from functions.webhooks import deliveries, replays, resolver
from functions.webhooks.deliveries import DeliveryNotFound
from functions.webhooks.endpoints import EndpointNotFound
from functions.webhooks.replays import DeliveryInFlight, EndpointDisabled
from functions.webhooks.resolver import BODY, DELIVERIES, DELIVERY, ENDPOINT, READ, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.idempotency import IdempotencyKeyReused

if TYPE_CHECKING:
    from functions.webhooks.shapes import Replay


replies = Replies("functions.webhooks.replies")

SENT = Body("functions.webhooks.shapes")

Status = Annotated[Literal["failed"] | None, Query(description="Only those that have failed for good.")]


@api.operation(
    "GET",
    DELIVERIES,
    scope=READ,
    summary="List the deliveries of a webhook endpoint",
    answers={200: replies.Deliveries},
    refusals=(Malformed, InvalidInput, EndpointNotFound),
)
def list_deliveries(endpoint_id: str, status: Status = None, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what an endpoint was told of in the last 30 days, newest event first."""
    is_failed = status is not None
    return resolver.page(deliveries.page(api.caller, endpoint_id, is_failed=is_failed, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    DELIVERY,
    scope=READ,
    summary="Show a delivery",
    answers={200: replies.DeliveryShown},
    refusals=(EndpointNotFound, DeliveryNotFound),
)
def show_delivery(endpoint_id: str, event_id: str) -> Response:
    """Show a delivery with its message, and its attempts with the first 2 KB of what was answered."""
    return answer(200, deliveries.get(api.caller, endpoint_id, event_id))


@api.operation(
    "POST",
    f"{DELIVERY}/replay",
    scope=WRITE,
    summary="Send a delivery again",
    answers={202: replies.Delivery},
    refusals=(
        InvalidInput,
        EndpointNotFound,
        EndpointDisabled,
        DeliveryNotFound,
        DeliveryInFlight,
        IdempotencyKeyReused,
    ),
)
def replay_delivery(endpoint_id: str, event_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Send a delivery again now, whatever became of it; if that fails, with the whole schedule behind it.

    The message has the same `webhook-id` as before.
    """
    return answer(202, replays.again(api.caller, endpoint_id, event_id, claim=resolver.claim(idempotency_key)))


@api.operation(
    "POST",
    f"{ENDPOINT}/replay",
    scope=WRITE,
    summary="Send the deliveries of a time range again",
    answers={202: replies.ReplayAccepted},
    refusals=(*BODY, EndpointNotFound, EndpointDisabled, IdempotencyKeyReused),
)
def replay_range(
    endpoint_id: str, replay: Annotated["Replay", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Send the deliveries of the events of a time range again: those that have failed for good, or any."""
    asked = replays.request(
        api.caller,
        endpoint_id,
        since=replay.since,
        until=replay.until,
        status=replay.status,
        claim=resolver.claim(idempotency_key, replay),
    )
    return answer(202, asked)


@api.operation(
    "POST",
    f"{ENDPOINT}/test",
    scope=WRITE,
    summary="Send a test message",
    answers={202: replies.Delivery},
    refusals=(InvalidInput, EndpointNotFound, EndpointDisabled, IdempotencyKeyReused),
)
def send_test(endpoint_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Send a message of the type `webhooks.endpoint.test`, once, whatever the endpoint listens to."""
    return answer(202, replays.send_test(api.caller, endpoint_id, claim=resolver.claim(idempotency_key)))
