"""What a client paid of an invoice outside of Milepost: recorded by people, in parts or all at once."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.payments import payments
from functions.payments.billing import billings
from functions.payments.billing.billings import Billing
from functions.payments.invoices import invoices, postings, reading, views
from functions.payments.invoices.invoices import Invoice
from functions.payments.invoices.reading import Read
from functions.payments.invoices.views import View
from functions.payments.money import amounts
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, NotAllowed
from shared.storage import changes, records, versions
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Put, Write

ID: Final = "rcp"
PREFIX: Final = "RECEIPT#"


class InvoiceNotOpen(Conflict):
    """409: the invoice does not wait for money."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The invoice is {status}. Only an issued one waits for money.")


class InvoiceInRelease(Conflict):
    """409: a gateway is asked to pay the invoice now."""

    def __init__(self) -> None:
        super().__init__("The payment of the invoice is being made. Wait until it is settled or has failed.")


class MoreThanDue(NotAllowed):
    """422: more would be paid than is due."""

    def __init__(self, due: int, currency: str) -> None:
        super().__init__(f"{amounts.written(due, currency)} {currency} are due. Record no more than that.")


class Receipt(NamedTuple):
    """A payment from outside, as it is stored."""

    tenant_id: str
    receipt_id: str
    invoice_id: str
    amount_minor_units: int
    currency: str
    received_on: str
    recorded_by: str
    recorded_at: str
    reference: str = ""


def record(
    caller: Caller, invoice_id: str, fields: Mapping[str, Any], *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Record what a client paid, and return the invoice, which is paid when nothing is due any more.

    Raises InvoiceNotFound, access.FinanceRequired, versions.VersionChanged, InvoiceNotOpen, InvoiceInRelease,
    MoreThanDue.
    """
    receipt_id = ids.new(ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        read = reading.opened(caller, invoice_id)
        read.opened.require_acting()
        before = read.invoice
        versions.require(if_match, before.version)
        receipt = Receipt(
            tenant_id=caller.tenant_id,
            receipt_id=receipt_id,
            invoice_id=invoice_id,
            currency=before.currency,
            recorded_by=caller.user_id,
            recorded_at=clock.to_rfc3339(now),
            **fields,
        )
        after = paid(before, receipt.amount_minor_units, receipt.received_on, now)
        posted = postings.recorded(before, receipt_id, receipt.amount_minor_units, now)
        writes = [Put(to_item(receipt), ABSENT), *posted, *written(read, after, now)]
        return Plan(views.invoice(after, read.opened.time_zone, now), writes)

    return changes.make(plan, claim=claim)


def paid(before: Invoice, minor_units: int, day: str, now: Instant) -> Invoice:
    """Return an invoice of which so much more was paid on a day.

    Raises InvoiceNotOpen, InvoiceInRelease, MoreThanDue.
    """
    if not before.is_open:
        raise InvoiceNotOpen(before.status)
    if before.is_in_release:
        raise InvoiceInRelease
    if minor_units > before.amount_due_minor_units:
        raise MoreThanDue(before.amount_due_minor_units, before.currency)
    moment = clock.to_rfc3339(now)
    after = before._replace(
        paid_minor_units=before.paid_minor_units + minor_units,
        last_paid_on=max(before.last_paid_on or day, day),
        updated_at=moment,
        version=before.version + 1,
    )
    return after if after.amount_due_minor_units else after._replace(status="paid", paid_at=moment)


def written(read: Read, after: Invoice, now: Instant) -> list[Write]:
    """Return the writes by which more of an invoice is paid: itself, the billing once it is settled, and its event."""
    writes = [*invoices.changed(read.invoice, after), invoices.happened("payment_recorded", after, now)]
    if after.is_open:
        return writes
    billing = closed(read.opened.billing)
    return [
        *writes,
        billings.changed(read.opened.billing, billing),
        invoices.happened("paid", after, now),
        *payments.looked_at(after.tenant_id, after.payment_id, now),
    ]


def closed(billing: Billing) -> Billing:
    """Return the billing with an open invoice less."""
    return billing._replace(open_invoices=billing.open_invoices - 1)


def to_item(receipt: Receipt) -> Item:
    """Return the item of a receipt."""
    place = Key(invoices.partition(receipt.tenant_id, receipt.invoice_id), f"{PREFIX}{receipt.receipt_id}")
    return records.to_item(place, "Receipt", receipt)


def view(item: Item) -> View:
    """Return what callers see of the receipt of an item."""
    shown = records.from_item(Receipt, item)._asdict()
    del shown["tenant_id"]
    return shown
