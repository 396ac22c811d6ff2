"""The events of payments. None has an address, a bank line, an amount, or another text that people wrote."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType


class InvoiceChanged(EventData):
    """Which invoice it is, and how it is after the change."""

    invoice_id: str
    invoice_version: int
    project_id: str
    project_milestone_id: str
    kind: str = Field(description="`milestone`, `partial` or `retention`.")
    status: str = Field(description="`draft`, `issued`, `paid` or `cancelled`.")


class InvoiceIssued(InvoiceChanged):
    """Which invoice it is, and what it is called."""

    number: str
    due_on: str


class InvoiceCredited(InvoiceChanged):
    """Which invoice it is, and which note took back of it."""

    credit_note_id: str
    number: str = Field(description="Of the credit note.")


class DepositMade(EventData):
    """Which deposit it is, and for which project."""

    deposit_id: str
    project_id: str


class PaymentSettingsChanged(EventData):
    """At which version the settings are."""

    settings_version: int


_of_an_invoice = partial(EventType, InvoiceChanged)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "payments.deposit.made": EventType(
        DepositMade, "An amount was deposited for a project.", is_published=True, is_audited=True
    ),
    "payments.invoice.drafted": _of_an_invoice("A draft of an invoice was made."),
    "payments.invoice.changed": _of_an_invoice("A draft of an invoice was changed."),
    "payments.invoice.deleted": _of_an_invoice("A draft of an invoice is gone."),
    "payments.invoice.issued": EventType(
        InvoiceIssued, "An invoice was issued under its number.", is_published=True, is_audited=True
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
    "payments.settings.changed": EventType(
        PaymentSettingsChanged, "Settings of invoices were changed.", is_audited=True
    ),
}
