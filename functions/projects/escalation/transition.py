"""Which event brings an escalation from which status to which: the one table, as data. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

from functions.projects.escalations import Status

Event = Literal["acknowledge", "escalate", "resolve", "close", "reject", "cancel"]
By = Literal["people", "system"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
EVENTS: Final[tuple[Event, ...]] = get_args(Event)


class Transition(NamedTuple):
    """What an event does: from any of the statuses `before` to `after`, None for staying. `when` says what it is."""

    before: frozenset[Status]
    after: Status | None
    by: By
    when: str


TRANSITIONS: Final[Mapping[Event, Transition]] = {
    "acknowledge": Transition(frozenset({"pending"}), "in_progress", "people", "somebody sees to it"),
    "escalate": Transition(
        frozenset({"pending", "in_progress"}), None, "people", "it goes to the next level, if there is one"
    ),
    "resolve": Transition(
        frozenset({"pending", "in_progress"}),
        "resolved",
        "people",
        "the trouble is over; by itself with the last action that is done",
    ),
    "close": Transition(frozenset({"resolved"}), "closed", "people", "the solution is good"),
    "reject": Transition(
        frozenset({"pending", "in_progress"}), "rejected", "people", "there is no such trouble; a reason"
    ),
    "cancel": Transition(frozenset({"pending", "in_progress"}), "closed", "system", "the milestone was cancelled"),
}


def allowed(status: Status) -> list[Event]:
    """Return the events of people that an escalation in this status takes."""
    return [event for event, each in TRANSITIONS.items() if status in each.before and each.by == "people"]


def is_allowed(status: Status, event: Event) -> bool:
    """Return whether an event may happen to an escalation in this status."""
    return status in TRANSITIONS[event].before


def after(status: Status, event: Event) -> Status:
    """Return the status after an event that is allowed."""
    return TRANSITIONS[event].after or status
