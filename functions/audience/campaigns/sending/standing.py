"""What is to be done about a recipient by its row alone. Pure."""

from typing import Literal, NamedTuple

from functions.audience.recipients.state import Recipient
from shared import instants
from shared.instants import Instant


class Standing(NamedTuple):
    """Whether a recipient is done, due, waits until an instant, or was lost by a worker that ended in its call."""

    next: Literal["done", "due", "wait", "lost"]
    until: Instant = 0


def of(row: Recipient | None, now: Instant, *, dedupes: bool) -> Standing:
    """Return what is to be done; with a provider that dedupes, a call that nobody knows the end of is made again."""
    if row is None:
        return Standing("due")
    if row.status not in ("pending", "sending"):
        return Standing("done")
    until = row.waits_until if row.status == "pending" else row.lease_until
    instant = 0 if until is None else instants.from_stored(until)
    if instant > now:
        return Standing("wait", instant)
    return Standing("due" if row.status == "pending" or dedupes else "lost")
