"""Answers on the bus to another context that asks how a subject is: the subject is restated (decision 0122)."""

from collections.abc import Iterable

from shared.errors import Unavailable
from shared.messaging import bus
from shared.messaging.batches import Message, is_event
from shared.storage.events import Event


def are_wanted(messages: Iterable[Message], event_type: str) -> bool:
    """Return whether one of the messages is an event of the type that asks."""
    return any(is_event(each) and bus.read(each).event_type == event_type for each in messages)


def give(stated: Event) -> None:
    """Put the event that says how a subject is on the bus. Raises Unavailable when the bus does not take it."""
    if not bus.put([stated]):
        raise Unavailable("The event bus takes no more at present.")
