"""The events of payments. None has an address, a bank line, an amount, or another text that people wrote."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType, SubjectState


class InvoiceChanged(EventData):
    """Which invoice it is, and how it is after the change."""

    invoice_id: str
    invoice_version: int
    project_id: str
    project_milestone_id: str
    kind: str = Field(description="`milestone`, `partial` or `retention`.")
    status: str = Field(description="`draft`, `issued`, `paid` or `cancelled`.")
    payment_id: str | None = Field(default=None, description="The payment of an invoice that is issued.")


class InvoiceState(SubjectState):
    """The invoice as it is stored."""


class InvoiceIssued(InvoiceChanged):
    """Which invoice it is, and what it is called."""

    number: str
    due_on: str


class InvoiceSendRequested(InvoiceChanged):
    """Which invoice it is, and which of its sendings."""

    sending: int = Field(description="Counts the sendings of an invoice.")


class InvoiceSendFailed(InvoiceSendRequested):
    """Which invoice it is, and what came of its sending."""

    reason: str = Field(description="`refused`, or `unknown` for a mail that may have arrived.")


class InvoiceCredited(InvoiceChanged):
    """Which invoice it is, and which note took back of it."""

    credit_note_id: str
    number: str = Field(description="Of the credit note.")


class DepositMade(EventData):
    """Which deposit it is, and for which project."""

    deposit_id: str
    project_id: str


class DepositReturned(EventData):
    """What was paid back of deposits, and for which project."""

    deposit_return_id: str
    project_id: str


class InvoiceScheduleChanged(EventData):
    """Which schedule of invoices it is, and how it is after the change."""

    invoice_schedule_id: str
    invoice_schedule_version: int
    project_id: str
    project_milestone_id: str
    status: str = Field(description="`active`, `paused` or `ended`.")


class PaymentSettingsChanged(EventData):
    """At which version the settings are."""

    settings_version: int


class PayeeChanged(EventData):
    """At which version the payee is."""

    payee_version: int


_of_an_invoice = partial(EventType, InvoiceChanged)


class PaymentChanged(EventData):
    """Which payment it is, and how it is after the change."""

    payment_id: str
    payment_version: int = Field(description="As `version` of its state.")
    project_id: str
    project_milestone_id: str
    invoice_id: str
    status: str
    attempt: int = Field(description="How often a gateway was asked to make it.")
    is_tried_again: bool = Field(description="Whether it is tried again by itself.")
    needs_people: bool = Field(description="Whether it is in trouble that does not end by itself.")


_of_a_payment = partial(EventType, PaymentChanged)


class FinancingChanged(EventData):
    """Which financing request it is, and how it is after the change."""

    financing_id: str
    financing_version: int = Field(description="As `version` of its state.")
    project_id: str
    status: str = Field(description="`pending`, `approved`, `rejected`, `active`, `completed` or `defaulted`.")


class FinancingState(SubjectState):
    """The financing request as it is stored."""


_of_financing = partial(EventType, FinancingChanged, is_audited=True)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "payments.deposit.made": EventType(
        DepositMade, "An amount was deposited for a project.", is_published=True, is_audited=True
    ),
    "payments.deposit.returned": EventType(
        DepositReturned, "What was left of deposits was paid back.", is_published=True, is_audited=True
    ),
    "payments.financing.requested": _of_financing("An advance was asked for.", is_published=True),
    "payments.financing.disbursed": _of_financing("An advance was paid out.", is_published=True),
    "payments.financing.repaid": _of_financing("A part of an advance was repaid.", is_published=True),
    "payments.financing.defaulted": _of_financing("An instalment is more than 15 days late.", is_published=True),
    "payments.financing.completed": _of_financing("An advance is repaid in time.", is_published=True),
    "payments.financing.voted": _of_financing("Somebody has approved an advance, and it takes more approvals."),
    "payments.financing.approved": _of_financing("The last layer has approved an advance.", is_published=True),
    "payments.financing.rejected": _of_financing("An advance was rejected or withdrawn.", is_published=True),
    "payments.financing.stated": EventType(
        FinancingChanged, "Nothing happened: an operator had said how a financing request is.", state=FinancingState
    ),
    "payments.payment.invoiced": _of_a_payment("The invoice of a payment was issued."),
    "payments.payment.awaited": _of_a_payment("A payment waits for somebody to release it."),
    "payments.payment.deposit_awaited": _of_a_payment(
        "A payment waits for a deposit, because those of its project do not cover it.", is_published=True
    ),
    "payments.payment.release_requested": _of_a_payment("The release of a payment was asked for.", is_audited=True),
    "payments.payment.claimed": _of_a_payment("A gateway is about to be asked to make a payment.", is_audited=True),
    "payments.payment.released": _of_a_payment("A payment was made.", is_published=True, is_audited=True),
    "payments.payment.failed": _of_a_payment(
        "An attempt at a payment has failed; without `is_tried_again` people decide.",
        is_published=True,
        is_audited=True,
    ),
    "payments.payment.held": _of_a_payment("A payment was held.", is_published=True, is_audited=True),
    "payments.payment.resumed": _of_a_payment("A payment is not held any more.", is_audited=True),
    "payments.payment.cancelled": _of_a_payment(
        "Nothing of its invoice is to be paid any more.", is_published=True, is_audited=True
    ),
    "payments.payment.refund_requested": _of_a_payment(
        "A gateway is to be asked to pay back a part of a payment, or all of it.", is_audited=True
    ),
    "payments.payment.refund_failed": _of_a_payment(
        "A gateway has certainly not paid back what was asked.", is_published=True, is_audited=True
    ),
    "payments.payment.refunded": _of_a_payment(
        "A payment, or a part of it, was paid back.", is_published=True, is_audited=True
    ),
    "payments.payment.disputed": _of_a_payment(
        "Somebody says that a payment is not right, and it is held.", is_published=True, is_audited=True
    ),
    "payments.payment.dispute_resolved": _of_a_payment(
        "A third person has settled the dispute about a payment.", is_published=True, is_audited=True
    ),
    "payments.payment.contradicted": _of_a_payment(
        "A gateway tells of a transfer that does not agree with a payment that has ended.",
        is_published=True,
        is_audited=True,
    ),
    "payments.payment.stalled": _of_a_payment(
        "A payment is not settled a week after a gateway took it, or the end of a refund not known after a day.",
        is_published=True,
        is_audited=True,
    ),
    "payments.invoice.drafted": _of_an_invoice("A draft of an invoice was made."),
    "payments.invoice.changed": _of_an_invoice("A draft of an invoice was changed."),
    "payments.invoice.deleted": _of_an_invoice("A draft of an invoice is gone."),
    "payments.invoice.issued": EventType(
        InvoiceIssued, "An invoice was issued under its number.", is_published=True, is_audited=True
    ),
    "payments.invoice.send_requested": EventType(
        InvoiceSendRequested, "Somebody asked for an invoice to be mailed to its client.", is_audited=True
    ),
    "payments.invoice.sent": EventType(
        InvoiceSendRequested, "An invoice was mailed to its client.", is_published=True, is_audited=True
    ),
    "payments.invoice.send_failed": EventType(
        InvoiceSendFailed,
        "A mail with an invoice was not taken, or may not have been.",
        is_published=True,
        is_audited=True,
    ),
    "payments.invoice.bounced": EventType(
        InvoiceSendRequested, "A mail with an invoice did not arrive.", is_published=True, is_audited=True
    ),
    "payments.invoice.complained": EventType(
        InvoiceSendRequested, "A client marked the mail with an invoice as spam.", is_published=True, is_audited=True
    ),
    "payments.invoice.payment_recorded": _of_an_invoice(
        "Somebody recorded what was paid of an invoice outside of Milepost.", is_audited=True
    ),
    "payments.invoice.paid": _of_an_invoice(
        "Nothing of an invoice is due any more.", is_published=True, is_audited=True
    ),
    "payments.invoice.credited": EventType(
        InvoiceCredited, "A credit note took back lines of an invoice.", is_published=True, is_audited=True
    ),
    "payments.invoice.cancelled": _of_an_invoice(
        "Credit notes took back all of an invoice.", is_published=True, is_audited=True
    ),
    "payments.invoice.stated": EventType(
        InvoiceChanged, "Nothing happened: an operator had said how an invoice is.", state=InvoiceState
    ),
    "payments.payee.proposed": EventType(
        PayeeChanged, "Somebody has proposed another payee.", is_published=True, is_audited=True
    ),
    "payments.payee.confirmed": EventType(
        PayeeChanged,
        "A second person has confirmed a payee, which takes effect a day later.",
        is_published=True,
        is_audited=True,
    ),
    "payments.payee.withdrawn": EventType(
        PayeeChanged, "A change of the payee was taken back.", is_published=True, is_audited=True
    ),
    "payments.invoice_schedule.created": EventType(
        InvoiceScheduleChanged, "A milestone is invoiced again and again from now on.", is_audited=True
    ),
    "payments.invoice_schedule.changed": EventType(
        InvoiceScheduleChanged, "A schedule of invoices was changed.", is_audited=True
    ),
    "payments.invoice_schedule.deleted": EventType(
        InvoiceScheduleChanged, "A schedule of invoices is gone.", is_audited=True
    ),
    "payments.invoice_schedule.ended": EventType(
        InvoiceScheduleChanged, "A schedule of invoices has ended.", is_published=True, is_audited=True
    ),
    "payments.settings.changed": EventType(
        PaymentSettingsChanged, "Settings of invoices were changed.", is_audited=True
    ),
}
