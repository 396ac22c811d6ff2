"""The events of sequences: what becomes of elements, of their order, and of the types that a tenant adds."""

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal

from pydantic import Field

from shared.messaging.event_data import EventData, EventType, SubjectState


class ElementChanged(EventData):
    """Which element it is, and the number of its latest version; what that holds is in its item."""

    scope: str
    element_type: str
    element_id: str
    version_number: int


class ElementState(SubjectState):
    """The element after the event."""

    status: str = Field(description="`present` or `deleted`.")
    created_by: str
    sequence_number: int
    version_number: int
    rank: str | None = Field(description="Where it stands, for types that are ordered by rank.")


class ElementPlaced(EventData):
    """An element that stands elsewhere, or holds another number or rank, than before."""

    element_id: str
    element_version: int = Field(description="As `version` of its state.")
    previous_sequence_number: int
    sequence_number: int
    version_number: int
    rank: str | None


class OrderChanged(EventData):
    """Which elements of a sequence changed their places, and why."""

    scope: str
    element_type: str
    reason: Literal["reorder", "move", "compact", "spread"]
    changes: list[ElementPlaced]


class TypeCreated(EventData):
    """Which type of elements it is."""

    element_type: str
    order: Literal["number", "rank"]


_of_an_element = partial(EventType, ElementChanged, state=ElementState)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "sequences.type.created": EventType(TypeCreated, "A tenant has added a type of elements."),
    "sequences.element.created": _of_an_element("An element was created, or imported with its versions."),
    "sequences.element.versioned": _of_an_element("An element has a new version."),
    "sequences.element.deleted": _of_an_element("An element was deleted."),
    "sequences.element.stated": _of_an_element("Nothing happened: an operator had said how an element is."),
    "sequences.order.changed": EventType(OrderChanged, "Elements stand elsewhere, or were given other numbers."),
}
