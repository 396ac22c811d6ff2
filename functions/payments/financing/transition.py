"""Which event brings a financing request from which status to which: the one table, as data. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

Status = Literal["pending", "approved", "rejected", "active", "completed", "defaulted"]
Event = Literal["vote", "approve", "reject", "disburse", "repay", "settle", "default"]
By = Literal["people", "system", "both"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
COMMANDS: Final[tuple[Event, ...]] = ("approve", "reject", "disburse", "repay")
"""The events that people ask for; a vote approves a layer, or a part of it."""


class Transition(NamedTuple):
    """What an event does: from each of these statuses to which one, who brings it about, and when."""

    to: Mapping[Status, Status]
    by: By
    when: str


TRANSITIONS: Final[Mapping[Event, Transition]] = {
    "vote": Transition({"pending": "pending"}, "people", "somebody approves, and it takes more approvals"),
    "approve": Transition({"pending": "approved"}, "people", "the last layer is approved"),
    "reject": Transition(
        {"pending": "rejected", "approved": "rejected"},
        "people",
        "somebody rejects it, or whoever asked for it withdraws it",
    ),
    "disburse": Transition({"approved": "active"}, "people", "the advance is paid out"),
    "repay": Transition({"active": "active", "defaulted": "defaulted"}, "both", "a part of what is owed comes in"),
    "settle": Transition({"active": "completed", "defaulted": "defaulted"}, "both", "nothing is owed any more"),
    "default": Transition({"active": "defaulted"}, "system", "an instalment is more than 15 days late"),
}


def is_allowed(status: Status, event: Event) -> bool:
    """Return whether an event may happen in a status."""
    return status in TRANSITIONS[event].to


def after(status: Status, event: Event) -> Status:
    """Return what an event that is allowed leads to. Raises KeyError for one that is not."""
    return TRANSITIONS[event].to[status]


def commands(status: Status) -> list[Event]:
    """Return what people may do in a status: the events that a request of theirs stands for."""
    return [event for event in COMMANDS if is_allowed(status, event)]
