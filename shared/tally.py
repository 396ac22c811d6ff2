"""The tally of an approval layer: seats, votes and rules make an outcome. Pure.

Only votes approve or reject a layer. A struck seat takes nothing away from those who rejected, and adds nothing to
those who approved, so that a layer whose people have all left stays open.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Mode = Literal["any", "all", "quorum"]
RejectRule = Literal["first_reject", "quorum_unreachable"]
Outcome = Literal["open", "approved", "rejected"]


class Rules(NamedTuple):
    """How many approvals it takes: `any` one, `all` each, `quorum` a weight; and when the layer is rejected.

    `first_reject`: by the first rejection. `quorum_unreachable`: once those who have not rejected are too few.
    """

    mode: Mode
    quorum: int = 1
    reject_rule: RejectRule = "first_reject"


class Seat(NamedTuple):
    """A person who is asked, and how much they weigh; a struck one may not vote any more."""

    person: str
    weight: int = 1
    is_struck: bool = False


class Vote(NamedTuple):
    """What was voted for the seat of a person; `actor` is who did it, the person or a delegate."""

    person: str
    actor: str
    is_approval: bool


class Tally(NamedTuple):
    """How a layer stands. `is_stalled`: it is open, and the people left cannot approve it."""

    outcome: Outcome
    approving: int
    rejecting: int
    needed: int
    is_stalled: bool


def seated(seats: Sequence[Seat]) -> list[Seat]:
    """Return the seats with one for each person: the heaviest, in the place of the first."""
    found: dict[str, Seat] = {}
    for seat in seats:
        earlier = found.get(seat.person)
        found[seat.person] = seat if earlier is None or seat.weight > earlier.weight else earlier
    return [*found.values()]


def count(rules: Rules, seats: Sequence[Seat], votes: Sequence[Vote]) -> Tally:
    """Return how a layer stands. A vote for no seat, a second one for a seat or of an actor, do not count."""
    counted = _counted(seats, votes)
    standing = [seat for seat in seats if not seat.is_struck or seat.person in counted]
    approving = sum(seat.weight for seat in standing if counted.get(seat.person) is True)
    rejecting = sum(seat.weight for seat in standing if counted.get(seat.person) is False)
    needed = _needed(rules, standing)
    outcome: Outcome = "open"
    if _is_rejected(rules, seats, rejecting):
        outcome = "rejected"
    elif approving >= needed:
        outcome = "approved"
    reachable = sum(seat.weight for seat in standing) - rejecting
    return Tally(outcome, approving, rejecting, needed, outcome == "open" and reachable < needed)


def turn(seats: Sequence[Seat], votes: Sequence[Vote]) -> str | None:
    """Return whose turn it is where seats vote one after the other, None when each has voted or is struck."""
    counted = _counted(seats, votes)
    return next((seat.person for seat in seats if not seat.is_struck and seat.person not in counted), None)


def _counted(seats: Sequence[Seat], votes: Sequence[Vote]) -> dict[str, bool]:
    """Return what each seat voted: the first vote for it, and of each actor the first."""
    people, actors, counted = {seat.person for seat in seats}, set[str](), dict[str, bool]()
    for vote in votes:
        if vote.person in people and vote.person not in counted and vote.actor not in actors:
            counted[vote.person] = vote.is_approval
            actors.add(vote.actor)
    return counted


def _needed(rules: Rules, standing: Sequence[Seat]) -> int:
    """Return the weight that approves: at least 1, so that an empty layer is never approved."""
    if rules.mode == "all":
        return max(1, sum(seat.weight for seat in standing))
    return 1 if rules.mode == "any" else max(1, rules.quorum)


def _is_rejected(rules: Rules, seats: Sequence[Seat], rejecting: int) -> bool:
    """Return whether the rejections are enough, struck seats counted as if somebody could still sit there."""
    if rejecting == 0 or rules.reject_rule == "first_reject" or rules.mode == "all":
        return rejecting > 0
    return sum(seat.weight for seat in seats) - rejecting < _needed(rules, seats)
