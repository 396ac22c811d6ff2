"""What the table holds of a request: its events, the webhook deliveries of these, and their audit entries."""

from collections.abc import Iterator, Sequence

from functions.identity.audit import log
from functions.webhooks import deliveries, endpoints
from functions.webhooks.deliveries import Attempt
from infra.commands import tenant_events, traced_lines
from infra.commands.traced_lines import Trace
from infra.stage.log_search import Line
from shared import clock, ids
from shared.clock import SECOND
from shared.storage import events, records, table
from shared.storage.attributes import Item
from shared.storage.events import Event

# No function writes its line so long after the event that it tells of.
_AROUND = 15 * 60 * SECOND


def find(request_id: str, lines: Sequence[Line]) -> Iterator[Trace]:
    """Yield what there is of the request in the tenants that its lines name, at about the time of these.

    Reads every event of these tenants of that time, by key.
    """
    if not lines:
        return
    instants = [clock.from_rfc3339(line.at) for line in lines]
    for tenant_id in sorted(each for each in traced_lines.tenants(lines) if ids.is_valid(each, "tenant")):
        items = tenant_events.between(tenant_id, min(instants) - _AROUND, max(instants) + _AROUND)
        happened = [event for event in map(events.stored, items) if _is_of(event, request_id)]
        yield from map(_event, happened)
        yield from _delivered(tenant_id, request_id, happened)
        yield from _audited(tenant_id, happened)


def _is_of(event: Event, request_id: str) -> bool:
    return event.belongs_to is not None and event.belongs_to.request_id == request_id


def _event(event: Event) -> Trace:
    return Trace(event.occurred_at, "table", event.event_type, f"event_id={event.event_id} subject={event.subject_id}")


def _delivered(tenant_id: str, request_id: str, happened: Sequence[Event]) -> Iterator[Trace]:
    """Yield the deliveries of these events, and of what they ask to be sent, with each attempt."""
    asked = [event.data["event_id"] for event in happened if "event_id" in event.data]
    event_ids = sorted({event.event_id for event in happened} | set(asked))
    for endpoint in table.query_all(endpoints.partition(tenant_id), endpoints.PREFIX):
        keys = [deliveries.key(tenant_id, endpoint["endpoint_id"], event_id) for event_id in event_ids]
        for item in table.get_many(keys):
            if item is not None and item.get("request_id") == request_id:
                yield from _attempted(item)


def _attempted(item: Item) -> Iterator[Trace]:
    delivery = deliveries.from_item(item)
    about = f"endpoint_id={delivery.endpoint_id} event_id={delivery.event_id}"
    yield Trace(delivery.created_at, "table", "delivery", f"{about} status={delivery.status}")
    partition = endpoints.partition(delivery.tenant_id)
    for tried in table.query_all(partition, deliveries.attempts_prefix(delivery)):
        attempt = records.from_item(Attempt, tried)
        came = f"status={attempt.status}" if attempt.error is None else f"error={attempt.error}"
        yield Trace(attempt.attempted_at, "table", "attempt", f"{about} number={attempt.number} {came}")


def _audited(tenant_id: str, happened: Sequence[Event]) -> Iterator[Trace]:
    for item in table.get_many([log.key(tenant_id, event.event_id) for event in happened]):
        if item is not None:
            entry = log.from_item(item)
            yield Trace(entry.occurred_at, "audit log", entry.event_type, f"sequence={entry.sequence}")
