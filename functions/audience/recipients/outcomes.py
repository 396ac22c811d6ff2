"""What became of recipients, recorded: rows, counters and events in one transaction.

Somebody else may have changed a row meanwhile, such as a receipt that was quicker than the answer it belongs to. Then
the rows are read again, and of each change is made what is still a step forward.
"""

from collections.abc import Sequence
from typing import Final

from functions.audience.recipients import counters, recipients, state
from functions.audience.recipients.counters import Change
from functions.audience.recipients.state import Recipient, Status
from shared import clock
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

MOST: Final = 25
"""How many recipients are recorded in one transaction."""
_TOLD: Final = frozenset[Status]({"failed", "bounced"})
"""Which states somebody is told of in an event of their own."""


def record(outcomes: Sequence[Change]) -> list[Change]:
    """Record what became of up to 25 recipients of one campaign, and return what has changed by it.

    Raises TooManyChangesAtOnce, Unavailable.
    """
    attempts = iter([[*outcomes]])

    def plan() -> Plan[list[Change]]:
        made = next(attempts, None)
        if made is None:
            made = _still_true(outcomes)
        return Plan(made, writes(made) if made else ())

    return changes.make(plan)


def writes(made: Sequence[Change]) -> list[Write]:
    """Return the writes of changes of one campaign: rows, one item of counters, events."""
    rows = [recipients.written(before, after) for before, after in made]
    told = [
        recipients.happened(after.status, after, clock.from_rfc3339(after.updated_at))
        for before, after in made
        if after.status in _TOLD and (before is None or before.status != after.status)
    ]
    counted = counters.together(made)
    return [*rows, *([] if counted is None else [counted]), *told]


def _still_true(outcomes: Sequence[Change]) -> list[Change]:
    """Return what is left of changes when their rows are as they are now."""
    first = outcomes[0][1]
    now = recipients.several(first.tenant_id, first.campaign_id, [after.lead_id for _, after in outcomes])
    rebased = [(now.get(after.lead_id), _rebased(before, now.get(after.lead_id), after)) for before, after in outcomes]
    return [(before, after) for before, after in rebased if after is not None]


def _rebased(before: Recipient | None, now: Recipient | None, after: Recipient) -> Recipient | None:
    """Return what a change makes of a row that somebody else may have changed; None if that is nothing."""
    if now is None:
        return after if before is None else None
    if before is not None and now.version == before.version:
        return after
    if after.status in state.UNSETTLED or (after.status == "skipped" and now.status == "sending"):
        # Somebody else has claimed it: they may be calling, and will say what came of it.
        return None
    moved = state.advanced(now, after.status, after.updated_at, after.reason)
    if moved is None:
        return None
    return moved._replace(
        provider_id=after.provider_id or now.provider_id,
        vendor_message_id=after.vendor_message_id or now.vendor_message_id,
    )
