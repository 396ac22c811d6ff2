"""The events of webhooks: what becomes of endpoints, and what somebody asked to be sent."""

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal

from pydantic import Field

from shared.messaging.event_data import PRIVATE, EventData, EventType, SubjectState


class EndpointStated(EventData):
    """Which endpoint it is."""

    endpoint_id: str


class EndpointChanged(EndpointStated):
    """Which endpoint it is, and who changed it."""

    by: str = Field(description="The user who changed it.")


class EndpointDisabled(EndpointStated):
    """Which endpoint gets nothing any more, and why."""

    url: str = Field(json_schema_extra=PRIVATE, description="It may hold a key of somebody else's.")
    reason: Literal["gone", "failing"] = Field(description="It answered 410, or for five days nothing but failures.")
    failing_since: str | None = Field(description="RFC 3339.")


class DeliveryRequested(EventData):
    """Which delivery somebody wants to have sent now."""

    endpoint_id: str
    event_id: str
    by: str = Field(description="The user who asked for it.")


class ReplayRequested(EventData):
    """Which deliveries somebody wants to have sent again."""

    endpoint_id: str
    replay_id: str
    since: str = Field(description="RFC 3339; of the event, not of its delivery.")
    until: str = Field(description="RFC 3339.")
    status: Literal["failed", "any"]
    behind: str | None = Field(description="The event up to which it is done, for long ranges are done in parts.")
    by: str = Field(description="The user who asked for it.")


class EndpointState(SubjectState):
    """The endpoint after the event; neither its address nor its secrets."""

    status: str = Field(description="`enabled`, `disabled`, or `deleted`.")
    created_by: str


_audited = partial(EventType, state=EndpointState, is_audited=True)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "webhooks.endpoint.created": _audited(EndpointChanged, "A webhook endpoint was made."),
    "webhooks.endpoint.updated": _audited(EndpointChanged, "Something of an endpoint was changed."),
    "webhooks.endpoint.deleted": _audited(EndpointChanged, "An endpoint is gone."),
    "webhooks.endpoint.secret_rotated": _audited(EndpointChanged, "An endpoint has a new secret."),
    "webhooks.endpoint.disabled": _audited(
        EndpointDisabled, "An endpoint was disabled because it is gone or keeps failing.", is_published=True
    ),
    "webhooks.endpoint.stated": EventType(
        EndpointStated, "Nothing happened: an operator had said how an endpoint is.", state=EndpointState
    ),
    "webhooks.delivery.requested": EventType(DeliveryRequested, "A test or a replay was asked for."),
    "webhooks.replay.requested": EventType(ReplayRequested, "A replay of a time range was asked for."),
}
