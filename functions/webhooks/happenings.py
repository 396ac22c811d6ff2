"""What happened to a webhook endpoint: the writes of its events, and the state of it that they announce."""

from typing import Any

from functions.webhooks.endpoints import Endpoint, partition
from shared.clock import Instant
from shared.storage import events
from shared.storage.events import Concern, Event
from shared.storage.writes import Put


def requested(what: str, endpoint: Endpoint, at: Instant, *, follows: Event | None = None, **data: Any) -> Put:
    """Return the write of the event `webhooks.<what>`, which asks for something of an endpoint.

    `follows` is as in `events.occurred`.
    """
    return _occurred(what, endpoint, at, data, follows=follows)


def changed(what: str, endpoint: Endpoint, at: Instant, **data: Any) -> Put:
    """Return the write of the event `webhooks.endpoint.<what>` about an endpoint as it is stored after it.

    It concerns whoever made the endpoint.
    """
    concerns = [Concern(endpoint.created_by, "owner")]
    return _occurred(f"endpoint.{what}", endpoint, at, data, state=stated(endpoint), concerns=concerns)


def removed(endpoint: Endpoint, at: Instant, **data: Any) -> Put:
    """Return the write of the event of an endpoint that is deleted."""
    state = {**stated(endpoint), "version": endpoint.version + 1, "status": "deleted"}
    return _occurred("endpoint.deleted", endpoint, at, data, state=state)


def restated(endpoint: Endpoint) -> Event:
    """Return the event that says how an endpoint is stored now."""
    return events.stated(
        "webhooks.endpoint",
        subject_id=endpoint.endpoint_id,
        tenant_id=endpoint.tenant_id,
        data={"endpoint_id": endpoint.endpoint_id},
        state=stated(endpoint),
    )


def stated(endpoint: Endpoint) -> dict[str, Any]:
    """Return the state of an endpoint as its events announce it."""
    return {
        "version": endpoint.version,
        "status": "disabled" if endpoint.disabled else "enabled",
        "created_by": endpoint.created_by,
        "created_at": endpoint.created_at,
    }


def _occurred(what: str, endpoint: Endpoint, at: Instant, data: dict[str, Any], **more: Any) -> Put:
    return events.occurred(
        f"webhooks.{what}",
        partition=partition(endpoint.tenant_id),
        subject_id=endpoint.endpoint_id,
        tenant_id=endpoint.tenant_id,
        at=at,
        data={"endpoint_id": endpoint.endpoint_id, **data},
        **more,
    )
