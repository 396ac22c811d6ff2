"""Background work: after a change of an element, search is told of it as it is now."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.sequences import elements, names
from functions.sequences.finding import findables
from functions.sequences.sequences import Place
from shared import ids
from shared.messaging import batches, bus, search_feed
from shared.messaging.batches import Message


class Subject(NamedTuple):
    """Which element an event speaks of."""

    at: Place
    element_id: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell search of the elements that the events of a batch are of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> Subject:
    happened = bus.read(message)
    scope, element_type, element_id = (happened.data[name] for name in ("scope", "element_type", "element_id"))
    is_named = names.is_name(scope) and names.is_type(element_type) and names.is_name(element_id)
    if not is_named or not ids.is_valid(happened.tenant_id, "tenant"):
        raise ValueError("no element has these names")
    return Subject(Place(happened.tenant_id, scope, element_type), element_id)


def _tell(which: Subject, _messages: Sequence[Message]) -> None:
    found = elements.get_all(which.at, [which.element_id])
    gone = search_feed.gone(which.at.tenant_id, findables.ref(*which))
    search_feed.send(findables.read(which.at, found) or [gone])
