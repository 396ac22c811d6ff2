"""A credit note: its record, its key, and its event. It refers to an invoice and does not change."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from functions.payments.money import rates
from shared.clock import Instant
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put

View = dict[str, Any]

ID: Final = "crn"
PREFIX: Final = "CREDITNOTE#"


class CreditNote(NamedTuple):
    """A credit note as it is stored; its amounts are positive and are taken from those of the invoice.

    Each of `lines` has the `number` of a line of the invoice, and the net that is credited of it.
    """

    tenant_id: str
    credit_note_id: str
    invoice_id: str
    invoice_number: str
    project_id: str
    number: str
    currency: str
    issued_at: str
    issued_on: str
    created_by: str
    lines: Sequence[Mapping[str, int]]
    totals: Mapping[str, Any]
    seller: Mapping[str, Any]
    buyer: Mapping[str, Any]
    reason: str = ""


def key(note: CreditNote) -> Key:
    """Return the key of a credit note: those of an invoice lie with it, in the order in which they were issued."""
    return Key(invoices.partition(note.tenant_id, note.invoice_id), f"{PREFIX}{note.credit_note_id}")


def born(note: CreditNote) -> Put:
    """Return the write of a new credit note."""
    return Put(records.to_item(key(note), "CreditNote", note), ABSENT)


def from_item(item: Item) -> CreditNote:
    """Return the credit note of an item."""
    return records.from_item(CreditNote, item)


def happened(note: CreditNote, credited: Invoice, at: Instant) -> Put:
    """Return the write of the event that an invoice, as it is after it, was credited by a note."""
    more = {"credit_note_id": note.credit_note_id, "number": note.number}
    return invoices.happened("credited", credited, at, more=more)


def view(note: CreditNote) -> View:
    """Return what callers see of a credit note."""
    shown = note._asdict()
    for name in ("tenant_id", "totals", "seller", "buyer"):
        del shown[name]
    totals = {name: value for name, value in note.totals.items() if name != "taxes"}
    taxes = [
        {
            "tax_category": each["tax_category"],
            "tax_percent": rates.to_percent(each["tax_rate"]),
            "net_minor_units": each["net_minor_units"],
            "retention_minor_units": each["retention_minor_units"],
            "taxable_minor_units": each["net_minor_units"] - each["retention_minor_units"],
            "tax_minor_units": each["tax_minor_units"],
        }
        for each in note.totals["taxes"]
    ]
    return shown | totals | {"lines": [dict(each) for each in note.lines], "taxes": taxes}
