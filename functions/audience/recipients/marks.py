"""What is marked on a recipient beside its state, once, and counted: that somebody complained, or unsubscribed."""

from typing import Any, Final, Literal

from functions.audience.recipients import counters, recipients
from functions.audience.recipients.counters import COMPLAINED, UNSUBSCRIBED
from functions.audience.recipients.state import Recipient
from shared import clock
from shared.clock import Instant
from shared.storage.writes import Write

Mark = Literal["complained", "unsubscribed"]

_COUNTED_AS: Final = {"complained": COMPLAINED, "unsubscribed": UNSUBSCRIBED}


def writes(before: Recipient, mark: Mark, *, at: str, now: Instant) -> list[Write]:
    """Return the writes by which a recipient has a mark, is counted and is told of; none if they have it already."""
    if before._asdict()[f"{mark}_at"] is not None:
        return []
    marked: dict[str, Any] = {f"{mark}_at": at, "updated_at": clock.to_rfc3339(now), "version": before.version + 1}
    after = before._replace(**marked)
    counted = counters.moved(
        before.tenant_id,
        before.campaign_id,
        before.lead_id,
        before.status,
        before.status,
        also=[_COUNTED_AS[mark]],
    )
    return [
        recipients.written(before, after),
        *([] if counted is None else [counted]),
        recipients.happened(mark, after, now),
    ]
