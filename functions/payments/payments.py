"""A payment: the total of an invoice on its way to the payee. Its record, its keys, and how it is read and written.

The item is the process: every step is a write under its version, and what waits has its timer in it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.payments import transition, trouble
from functions.payments.transition import Event, Held, Status
from shared import clock, ids
from shared.clock import Instant
from shared.errors import Conflict, NotFound
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

Kind = Literal["milestone", "partial", "retention"]

ID: Final = "pay"
KIND: Final = "payments.payment"
"""What its timers are known as."""
LISTED: Final = "PAYMENT#"
DEPOSIT_MISSING: Final = "deposit_missing"
"""The reason of a payment that waits for deposits to cover it."""
WAITING: Final = "WAITING#"
LOOKED_AT_AFTER: Final = 60 * clock.SECOND
"""How long after a step the sweep looks for what should have followed at once."""


class PaymentNotFound(NotFound):
    """404: there is no payment with this id in a project whose money is for you."""

    def __init__(self) -> None:
        super().__init__("There is no payment with this id in a project whose money is for you.")


class PaymentTransitionNotAllowed(Conflict):
    """409: the present status of the payment does not allow this transition."""

    def __init__(self, at: Held, event: Event | Literal["confirm", "dispute"]) -> None:
        super().__init__(f"A payment that is {at.status} does not take `{event}`.")
        self._told = {"from": at.status, "event": event, "allowed": transition.allowed(at)}

    @property
    def members(self) -> Mapping[str, Any]:
        """The status, the event, and the events of people that the status takes."""
        return self._told


class Payment(NamedTuple):
    """A payment as it is stored. Amounts are minor units.

    `held_from` is the status that a hold has stopped, `reasons` why, `note` what the person said who held it.
    `gateway`, `key`, `payee_account` and `claimed_at` are those of the present attempt, and `is_unsure` says that
    nobody knows what became of it. `due_at` is when it is looked at next by itself. The amount is that of the invoice,
    and from its claim on what was still due of it then; `to_refund_minor_units` are refunded by itself as soon as it is
    made. `dispute` tells who opened it, when and why, and once it is settled also by whom and how. `refunding` is a
    refund that the gateway is asked to make (releases/returning.py). `is_from_escrow` says that the present attempt
    draws on the deposits of the project.
    """

    tenant_id: str
    payment_id: str
    project_id: str
    project_milestone_id: str
    invoice_id: str
    kind: Kind
    sequence: int
    amount_minor_units: int
    currency: str
    status: Status
    created_by: str
    created_at: str
    updated_at: str
    version: int
    auto_release: bool = False
    held_from: Status | None = None
    reasons: Sequence[str] = ()
    gateway: str | None = None
    attempt: int = 0
    key: str | None = None
    claimed_at: str | None = None
    is_unsure: bool = False
    is_late: bool = False
    due_at: str | None = None
    reference: str | None = None
    failure: str | None = None
    requested_by: str | None = None
    requested_at: str | None = None
    settled_at: str | None = None
    note: str | None = None
    refunded_minor_units: int = 0
    to_refund_minor_units: int = 0
    dispute: Mapping[str, Any] | None = None
    payee_account: str | None = None
    refunding: Mapping[str, Any] | None = None
    is_from_escrow: bool = False

    @property
    def waits_for_deposit(self) -> bool:
        """Whether its release is asked for, and the deposits of its project do not cover it."""
        return self.status == "release_requested" and DEPOSIT_MISSING in self.reasons

    @property
    def is_disputed(self) -> bool:
        """Whether a dispute about it is open."""
        return self.dispute is not None and "resolved_at" not in self.dispute

    @property
    def held(self) -> Held:
        """Its status, and the one that a hold has stopped."""
        return Held(self.status, self.held_from)

    def moved(self, event: Event, now: Instant, **more: Any) -> "Payment":
        """Return the payment after an event, due for nothing unless more says so.

        Raises PaymentTransitionNotAllowed.
        """
        if not transition.is_allowed(self.held, event):
            raise PaymentTransitionNotAllowed(self.held, event)
        status, held_from = transition.after(self.held, event)
        fields = {"status": status, "held_from": held_from, "due_at": None, "reasons": (), **more}
        return self.touched(now, **fields)

    def touched(self, now: Instant, **more: Any) -> "Payment":
        """Return the payment with other fields, as its next version."""
        return self._replace(**{**more, "version": self.version + 1, "updated_at": clock.to_rfc3339(now)})


class Billed(NamedTuple):
    """The invoice that a payment is of, as it is issued."""

    tenant_id: str
    project_id: str
    project_milestone_id: str
    invoice_id: str
    kind: Kind
    sequence: int
    amount_minor_units: int
    currency: str
    created_by: str
    auto_release: bool


def of_invoice(billed: Billed, payment_id: str, now: Instant) -> Payment:
    """Return the payment of an invoice that is issued now, which is looked at in a minute at the latest."""
    moment = clock.to_rfc3339(now)
    pending = Payment(
        **billed._asdict(), payment_id=payment_id, status="pending", created_at=moment, updated_at=moment, version=0
    )
    return pending.moved("invoice", now, due_at=clock.to_rfc3339(now + LOOKED_AT_AFTER))


def partition(tenant_id: str, payment_id: str) -> str:
    """Return the partition of a payment. Raises PaymentNotFound for an id that none can have."""
    if not ids.is_valid(payment_id, ID):
        raise PaymentNotFound
    return f"TENANT#{tenant_id}#PAY#{payment_id}"


def key(tenant_id: str, payment_id: str) -> Key:
    """Return the key of a payment. Raises PaymentNotFound."""
    return Key(partition(tenant_id, payment_id), "PAYMENT")


def find(tenant_id: str, payment_id: str) -> Payment | None:
    """Return a payment as it is now, None if there is none; one call. Raises PaymentNotFound."""
    item = table.get(key(tenant_id, payment_id), consistent=True)
    return None if item is None else from_item(item)


def born(payment: Payment, what: str, now: Instant) -> list[Write]:
    """Return the writes of a new payment, and of the event `payments.payment.<what>` that tells of it."""
    return [Put(to_item(payment), ABSENT), Put(entry(payment)), told(payment, what, now)]


def changed(before: Payment, after: Payment, what: str | None, now: Instant) -> list[Write]:
    """Return the writes that change a payment, which is still at the version that was read.

    `what` is how the event calls it, None for what nobody is told.
    """
    writes: list[Write] = [Put(to_item(after), unchanged(before.version)), Put(entry(after))]
    if after.waits_for_deposit:
        writes.append(Put(waiting(after)))
    elif before.waits_for_deposit:
        writes.append(Delete(waiting_key(before)))
    return writes if what is None else [*writes, told(after, what, now)]


def looked_at(tenant_id: str, payment_id: str | None, now: Instant) -> list[Write]:
    """Return the writes by which the sweep looks in a minute at the payment of an invoice that ends now; one call.

    None for a payment that does not end with it. The event of the invoice has it cancelled before, unless it is lost.
    """
    found = None if payment_id is None else find(tenant_id, payment_id)
    if found is None or not transition.is_allowed(found.held, "cancel"):
        return []
    return changed(found, found.touched(now, due_at=clock.to_rfc3339(now + LOOKED_AT_AFTER)), None, now)


def told(payment: Payment, what: str, now: Instant) -> Put:
    """Return the write of the event `payments.payment.<what>`; no event has an amount, or a text of people."""
    is_tried_again = payment.status == "failed" and payment.due_at is not None
    needs_people = trouble.needs_people(
        what, reasons=payment.reasons, attempt=payment.attempt, is_tried_again=is_tried_again
    )
    return events.occurred(
        f"payments.payment.{what}",
        partition=partition(payment.tenant_id, payment.payment_id),
        subject_id=payment.payment_id,
        tenant_id=payment.tenant_id,
        at=now,
        data={
            "payment_id": payment.payment_id,
            "payment_version": payment.version,
            "project_id": payment.project_id,
            "project_milestone_id": payment.project_milestone_id,
            "invoice_id": payment.invoice_id,
            "status": payment.status,
            "attempt": payment.attempt,
            "is_tried_again": is_tried_again,
            "needs_people": needs_people,
        },
    )


def to_item(payment: Payment) -> Item:
    """Return the item of a payment, which is a timer while a step is due."""
    item = records.to_item(key(payment.tenant_id, payment.payment_id), "Payment", payment)
    if payment.due_at is None:
        return item
    at = clock.from_rfc3339(payment.due_at)
    timer = Timer(KIND, payment.payment_id, payment.tenant_id, at, message(payment), str(payment.version))
    return item | timers.attributes(timer, look_at=at)


def message(payment: Payment) -> Item:
    """Return what a queue or a schedule tells of a payment that is due."""
    return {"tenant_id": payment.tenant_id, "payment_id": payment.payment_id}


def from_item(item: Item) -> Payment:
    """Return the payment of an item, or of its entry in the lists."""
    return records.from_item(Payment, item)


def entry(payment: Payment) -> Item:
    """Return the item by which lists have a payment: all of a tenant, and by status in the index."""
    place = Key(listing(payment.tenant_id), f"{LISTED}{payment.created_at}#{payment.payment_id}")
    listed = {
        "GSI1PK": f"{listing(payment.tenant_id)}#{payment.status}",
        "GSI1SK": f"{LISTED}{payment.created_at}#{payment.payment_id}",
    }
    return records.to_item(place, "PaymentEntry", payment) | listed


def waiting(payment: Payment) -> Item:
    """Return the item that says that a payment waits for a deposit; those of a project lie together."""
    place = waiting_key(payment)
    return {
        "PK": place.pk,
        "SK": place.sk,
        "entity": "WaitingPayment",
        "tenant_id": payment.tenant_id,
        "payment_id": payment.payment_id,
        "amount_minor_units": payment.amount_minor_units,
        "currency": payment.currency,
        "requested_at": payment.requested_at,
    }


def waiting_key(payment: Payment) -> Key:
    """Return the key of that item: the payments of a project wait in the order in which they were asked for."""
    place = queue_of(payment.tenant_id, payment.project_id)
    return Key(place, f"{WAITING}{payment.requested_at}#{payment.payment_id}")


def queue_of(tenant_id: str, project_id: str) -> str:
    """Return the partition of the payments of a project that wait for a deposit."""
    return f"TENANT#{tenant_id}#ESCROW#{project_id}"


def listing(tenant_id: str) -> str:
    """Return the partition of the entries of a tenant; with `#` and a status, that of the index."""
    return f"TENANT#{tenant_id}#PAYMENTS"
