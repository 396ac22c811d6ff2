"""An entry of the journal: what moved between accounts, for one reason. It is never changed.

Its reference names the fact that it is about, such as `pay_…#settled`, and is there once in a tenant. A lock item says
so, in the transaction of the entry. A second one says that the entry is closed: a pending one by its settlement or its
release, a posted one by its reversal.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.payments.ledger import accounts
from shared import clock
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key

View = dict[str, Any]
Status = Literal["posted", "pending", "settled", "voided"]
"""What an entry does: post, begin what is pending, or end that: by posting it, or by taking it away."""

PREFIX: Final = "JOURNAL#"
_ENTITY: Final = "JournalEntry"
_REFERENCE: Final = "REF"
_CLOSED: Final = "CLOSED"


class JournalEntryNotFound(NotFound):
    """404: the ledger has no such entry."""

    def __init__(self) -> None:
        super().__init__("The ledger has no such entry.")


class Line(NamedTuple):
    """What an entry moves on one account, in minor units; what there is of each account is one line."""

    account: str
    debit: int = 0
    credit: int = 0


class Entry(NamedTuple):
    """An entry as it is stored. `closes` is the reference of the entry that it settles, voids or reverses."""

    tenant_id: str
    currency: str
    reference: str
    kind: str
    posted_at: str
    lines: Sequence[Line]
    status: Status = "posted"
    project_id: str | None = None
    closes: str | None = None

    @property
    def month(self) -> str:
        """The month in which it is, as `202611`, in UTC."""
        return month_of(self.posted_at)


def month_of(day: str) -> str:
    """Return the month of a day or an instant, as `202611`."""
    return f"{day[:4]}{day[5:7]}"


def journal(tenant_id: str, currency: str, month: str) -> str:
    """Return the partition of the entries of a month."""
    return f"{accounts.partition(tenant_id, currency)}#ENTRIES#{month}"


def key(entry: Entry) -> Key:
    """Return the key of an entry: those of a month lie together, in the order in which they were posted."""
    return Key(journal(entry.tenant_id, entry.currency, entry.month), _sort_key(entry.posted_at, entry.reference))


def reference_key(tenant_id: str, reference: str) -> Key:
    """Return the key of the lock that there is one entry of a reference."""
    return Key(f"TENANT#{tenant_id}#LEDGERREF#{reference}", _REFERENCE)


def is_reference(place: Key) -> bool:
    """Return whether a key is that of the lock of a reference."""
    return place.sk == _REFERENCE and "#LEDGERREF#" in place.pk


def closed_key(tenant_id: str, reference: str) -> Key:
    """Return the key of the lock that the entry of a reference is closed once."""
    return Key(f"TENANT#{tenant_id}#LEDGERREF#{reference}", _CLOSED)


def to_item(entry: Entry) -> Item:
    """Return the item of an entry."""
    return records.to_item(key(entry), _ENTITY, entry) | {"lines": [line._asdict() for line in entry.lines]}


def from_item(item: Item) -> Entry:
    """Return the entry of an item."""
    stored = records.from_item(Entry, item)
    return stored._replace(lines=[Line(each["account"], each["debit"], each["credit"]) for each in item["lines"]])


def reference_item(entry: Entry) -> Item:
    """Return the lock of the reference of an entry, which says where it is."""
    place = reference_key(entry.tenant_id, entry.reference)
    return {
        "PK": place.pk,
        "SK": place.sk,
        "entity": "JournalReference",
        "currency": entry.currency,
        "posted_at": entry.posted_at,
    }


def closed_item(entry: Entry, closed: str) -> Item:
    """Return the lock that the entry of the reference `closed` is closed, by which one."""
    place = closed_key(entry.tenant_id, closed)
    return {"PK": place.pk, "SK": place.sk, "entity": "JournalClosed", "by": entry.reference, "at": entry.posted_at}


def find(tenant_id: str, reference: str) -> Entry:
    """Return the entry of a reference; two reads. Raises JournalEntryNotFound."""
    lock = table.get(reference_key(tenant_id, reference), consistent=True)
    if lock is None:
        raise JournalEntryNotFound
    partition = journal(tenant_id, lock["currency"], month_of(lock["posted_at"]))
    item = table.get(Key(partition, _sort_key(lock["posted_at"], reference)), consistent=True)
    if item is None:
        raise JournalEntryNotFound
    return from_item(item)


def page(
    tenant_id: str, currency: str, month: str, *, limit: int, cursor: str | None
) -> tuple[list[Entry], str | None]:
    """Return a page of the entries of a month, the newest first; one query. Raises Malformed."""
    found = table.query(journal(tenant_id, currency, month), PREFIX, limit=limit, cursor=cursor, newest_first=True)
    return [from_item(item) for item in found.items], found.next_cursor


def _sort_key(posted_at: str, reference: str) -> str:
    return f"{PREFIX}{posted_at}#{reference}"


def view(entry: Entry) -> View:
    """Return what callers see of an entry."""
    return {
        "reference": entry.reference,
        "kind": entry.kind,
        "status": entry.status,
        "posted_at": entry.posted_at,
        "currency": entry.currency,
        "project_id": entry.project_id,
        "closes": entry.closes,
        "lines": [_line(line) for line in entry.lines],
    }


def _line(line: Line) -> Mapping[str, Any]:
    return {"account": line.account, "debit_minor_units": line.debit, "credit_minor_units": line.credit}


def at(instant: Instant) -> str:
    """Return an instant as entries have it."""
    return clock.to_rfc3339(instant)
