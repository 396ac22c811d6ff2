"""How an attempt at a milestone goes through its layers, and the table of what a layer may become. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from functions.projects.escalations import SYSTEM
from functions.projects.layers.layers import Layer, Status

Event = Literal["open", "skip", "approve", "reject", "reopen", "withdraw"]


class Transition(NamedTuple):
    """What an event makes of a layer."""

    before: frozenset[Status]
    after: Status
    when: str


TRANSITIONS: Final[Mapping[Event, Transition]] = {
    "open": Transition(
        frozenset({"waiting"}), "open", "each required layer of the lower levels is approved or skipped"
    ),
    "skip": Transition(frozenset({"waiting"}), "skipped", "it would open, and does not apply"),
    "approve": Transition(
        frozenset({"open"}), "approved", "the approvals are enough, by its mode; automated: its checks have passed"
    ),
    "reject": Transition(
        frozenset({"open"}), "rejected", "the rejections are enough, by its reject rule; automated: a check has failed"
    ),
    "reopen": Transition(
        frozenset({"approved"}), "waiting", "evidence that it saw has expired, and the milestone is not approved yet"
    ),
    "withdraw": Transition(
        frozenset({"waiting", "open"}),
        "withdrawn",
        "the attempt has ended: verified, rejected, recalled or cancelled",
    ),
}
_SETTLED: Final = frozenset[Status]({"approved", "skipped"})


class Attempt(NamedTuple):
    """Where an attempt stands: which layers are to be opened now, and whether it is through or rejected."""

    opening: list[Layer]
    is_verified: bool
    is_rejected: bool


def is_allowed(status: Status, event: Event) -> bool:
    """Return whether an event may happen to a layer in this status."""
    return status in TRANSITIONS[event].before


def standing(layers: Sequence[Layer]) -> Attempt:
    """Return where an attempt stands. A rejected layer that is required ends it; an optional one blocks nothing."""
    required = [each for each in layers if each.policy.required]
    if any(each.status == "rejected" for each in required):
        return Attempt([], is_verified=False, is_rejected=True)
    unsettled = [each.level for each in required if each.status not in _SETTLED]
    if not unsettled:
        return Attempt([], is_verified=True, is_rejected=False)
    due = [each for each in layers if each.status == "waiting" and each.level <= min(unsettled)]
    return Attempt(due, is_verified=False, is_rejected=False)


def approvers(layers: Sequence[Layer]) -> list[str]:
    """Return the people whose approvals count in an attempt, and in whose place they were made; each once."""
    approvals = [each for layer in layers for each in layer.counting if each.decision == "approve"]
    return sorted({person for each in approvals for person in (each.actor, each.user_id)} - {SYSTEM})


def unfinished(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers that are withdrawn when the attempt ends."""
    return [each for each in layers if is_allowed(each.status, "withdraw")]


def restart_level(layers: Sequence[Layer]) -> int:
    """Return the level that the attempt after this one begins at: that of the rejecting layer, or the first."""
    rejecting = [each for each in layers if each.status == "rejected" and each.policy.required]
    if not rejecting or any(each.policy.restart_at == "first_level" for each in rejecting):
        return 1
    return min(each.level for each in rejecting)
