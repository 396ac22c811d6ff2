"""Posting: the writes of one balanced entry, for the transaction of the fact that it is about.

    entry(kind, amounts, …)                 an entry of the posting table (`kinds.py`)
    settling(pending, reference=…, at=…)    the entry that posts what was pending
    voiding(pending, reference=…, at=…)     the entry that takes away what was pending
    reversing(posted, at=…)                 the entry that undoes a posted one
    writes(entry)                           what the transaction of the fact has besides

An entry is posted once and closed once, however often somebody tries; `refuse` says which of that has failed. Give it
to the plan of the change.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from functions.payments.ledger import accounts, entries, kinds, statements
from functions.payments.ledger.entries import Entry, JournalEntryNotFound, Line, Status
from functions.payments.money import amounts
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage.table import ConditionFailed
from shared.storage.writes import ABSENT, PRESENT, Add, Check, Condition, Put, Write

REVERSED: Final = "#reversed"
"""What the reference of a reversal ends in."""


class EntryPosted(Conflict):
    """409: the ledger has an entry of this reference already."""

    def __init__(self) -> None:
        super().__init__("The ledger has an entry of this reference already.")


class EntryClosed(Conflict):
    """409: the entry was settled, voided or reversed before, which happens once."""

    def __init__(self) -> None:
        super().__init__("The entry was settled, voided or reversed before, which happens once.")


class EntryNotPending(Conflict):
    """409: only what is pending is settled or voided."""

    def __init__(self) -> None:
        super().__init__("The entry is not pending, so it is neither settled nor voided.")


class EntryNotPosted(Conflict):
    """409: only what is posted is reversed, and a reversal is not."""

    def __init__(self) -> None:
        super().__init__("Only a posted entry is reversed, and a reversal is not.")


class InsufficientFunds(Conflict):
    """409: the project's deposits do not cover the amount."""

    def __init__(self) -> None:
        super().__init__("The deposits of the project do not cover the amount. Deposit more, or release less.")


def entry(
    kind: str,
    moved: Mapping[str, int],
    *,
    tenant_id: str,
    currency: str,
    reference: str,
    at: Instant,
    project_id: str | None = None,
    status: Status = "posted",
) -> Entry:
    """Return an entry of this kind of the posting table; `moved` are its amounts by account, in minor units.

    Raises AmountTooLarge, Unbalanced.
    """
    for amount in moved.values():
        amounts.require_possible(amount)
    found = kinds.lines(kind, moved, project_id=project_id)
    return Entry(tenant_id, currency, reference, kind, entries.at(at), found, status, project_id)


def settling(pending: Entry, *, reference: str, at: Instant) -> Entry:
    """Return the entry that posts what was pending. Raises EntryNotPending."""
    return _end(pending, "settled", reference, at)


def voiding(pending: Entry, *, reference: str, at: Instant) -> Entry:
    """Return the entry that takes away what was pending. Raises EntryNotPending."""
    return _end(pending, "voided", reference, at)


def reversing(posted: Entry, *, at: Instant) -> Entry:
    """Return the entry that undoes a posted one; its reference is that of the other one and `#reversed`.

    Raises EntryNotPosted.
    """
    if posted.status not in {"posted", "settled"} or posted.reference.endswith(REVERSED):
        raise EntryNotPosted
    return posted._replace(
        reference=f"{posted.reference}{REVERSED}",
        posted_at=entries.at(at),
        lines=kinds.exchanged(posted.lines),
        status="posted",
        closes=posted.reference,
    )


def writes(made: Entry) -> list[Write]:
    """Return the writes of an entry: itself, its locks, and each of its accounts once. Raises Unbalanced."""
    folded = made._replace(lines=kinds.require_balanced(made.lines))
    return [
        Put(entries.reference_item(folded), ABSENT),
        *_closing(folded),
        Put(entries.to_item(folded), ABSENT),
        *(write for line in folded.lines for write in _moved(folded, line)),
    ]


def refuse(failure: ConditionFailed) -> None:
    """Raise what a refused transaction with the writes of entries means, if it is about those.

    Raises EntryPosted, EntryClosed, InsufficientFunds, JournalEntryNotFound; the first of several.
    """
    for write in failure.writes:
        match write:
            case Put({"entity": "JournalReference"}):
                raise EntryPosted
            case Put({"entity": "JournalClosed"}):
                raise EntryClosed
            case Check(key) if entries.is_reference(key):
                raise JournalEntryNotFound
            case Add(key) if accounts.is_guarded(key):
                raise InsufficientFunds


def _end(pending: Entry, status: Status, reference: str, at: Instant) -> Entry:
    if pending.status != "pending":
        raise EntryNotPending
    return pending._replace(reference=reference, posted_at=entries.at(at), status=status, closes=pending.reference)


def _closing(made: Entry) -> Sequence[Write]:
    """Return what lets an entry close another one: that this is there, and was not closed before."""
    if made.closes is None:
        return ()
    place = entries.reference_key(made.tenant_id, made.closes)
    return Check(place, PRESENT), Put(entries.closed_item(made, made.closes), ABSENT)


def _moved(made: Entry, line: Line) -> Iterator[Write]:
    """Yield the update of an account, and what its statement has if something is posted."""
    change = _change(made.status, line)
    available = accounts.available(line.account, change)
    amounts_ = {name: by for name, by in change._asdict().items() if by}
    condition: Condition | None = None
    if available:
        amounts_["available"] = available
        condition = accounts.covering(-available) if available < 0 else None
    back = accounts.returned(made.kind, line.account, change)
    if back:
        amounts_[accounts.RETURNED] = back
    yield Add(accounts.key(made.tenant_id, made.currency, line.account), amounts_, condition)
    if made.status in {"posted", "settled"}:
        yield from statements.written(made, line)


def _change(status: Status, line: Line) -> accounts.Totals:
    """Return by how much the counters of an account change."""
    debit, credit = line.debit, line.credit
    match status:
        case "posted":
            return accounts.Totals(debit, credit, 0, 0)
        case "pending":
            return accounts.Totals(0, 0, debit, credit)
        case "settled":
            return accounts.Totals(debit, credit, -debit, -credit)
        case "voided":
            return accounts.Totals(0, 0, -debit, -credit)
