"""What was seen of a message, counted: a reader brings its recipient forward, a program is counted apart, each once."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from functions.audience.recipients import marks, outcomes, recipients, state
from functions.audience.recipients.marks import Mark
from functions.audience.recipients.state import Recipient
from functions.audience.tracking import machines
from functions.audience.tracking.tokens import Kind, Token
from shared import clock
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

_STATUS: Final[Mapping[Kind, Literal["opened", "clicked"]]] = {"open": "opened", "click": "clicked"}
_MARK: Final[Mapping[Kind, Mark]] = {"open": "machine_opened", "click": "machine_clicked"}


class Seen(NamedTuple):
    """That somebody has opened a message or followed a link of it, at an instant (RFC 3339), or a program that says so.

    It travels as a message of the queue of receipts, by its fields.
    """

    kind: Kind
    tenant_id: str
    campaign_id: str
    lead_id: str
    at: str
    is_machine: bool


def seen(token: Token, at: Instant, *, is_machine: bool) -> Seen:
    """Return what a token counts, seen now."""
    return Seen(
        token.kind, token.tenant_id, token.campaign_id, token.lead_id, clock.to_rfc3339(at), is_machine=is_machine
    )


def of_message(said: Mapping[str, Any]) -> Seen:
    """Return what a message says was seen. Raises TypeError, KeyError or ValueError for none."""
    found = Seen(**said)
    if found.kind not in _STATUS:
        raise ValueError("nothing that is seen of a message")
    return found


def count(what: Seen) -> None:
    """Count what was seen; twice is once, and of a message that nobody has sent it is nothing.

    Raises Unavailable, Contended.
    """
    changes.make(lambda: Plan(None, _writes(what)))


def _writes(what: Seen) -> list[Write]:
    row = recipients.get(what.tenant_id, what.campaign_id, what.lead_id)
    if row is None or row.status == "skipped":
        return []
    at = clock.from_rfc3339(what.at)
    sent = clock.from_stored(row.sent_at or row.updated_at)
    if what.is_machine or machines.is_too_soon(at, sent):
        return marks.writes(row, _MARK[what.kind], at=what.at, now=clock.now())
    after = _moved(row, what)
    return [] if after is None else outcomes.writes([(row, after)])


def _moved(row: Recipient, what: Seen) -> Recipient | None:
    return state.advanced(row, _STATUS[what.kind], what.at)
