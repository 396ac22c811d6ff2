"""What callers are answered about webhooks."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

MOMENT = "2026-11-20T09:30:00.000Z"
ENDPOINT_ID = "endpoint_01KAEY3VJ0R8S4T0V6W2X9Y5Z1"
EVENT_ID = "evt_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"

_SECRET = {"secret_id": "secret_01KAEY3VJ0N7B4C1D8E5F2G9H6", "created_at": MOMENT, "ends_at": None}
_ENDPOINT = {
    "endpoint_id": ENDPOINT_ID,
    "url": "https://hooks.example.com/milepost",
    "description": "The team's channel",
    "event_types": ["goals.goal.completed", "goals.milestone.*"],
    "max_per_minute": None,
    "disabled": False,
    "disabled_reason": None,
    "failing_since": None,
    "secrets": [_SECRET],
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
}
_DELIVERY = {
    "event_id": EVENT_ID,
    "endpoint_id": ENDPOINT_ID,
    "event_type": "goals.goal.completed",
    "occurred_at": MOMENT,
    "status": "waiting",
    "attempts": 1,
    "last_status": 503,
    "last_error": None,
    "next_attempt_at": "2026-11-20T09:30:05.210Z",
    "created_at": MOMENT,
    "finished_at": None,
    "request_id": "Hs7dXhQ4joEEMbg=",
    "version": 3,
}
_ATTEMPT = {
    "number": 1,
    "attempted_at": MOMENT,
    "took_ms": 87,
    "status": 503,
    "error": None,
    "answer": "Service Unavailable",
}


def _answered(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class EndpointSecret(BaseModel):
    """A secret that signs, without what it takes to sign; after a rotation it ends."""

    secret_id: str
    created_at: str
    ends_at: str | None


class WebhookEndpoint(BaseModel):
    """A webhook endpoint; it was disabled by itself when there is a reason."""

    model_config = _answered(_ENDPOINT)

    endpoint_id: str
    url: str
    description: str
    event_types: list[str]
    max_per_minute: int | None
    disabled: bool
    disabled_reason: Literal["gone", "failing"] | None
    failing_since: str | None
    secrets: list[EndpointSecret]
    created_by: str
    created_at: str
    updated_at: str
    version: int


class EndpointGiven(WebhookEndpoint):
    """The endpoint with its new secret, which is shown once: a repeated request answers the endpoint without it."""

    # Cut short, or every scanner for secrets would find one here.
    model_config = _answered({**_ENDPOINT, "secret": "whsec_MfKQ9r8G…"})

    secret: str | None


class WebhookEndpoints(BaseModel):
    """A page of webhook endpoints."""

    model_config = _answered({"items": [_ENDPOINT], "next_cursor": None})

    items: list[WebhookEndpoint]
    next_cursor: str | None


class Delivery(BaseModel):
    """A delivery of an event: `event_id` is the `webhook-id` of its message, `request_id` that of the event."""

    model_config = _answered(_DELIVERY)

    event_id: str
    endpoint_id: str
    event_type: str
    occurred_at: str
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    last_status: int | None
    last_error: str | None
    next_attempt_at: str | None
    created_at: str
    finished_at: str | None
    request_id: str | None
    version: int


class Deliveries(BaseModel):
    """A page of deliveries."""

    model_config = _answered({"items": [_DELIVERY], "next_cursor": None})

    items: list[Delivery]
    next_cursor: str | None


class Attempt(BaseModel):
    """An attempt: the status and the beginning of the answer, or the reason why there was none."""

    number: int
    attempted_at: str
    took_ms: int
    status: int | None
    error: str | None
    answer: str | None


class DeliveryShown(Delivery):
    """A delivery with its message and its last 100 attempts, newest first."""

    model_config = _answered(
        {
            **_DELIVERY,
            "payload": '{"type":"goals.goal.completed","timestamp":"2026-11-20T09:30:00.000Z","data":{}}',
            "log": [_ATTEMPT],
        }
    )

    payload: str
    log: list[Attempt]


class ReplayAccepted(BaseModel):
    """The range whose deliveries are being sent again."""

    model_config = _answered(
        {
            "replay_id": "replay_01KAEY3VJ0R8S4T0V6W2X9Y5Z1",
            "endpoint_id": ENDPOINT_ID,
            "since": "2026-11-19T00:00:00.000Z",
            "until": "2026-11-20T00:00:00.000Z",
            "status": "failed",
        }
    )

    replay_id: str
    endpoint_id: str
    since: str
    until: str
    status: Literal["failed", "any"]
