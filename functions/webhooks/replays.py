"""What somebody asked to be sent: a test, one delivery again, or those of a time range.

The request writes what is to be sent and an event that says so, and the consumers do the rest. A replay sends the same
message with the same `webhook-id`: who has taken it already can tell.
"""

from typing import Any, Final

from functions.webhooks import deliveries, endpoints, happenings, sending
from functions.webhooks.deliveries import Delivery, DeliveryNotFound
from functions.webhooks.endpoints import Endpoint, EndpointNotFound
from functions.webhooks.published import TEST
from shared import clock, config, correlation, ids
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.messaging import queues
from shared.observability import logger
from shared.storage import changes, events, table
from shared.storage.changes import Plan
from shared.storage.events import Event
from shared.storage.idempotency import Answer, Claim
from shared.storage.table import ConditionFailed
from shared.storage.writes import Put

TOGETHER: Final = 500
"""How many deliveries one event replays before another one goes on."""


class EndpointDisabled(Conflict):
    """409: the endpoint is disabled; enable it first."""


class DeliveryInFlight(Conflict):
    """409: the delivery is being sent at this moment."""


def send_test(caller: Caller, endpoint_id: str, *, claim: Claim | None = None) -> Answer:
    """Have a test message sent once, whatever the endpoint listens to; return its delivery.

    Raises EndpointNotFound, EndpointDisabled.
    """
    now = clock.now()
    event_id = ids.new("evt", at=now)
    occurred_at = clock.to_rfc3339(now)
    belongs_to = correlation.current()
    event = Event(
        event_id=event_id,
        event_type=TEST,
        version=events.VERSION,
        occurred_at=occurred_at,
        tenant_id=caller.tenant_id,
        subject_id=endpoint_id,
        data={"endpoint_id": endpoint_id},
        correlation=None if belongs_to is None else belongs_to._asdict(),
        actor=caller.actor.told(),
    )

    def plan() -> Plan[Answer]:
        enabled = _enabled(endpoints.state(caller.tenant_id, endpoint_id).endpoint)
        test = deliveries.new(enabled, event, at=now, look_at=now + sending.LOOK_AFTER, is_test=True)
        return Plan(deliveries.view(test), [deliveries.made(test), _requested(enabled, event_id, caller, now)])

    return changes.make(plan, claim=claim)


def again(caller: Caller, endpoint_id: str, event_id: str, *, claim: Claim | None = None) -> Answer:
    """Have a delivery sent again now, with the whole schedule before it; return it.

    Raises EndpointNotFound, EndpointDisabled, DeliveryNotFound, DeliveryInFlight.
    """

    def plan() -> Plan[Answer]:
        now = clock.now()
        endpoint, _, found = deliveries.state(caller.tenant_id, endpoint_id, event_id)
        enabled = _enabled(endpoint)
        if found is None:
            raise DeliveryNotFound
        if found.is_claimed(now):
            raise DeliveryInFlight("The delivery is being sent at this moment; repeat the request in a minute.")
        after = _anew(found, now)._replace(version=found.version + 1)
        writes = [deliveries.written(found, after), _requested(enabled, event_id, caller, now)]
        return Plan(deliveries.view(after), writes)

    return changes.make(plan, claim=claim)


def request(
    caller: Caller, endpoint_id: str, *, since: Instant, until: Instant, status: str, claim: Claim | None = None
) -> Answer:
    """Have the deliveries of the events of a time range sent again; `status` is `failed` or `any`.

    Returns what was asked for with a `replay_id`. Raises EndpointNotFound, EndpointDisabled, InvalidInput.
    """
    if until <= since:
        raise InvalidInput.of("until", "must be after since")
    now = clock.now()
    asked = {
        "replay_id": ids.new("replay", at=now),
        "since": clock.to_rfc3339(since),
        "until": clock.to_rfc3339(until),
        "status": status,
    }
    told: dict[str, Any] = asked | {"behind": None, "by": caller.user_id}

    def plan() -> Plan[Answer]:
        enabled = _enabled(endpoints.state(caller.tenant_id, endpoint_id).endpoint)
        happened = happenings.requested("replay.requested", enabled, now, **told)
        return Plan({"endpoint_id": endpoint_id, **asked}, [happened])

    return changes.make(plan, claim=claim)


def go_on(event: Event) -> None:
    """Replay up to 500 deliveries of a range, and ask for the rest by another event. Raises Unavailable.

    A delivery is replayed once for one request, and the rest is asked for once, however often the event comes.
    """
    data = event.data
    endpoint = endpoints.state(event.tenant_id, data["endpoint_id"]).endpoint
    if endpoint is None or endpoint.disabled:
        return
    found, rest = _range(event.tenant_id, data)
    for start in range(0, len(found), queues.MAX_ENTRIES):
        together = [each for each in found[start : start + queues.MAX_ENTRIES] if _waits(each, data["replay_id"])]
        queues.send_all(config.retries_queue_url(), [sending.message(each) for each in together])
    if rest is not None:
        told = {name: value for name, value in data.items() if name != "endpoint_id"} | {"behind": rest}
        happened = happenings.requested("replay.requested", endpoint, clock.now(), follows=event, **told)
        try:
            table.transact([happened])
        except ConditionFailed:
            logger.info("replay already goes on", replay_id=data["replay_id"])


def _range(tenant_id: str, data: Any) -> tuple[list[Delivery], str | None]:
    """Return the deliveries at the beginning of a range, and behind which event the rest is, None for no rest."""
    since, until = clock.from_rfc3339(data["since"]), clock.from_rfc3339(data["until"])
    page, next_cursor = deliveries.behind(
        tenant_id,
        data["endpoint_id"],
        data["behind"] or ids.earliest("evt", at=since),
        is_failed=data["status"] == "failed",
        limit=TOGETHER,
    )
    found = [each for each in page if each.event_id < ids.earliest("evt", at=until)]
    more = next_cursor is not None and len(found) == len(page)
    return found, found[-1].event_id if more else None


def _waits(delivery: Delivery, replay_id: str) -> bool:
    """Let a delivery wait for an attempt now. Return False if it is being sent, or was changed in between."""
    now = clock.now()
    if delivery.is_claimed(now):
        return False
    if delivery.replay_id != replay_id:
        try:
            table.transact([deliveries.written(delivery, _anew(delivery, now)._replace(replay_id=replay_id))])
        except ConditionFailed:
            return False
    return True


def _anew(delivery: Delivery, now: Instant) -> Delivery:
    return deliveries.waiting(delivery._replace(tries=0), due_at=now, look_at=now + sending.LOOK_AFTER)


def _enabled(endpoint: Endpoint | None) -> Endpoint:
    if endpoint is None:
        raise EndpointNotFound
    if endpoint.disabled:
        raise EndpointDisabled("The endpoint is disabled; enable it first.")
    return endpoint


def _requested(endpoint: Endpoint, event_id: str, caller: Caller, at: Instant) -> Put:
    return happenings.requested("delivery.requested", endpoint, at, event_id=event_id, by=caller.user_id)
