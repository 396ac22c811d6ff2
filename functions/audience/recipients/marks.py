"""What is marked on a recipient beside its state, once, and counted.

That somebody complained or unsubscribed is told in an event; what a machine has opened or clicked is not.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from functions.audience.recipients import counters, recipients
from functions.audience.recipients.counters import COMPLAINED, MACHINE_CLICKED, MACHINE_OPENED, UNSUBSCRIBED
from functions.audience.recipients.state import Recipient
from shared import clock
from shared.clock import Instant
from shared.storage.writes import Write

Mark = Literal["complained", "unsubscribed", "machine_opened", "machine_clicked"]

MARKS: Final[Mapping[Mark, str]] = {
    "complained": COMPLAINED,
    "unsubscribed": UNSUBSCRIBED,
    "machine_opened": MACHINE_OPENED,
    "machine_clicked": MACHINE_CLICKED,
}
_TOLD: Final = frozenset[Mark]({"complained", "unsubscribed"})


def of(recipient: Recipient) -> list[str]:
    """Return the names under which the marks of a recipient are counted."""
    fields = recipient._asdict()
    return [counted for mark, counted in MARKS.items() if fields[f"{mark}_at"] is not None]


def writes(before: Recipient, mark: Mark, *, at: str, now: Instant) -> list[Write]:
    """Return the writes by which a recipient has a mark, is counted and told of; none if they have it already."""
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
        also=[MARKS[mark]],
    )
    return [
        recipients.written(before, after),
        *([] if counted is None else [counted]),
        *([recipients.happened(mark, after, now)] if mark in _TOLD else []),
    ]
