"""What becomes of a layer that nobody has decided in time, by its `on_timeout`."""

from functions.projects import requirements
from functions.projects.escalations import SYSTEM
from functions.projects.layers import clocks, layers
from functions.projects.layers.layers import Choice, Decision, Layer
from functions.projects.timers.seeing import Seen
from functions.projects.verification import outcomes, reviewing
from shared import clock
from shared.clock import Instant
from shared.storage.writes import Write

REASON = "The layer was not decided in time."


def choice(seen: Seen, layer: Layer) -> Choice | None:
    """Return what the system decides in a layer that is due, None if it is escalated.

    Nothing is approved by time where an amount is due, or where checks are to pass, and nothing rejected once the
    amount is requested.
    """
    billing = seen.opened.billing
    match layer.policy.on_timeout:
        case "approve" if seen.milestone.amount_minor_units is None and not layer.policy.auto_checks:
            return "approve"
        case "reject" if billing is None or not billing["is_committed"]:
            return "reject"
        case _:
            return None


def due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes of the next layer that time decides, and of all that follows; none if there is none."""
    for layer in seen.layers:
        chosen = choice(seen, layer)
        if chosen is not None and clocks.is_due(layer, now):
            return _decided(seen, layer, chosen, now)
    return []


def _decided(seen: Seen, layer: Layer, chosen: Choice, now: Instant) -> list[Write]:
    moment = clock.to_rfc3339(now)
    decision = Decision(SYSTEM, SYSTEM, chosen, moment, REASON, seen=layer.content)
    after = layer._replace(
        status="approved" if chosen == "approve" else "rejected",
        decisions=[*layer.decisions, layers.stored(decision)],
        closed_at=moment,
    )
    opened = reviewing.Opened(seen.partition, layer, seen.layers, seen.opened, [], seen.opened.counts)
    # An approved layer opens again when its evidence is gone: the counts say that none has meanwhile.
    still = [reviewing.still_primary(opened), requirements.still(opened.partition, opened.evidence)]
    return [*outcomes.followed(opened, after, now, REASON)[1], *still]
