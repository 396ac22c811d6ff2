"""How invoices, payments and accounts are named on the command line, and what several commands take."""

from typing import Annotated
from urllib.parse import quote

import typer

Invoice = Annotated[str, typer.Argument(metavar="INVOICE", help="The id of an invoice.")]
Payment = Annotated[str, typer.Argument(metavar="PAYMENT", help="The id of a payment.")]
OfProject = Annotated[str | None, typer.Option("--project", metavar="PROJECT", help="Only those of this project.")]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="In the decimals of its currency, as 1250.50.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, up to 1000 characters.")]
Currency = Annotated[str | None, typer.Option("--currency", help="ISO 4217, as EUR; else that of the tenant.")]


def invoice_path(invoice: str) -> str:
    """Return where an invoice is."""
    return f"/invoices/{quote(invoice, safe='')}"


def payment_path(payment: str) -> str:
    """Return where a payment is."""
    return f"/payments/{quote(payment, safe='')}"
