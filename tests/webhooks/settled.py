"""What the tenants of the platform's tests have of webhooks."""

from collections.abc import Mapping

from tests.platform.operations import send


def endpoint_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Make an endpoint, and return its name and that of what is to be sent to it."""
    path = "/api/v1/webhook-endpoints"
    endpoint_id = send("POST", path, {"url": "https://hooks.example.com/"}, headers=headers).body["endpoint_id"]
    event_id = send("POST", f"{path}/{endpoint_id}/test", headers=headers).body["event_id"]
    return {"endpoint_id": endpoint_id, "event_id": event_id}
