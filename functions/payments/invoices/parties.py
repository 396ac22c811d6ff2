"""Who an invoice is from and to, and what else of the tenant and the project is copied to it."""

from collections.abc import Mapping
from typing import Any

from functions.payments.invoices.opening import Opened
from functions.payments.terms.terms import REVERSE_CHARGE_NOTE, Terms
from shared import clock
from shared.errors import Conflict


class SellerUnknown(Conflict):
    """409: the tenant has not said who its invoices are from."""

    def __init__(self) -> None:
        super().__init__("Nobody has said who invoices are from. Set the seller in the payment settings first.")


class BuyerUnknown(Conflict):
    """409: the project has no client."""

    def __init__(self) -> None:
        super().__init__("The project has no client to invoice. Set the client of the project first.")


def of(opened: Opened) -> dict[str, Any]:
    """Return the seller, the buyer and the bank lines as they are now. Raises SellerUnknown, BuyerUnknown."""
    if not opened.settings.seller:
        raise SellerUnknown
    if not opened.client:
        raise BuyerUnknown
    return {
        "seller": dict(opened.settings.seller),
        "buyer": _buyer(opened.client),
        "bank_lines": opened.bank_lines(clock.now()),
    }


def known(opened: Opened) -> dict[str, Any]:
    """Return the same for a preview, where either party may be missing."""
    return {
        "seller": None if not opened.settings.seller else dict(opened.settings.seller),
        "buyer": None if not opened.client else _buyer(opened.client),
        "bank_lines": opened.bank_lines(clock.now()),
    }


def told(terms: Terms) -> dict[str, Any]:
    """Return terms as an invoice holds them; a reverse charge says so."""
    note = terms.tax_note or (REVERSE_CHARGE_NOTE if terms.tax_category == "reverse_charge" else None)
    return {**terms._asdict(), "thresholds": [*terms.thresholds], "tax_note": note}


def _buyer(client: Mapping[str, Any]) -> dict[str, Any]:
    tax_id, address = client.get("tax_id"), client.get("address")
    return {
        "name": client["name"],
        "address": [address] if address else [],
        "tax_ids": [tax_id] if tax_id else [],
        "email": client.get("email"),
    }
