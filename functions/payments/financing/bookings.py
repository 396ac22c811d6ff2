"""What an advance moves in the ledger: paid out, and repaid part by part. The references are there once."""

from functions.payments.financing.financings import Financing
from functions.payments.financing.repayments import Repayment
from functions.payments.ledger import posting
from functions.payments.ledger.entries import Entry
from shared.clock import Instant


def advanced(financing: Financing, now: Instant) -> Entry:
    """Return the entry of an advance that is paid out."""
    amount = financing.amount_minor_units
    return posting.entry(
        "advanced",
        {"clearing": amount, "advance_payable": amount},
        tenant_id=financing.tenant_id,
        currency=financing.currency,
        reference=f"{financing.financing_id}#advanced",
        at=now,
        project_id=financing.project_id,
    )


def repaid(financing: Financing, repayment: Repayment, now: Instant) -> Entry:
    """Return the entry of a repayment: its principal and its interest."""
    principal, interest = repayment.principal_minor_units, repayment.interest_minor_units
    return posting.entry(
        "instalment_repaid",
        {"advance_payable": principal, "interest": interest, "clearing": principal + interest},
        tenant_id=financing.tenant_id,
        currency=financing.currency,
        reference=reference(financing, repayment),
        at=now,
        project_id=financing.project_id,
    )


def reference(financing: Financing, repayment: Repayment) -> str:
    """Return what the ledger calls a repayment: that of pledged money has the id of its payment."""
    if repayment.payment_id is not None:
        return of_payment(repayment.payment_id)
    return f"{financing.financing_id}#repaid-{repayment.number}"


def of_payment(payment_id: str) -> str:
    """Return what the ledger calls the repayment by a pledged payment, of which there is one."""
    return f"{payment_id}#pledged"
