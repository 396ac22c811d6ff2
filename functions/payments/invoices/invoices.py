"""An invoice: its record, its keys, the lists that it is in, and its events.

An issued invoice does not change but for what is paid and credited of it; it is corrected by credit notes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.payments.aggregates import counted
from functions.payments.aggregates.counted import Counted
from functions.payments.billing.shares import Invoiced
from functions.payments.billing.totals import Line, TaxTotal, Totals
from functions.payments.terms.terms import Terms
from shared import ids
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records
from shared.storage.attributes import Item, Key
from shared.storage.events import Event
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

Status = Literal["draft", "issued", "paid", "cancelled"]
Kind = Literal["milestone", "partial", "retention"]

ID: Final = "inv"
LISTED: Final = "ENTITY#Invoice#"
ENTRY: Final = "INVOICE#"
BY_DUE: Final = "ENTITY#InvoiceEntry#"
_ENTITY: Final = "Invoice"
_OPEN: Final = "issued"


class InvoiceNotFound(NotFound):
    """404: there is no invoice with this id in a project whose money is for you."""

    def __init__(self) -> None:
        super().__init__("There is no invoice with this id in a project whose money is for you.")


class Invoice(NamedTuple):
    """An invoice as it is stored. All amounts are minor units of its currency, shares and rates millionths.

    A draft has neither number nor days, and its `share` is what is asked for: None for all that is left.
    `has_own_lines` tells lines that were sent from the one that an invoice of a milestone has otherwise. `sequence`
    counts the invoices of a milestone. `credited` has what credit notes took back of each line. `retention_of` is the
    invoice whose retention this one asks for; `retention_invoice_id` is that invoice of this one. `last_paid_on` is the
    day of the last payment. `sending` is how the latest mail with it stands.
    """

    tenant_id: str
    invoice_id: str
    project_id: str
    project_milestone_id: str
    kind: Kind
    status: Status
    currency: str
    lines: Sequence[Mapping[str, Any]]
    totals: Mapping[str, Any]
    terms: Mapping[str, Any]
    created_by: str
    created_at: str
    updated_at: str
    version: int
    share: int | None = None
    sequence: int = 0
    attempt: int = 1
    number: str | None = None
    issued_at: str | None = None
    issued_on: str | None = None
    supplied_on: str | None = None
    due_on: str | None = None
    seller: Mapping[str, Any] | None = None
    buyer: Mapping[str, Any] | None = None
    bank_lines: Sequence[str] = ()
    note: str = ""
    has_own_lines: bool = False
    paid_minor_units: int = 0
    credited_minor_units: int = 0
    credited: Sequence[int] = ()
    credit_notes: int = 0
    sent_at: str | None = None
    paid_at: str | None = None
    cancelled_at: str | None = None
    retention_of: str | None = None
    retention_invoice_id: str | None = None
    payment_id: str | None = None
    is_in_release: bool = False
    last_paid_on: str | None = None
    sending: Mapping[str, Any] | None = None

    @property
    def agreed(self) -> Terms:
        """The terms that were copied to it."""
        return Terms(**self.terms)

    @property
    def own_lines(self) -> list[Line]:
        """Its lines."""
        return [Line(**each) for each in self.lines]

    @property
    def own_totals(self) -> Totals:
        """What it comes to."""
        taxes = [TaxTotal(**each) for each in self.totals["taxes"]]
        return Totals(**{**self.totals, "taxes": taxes})

    @property
    def credited_lines(self) -> Sequence[int]:
        """What is credited of each line."""
        return self.credited or [0] * len(self.lines)

    @property
    def payable_minor_units(self) -> int:
        """What it asks for."""
        return int(self.totals["payable_minor_units"])

    @property
    def amount_due_minor_units(self) -> int:
        """What is still to be paid: nothing before it is issued, or once it is cancelled."""
        return self.payable_minor_units - self.paid_minor_units - self.credited_minor_units if self.is_open else 0

    @property
    def is_open(self) -> bool:
        """Whether it waits for money."""
        return self.status == _OPEN

    @property
    def invoiced(self) -> Invoiced:
        """What it takes of its milestone; one for retention takes nothing, for that was invoiced before."""
        if self.kind == "retention":
            return Invoiced()
        return Invoiced(self.share or 0, self.totals["net_minor_units"], self.totals["retention_minor_units"])

    @property
    def counted(self) -> Counted | None:
        """What it counts for in the sums of its tenant, None for a draft."""
        if self.issued_on is None or self.due_on is None:
            return None
        is_paid = self.status == "paid" and self.paid_minor_units > 0
        # One that was paid before that day was kept has the moment alone.
        paid_on = self.last_paid_on or (self.paid_at or "")[:10]
        return Counted(
            tenant_id=self.tenant_id,
            currency=self.currency,
            client=str((self.buyer or {}).get("name", "")),
            issued_on=self.issued_on,
            due_on=self.due_on,
            is_open=self.is_open,
            due_minor_units=self.amount_due_minor_units,
            paid_minor_units=self.paid_minor_units,
            paid_on=paid_on if is_paid else None,
        )


def stored_totals(found: Totals) -> dict[str, Any]:
    """Return totals as an invoice holds them."""
    return {**found._asdict(), "taxes": [each._asdict() for each in found.taxes]}


def partition(tenant_id: str, invoice_id: str) -> str:
    """Return the partition of an invoice and its credit notes. Raises InvoiceNotFound for an id that none can have."""
    if not ids.is_valid(invoice_id, ID):
        raise InvoiceNotFound
    return f"TENANT#{tenant_id}#INV#{invoice_id}"


def key(tenant_id: str, invoice_id: str) -> Key:
    """Return the key of an invoice. Raises InvoiceNotFound."""
    return Key(partition(tenant_id, invoice_id), "INVOICE")


def of_project(tenant_id: str, project_id: str) -> str:
    """Return the partition of the index that lists what is billed of a project."""
    return f"TENANT#{tenant_id}#BILLING#{project_id}"


def of_tenant(tenant_id: str) -> str:
    """Return the partition that lists the invoices of a tenant."""
    return f"TENANT#{tenant_id}#INVOICES"


def of_status(tenant_id: str, status: Status) -> str:
    """Return the partition of the index that lists the invoices of a tenant in a status by when they are due."""
    return f"{of_tenant(tenant_id)}#{status}"


def entry_key(invoice: Invoice) -> Key:
    """Return the key of the entry of an invoice in the list of its tenant."""
    return Key(of_tenant(invoice.tenant_id), f"{ENTRY}{invoice.created_at}#{invoice.invoice_id}")


def to_item(invoice: Invoice) -> Item:
    """Return the item of an invoice."""
    listed = {
        "GSI1PK": of_project(invoice.tenant_id, invoice.project_id),
        "GSI1SK": f"{LISTED}{invoice.created_at}#{invoice.invoice_id}",
    }
    return records.to_item(key(invoice.tenant_id, invoice.invoice_id), _ENTITY, invoice) | listed


def from_item(item: Item) -> Invoice:
    """Return the invoice of an item."""
    return records.from_item(Invoice, item)


def born(invoice: Invoice) -> list[Write]:
    """Return the writes of a new invoice, its entry, and what it adds to the sums of its tenant."""
    return [Put(to_item(invoice), ABSENT), Put(_entry(invoice)), *counted.moved(None, invoice.counted)]


def changed(before: Invoice, after: Invoice) -> list[Write]:
    """Return the writes that change an invoice, which is still at the version that was read, and the sums with it."""
    writes: list[Write] = [Put(to_item(after), unchanged(before.version)), Put(_entry(after))]
    return [*writes, *counted.moved(before.counted, after.counted)]


def removed(invoice: Invoice) -> list[Write]:
    """Return the writes that remove a draft, which is still at the version that was read."""
    return [Delete(key(invoice.tenant_id, invoice.invoice_id), unchanged(invoice.version)), Delete(entry_key(invoice))]


def is_due_before(entry: Item, day: str) -> bool:
    """Return whether the invoice of an entry is due before a day."""
    return str(entry["GSI1SK"]) < f"{BY_DUE}{day}"


def _entry(invoice: Invoice) -> Item:
    pk, sk = entry_key(invoice)
    listed = {
        "GSI1PK": of_status(invoice.tenant_id, invoice.status),
        # Drafts are due last, in the order in which they were made.
        "GSI1SK": f"{BY_DUE}{invoice.due_on or '9999-12-31'}#{invoice.invoice_id}",
    }
    shown = {"invoice_id": invoice.invoice_id, "project_id": invoice.project_id, "version": invoice.version}
    return {"PK": pk, "SK": sk, "entity": "InvoiceEntry", **shown, **listed}


def happened(what: str, invoice: Invoice, at: Instant, *, more: Mapping[str, Any] | None = None) -> Put:
    """Return the write of the event `payments.invoice.<what>` of an invoice as it is stored after it.

    It has neither an amount nor a text that people wrote.
    """
    return events.occurred(
        f"payments.invoice.{what}",
        partition=partition(invoice.tenant_id, invoice.invoice_id),
        subject_id=invoice.invoice_id,
        tenant_id=invoice.tenant_id,
        at=at,
        data={**_identified(invoice), **(more or {})},
    )


def restated(invoice: Invoice) -> Event:
    """Return the event that says how an invoice is stored now."""
    return events.stated(
        "payments.invoice",
        subject_id=invoice.invoice_id,
        tenant_id=invoice.tenant_id,
        data=_identified(invoice),
        state={"version": invoice.version, "created_at": invoice.created_at, "status": invoice.status},
    )


def _identified(invoice: Invoice) -> dict[str, Any]:
    of_payment = {} if invoice.payment_id is None else {"payment_id": invoice.payment_id}
    return {
        "invoice_id": invoice.invoice_id,
        "invoice_version": invoice.version,
        "project_id": invoice.project_id,
        "project_milestone_id": invoice.project_milestone_id,
        "kind": invoice.kind,
        "status": invoice.status,
        **of_payment,
    }
