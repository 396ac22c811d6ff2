"""What happened to a service and its API keys: the writes of its events."""

from typing import Any

from functions.identity import happenings
from functions.identity.api_keys import records
from functions.identity.api_keys.records import Service
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.storage import events
from shared.storage.events import Event
from shared.storage.writes import Put, Write


def announced(before: Service, after: Service, caller: Caller, now: Instant) -> list[Write]:
    """Return the events of what was changed of a service."""
    told: list[Write] = []
    if after.rate_limit != before.rate_limit and after.rate_limit is not None:
        told.append(happened("changed", after, caller, now, rate_limit=after.rate_limit._asdict()))
    if after.disabled != before.disabled:
        told.append(happened("disabled" if after.disabled else "enabled", after, caller, now))
    return told


def happened(what: str, service: Service, caller: Caller, at: Instant, **more: object) -> Put:
    """Return the event of a service as it is after it."""
    return _occurred(what, service, caller, at, records.stated(service), more)


def restated(service: Service) -> Event:
    """Return the event that says how a service is stored now."""
    return events.stated(
        "identity.key",
        subject_id=service.user_id,
        tenant_id=service.tenant_id,
        data={"service_name": service.service_name},
        state=records.stated(service),
    )


def revoked(service: Service, caller: Caller, at: Instant) -> Put:
    """Return the event of a service that has no keys any more."""
    state = records.stated(service) | {"version": service.version + 1, "status": "revoked"}
    return _occurred("revoked", service, caller, at, state, {})


def _occurred(
    what: str, service: Service, caller: Caller, at: Instant, state: dict[str, Any], more: dict[str, Any]
) -> Put:
    return happenings.of_tenant(
        f"identity.key.{what}",
        service.user_id,
        service.tenant_id,
        at,
        by=caller.user_id,
        state=state,
        concerned=service.created_by,
        service_name=service.service_name,
        **more,
    )
