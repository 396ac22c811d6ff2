"""Which event brings a payment from which status to which: the one table, as data. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

Status = Literal[
    "pending",
    "invoiced",
    "release_requested",
    "processing",
    "completed",
    "failed",
    "on_hold",
    "cancelled",
    "partially_refunded",
    "refunded",
]
Event = Literal[
    "invoice",
    "release",
    "claim",
    "settle",
    "fail",
    "retry",
    "hold",
    "doubt",
    "resume",
    "cancel",
    "refund",
    "refund_rest",
]
By = Literal["people", "system", "both"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
BEFORE_PROCESSING: Final = frozenset[Status]({"pending", "invoiced", "release_requested"})
"""The statuses in which no gateway was asked to pay."""
SETTLED: Final = frozenset[Status]({"completed", "partially_refunded", "refunded"})
"""The statuses in which money has moved."""


class Transition(NamedTuple):
    """What an event does: from any of the statuses `before` to `after`, None for the one that a hold has stopped."""

    before: frozenset[Status]
    after: Status | None
    by: By
    when: str


TRANSITIONS: Final[Mapping[Event, Transition]] = {
    "invoice": Transition(frozenset({"pending"}), "invoiced", "system", "its invoice is issued"),
    "release": Transition(
        frozenset({"invoiced"}), "release_requested", "both", "the milestone's gate is open, and a person may release"
    ),
    "claim": Transition(
        frozenset({"release_requested"}), "processing", "system", "the gate is still open; before the gateway is called"
    ),
    "settle": Transition(frozenset({"processing"}), "completed", "system", "the gateway has paid"),
    "fail": Transition(frozenset({"processing"}), "failed", "system", "the gateway has certainly not paid"),
    "retry": Transition(
        frozenset({"failed"}), "release_requested", "both", "three attempts by itself, then one by a person"
    ),
    "hold": Transition(
        BEFORE_PROCESSING | {"failed"}, "on_hold", "both", "a person says so, the gate is closed, or a dispute is open"
    ),
    "doubt": Transition(
        frozenset({"processing"}),
        "on_hold",
        "system",
        "the gateway tells of another amount, or has not answered for a day",
    ),
    "resume": Transition(frozenset({"on_hold"}), None, "people", "nothing holds it any more"),
    "cancel": Transition(
        BEFORE_PROCESSING | {"on_hold"}, "cancelled", "system", "its invoice is cancelled before the gateway was asked"
    ),
    "refund": Transition(
        frozenset({"completed", "partially_refunded"}), "partially_refunded", "both", "a part is paid back"
    ),
    "refund_rest": Transition(
        frozenset({"completed", "partially_refunded"}), "refunded", "system", "nothing of it is left"
    ),
}


class Held(NamedTuple):
    """A status, and for one on hold the status that the hold has stopped."""

    status: Status
    held_from: Status | None = None


def allowed(at: Held) -> list[Event]:
    """Return the events of people that a payment takes now."""
    return [event for event, each in TRANSITIONS.items() if each.by != "system" and is_allowed(at, event)]


def is_allowed(at: Held, event: Event) -> bool:
    """Return whether an event may happen now: what was stopped after a gateway was asked is not cancelled."""
    if event == "cancel" and at.status == "on_hold":
        return at.held_from in BEFORE_PROCESSING
    return at.status in TRANSITIONS[event].before


def after(at: Held, event: Event) -> Held:
    """Return what an event that is allowed leads to."""
    to = TRANSITIONS[event].after
    if to is None:
        return Held(at.held_from or at.status)
    return Held(to, at.status if to == "on_hold" else None)
