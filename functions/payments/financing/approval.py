"""Which layers approve an advance, by its amount, and how they stand. Pure.

A layer takes a number of approvals by people of a role, and one rejection rejects the request. People decide once in
all layers together.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.payments.settings.approvers import Layer
from shared import tally
from shared.tally import Outcome, Rules, Seat, Vote


class Decision(NamedTuple):
    """What somebody has decided in the layer of this place, from 0."""

    layer: int
    user_id: str
    is_approval: bool
    decided_at: str
    note: str = ""


USUAL: Final = Layer(0, "admin", 1)
"""The one layer of a tenant that has set none for an amount."""


def layers(amount: int, layers_set: Sequence[Layer]) -> list[Layer]:
    """Return the layers that approve an advance of an amount, the one for the smallest amounts first."""
    found = [each for each in layers_set if each.above_minor_units < amount]
    return sorted(found, key=lambda each: each.above_minor_units) or [USUAL]


def outcomes(layers_: Sequence[Layer], decisions: Sequence[Decision]) -> list[Outcome]:
    """Return how each layer stands."""
    return [_outcome(layer, [each for each in decisions if each.layer == at]) for at, layer in enumerate(layers_)]


def open_layer(layers_: Sequence[Layer], decisions: Sequence[Decision]) -> int | None:
    """Return the place of the layer that is asked now, None if all have approved."""
    found = outcomes(layers_, decisions)
    return next((at for at, outcome in enumerate(found) if outcome != "approved"), None)


def _outcome(layer: Layer, decisions: Sequence[Decision]) -> Outcome:
    seats = tally.seated([Seat(each.user_id) for each in decisions])
    votes = [Vote(each.user_id, each.user_id, each.is_approval) for each in decisions]
    return tally.count(Rules("quorum", layer.approvals), seats, votes).outcome
