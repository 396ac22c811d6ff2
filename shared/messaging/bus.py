"""The event bus of the stage (EventBridge): where events go once they have happened, for whoever wants to know.

An event on the bus has the source `milepost`, its type as the detail type, and as its detail what `events.told` says.
It may come twice, and in another order than it happened in: its id says which it is, and ids sort by the time they were
made.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared import clock, config, correlation
from shared.aws.client import EVENTS, FAILURES, Client, Limits
from shared.errors import Unavailable
from shared.storage import events
from shared.storage.events import Event

SOURCE = "milepost"
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
MAX_ENTRIES = 10
MAX_BYTES = 256 * 1024
# What an entry is counted with besides its detail, and more: the time, source, type and bus.
_ENTRY_BYTES = 512
_CLIENT: Final = Client(EVENTS, Limits(connect_seconds=1, answer_seconds=5))


def read(message: Mapping[str, Any]) -> Event:
    """Return the event of a message that a rule of the bus has delivered.

    Raises KeyError, TypeError or ValueError for a message that holds none: it is for the dead letters, and must not
    hold up the others of its batch. A field that this version does not know yet is passed over: while a deployment runs
    or is taken back, the event comes from the next one.
    """
    detail = message["detail"]
    event = Event(**{name: detail[name] for name in Event._fields if name in detail})
    if not events.is_whole(event):
        raise ValueError("no event has these ids")
    return event


def message(event: Event) -> dict[str, Any]:
    """Return the message of an event, as a rule of the bus delivers it."""
    return {"source": SOURCE, "detail-type": event.event_type, "detail": events.told(event)}


def put(happened: Sequence[Event]) -> int:
    """Put events on the bus in their order, and return how many were taken before the first that was not.

    Those behind it may have been taken as well. Raises Unavailable when nothing can be said of a batch.
    """
    taken = 0
    for batch in _batches([_entry(event) for event in happened]):
        try:
            answer = _CLIENT.call("PutEvents", {"Entries": batch})
        except FAILURES as error:
            raise Unavailable("The event bus did not answer in time.") from error
        for entry in answer["Entries"]:
            if "ErrorCode" in entry:
                return taken
            taken += 1
    return taken


def has_room_for(event: Event) -> bool:
    """Return whether the bus takes an event of this size; one that is too large it would refuse for ever."""
    return _size(_entry(event)) <= MAX_BYTES


def _entry(event: Event) -> dict[str, Any]:
    belongs_to = event.belongs_to
    # X-Ray draws the consumers into the same trace; by themselves they would begin others.
    trace = {} if belongs_to is None else {"TraceHeader": correlation.xray_header(belongs_to.traceparent)}
    return {
        "Source": SOURCE,
        "DetailType": event.event_type,
        "Detail": json.dumps(events.told(event), separators=(",", ":"), ensure_ascii=False),
        "Time": clock.from_rfc3339(event.occurred_at) // clock.SECOND,
        "EventBusName": config.event_bus_name(),
        **trace,
    }


def _batches(entries: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the entries in batches that EventBridge takes in one call."""
    batches: list[list[dict[str, Any]]] = []
    room = 0
    for entry in entries:
        size = _size(entry)
        if not batches or size > room or len(batches[-1]) == MAX_ENTRIES:
            batches.append([])
            room = MAX_BYTES
        batches[-1].append(entry)
        room -= size
    return batches


def _size(entry: Mapping[str, Any]) -> int:
    return _ENTRY_BYTES + len(entry["Detail"].encode())
