"""What keeps a gateway from making a payment at all, known before it is asked. Pure."""

from typing import Literal

from functions.payments.gateways.stripe import amounts
from shared.errors import Conflict, NotAllowed

Hindrance = Literal["amount_not_taken", "payee_missing"]


class AmountNotTaken(NotAllowed):
    """422: the gateway does not move this amount of this currency."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"Stripe does not move this amount of {currency}: its last digits have to be 0.")


class PayeeMissing(Conflict):
    """409: nobody has said where payments of the tenant go, or not for a day yet."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no payee in effect with an account at Stripe. Propose and confirm one first.")


def hindrance(gateway: str, amount_minor_units: int, currency: str, payee_account: str | None) -> Hindrance | None:
    """Return why a gateway cannot make a payment, None if it can."""
    if gateway != "stripe":
        return None
    if amounts.to_stripe(amount_minor_units, currency) is None:
        return "amount_not_taken"
    return None if payee_account else "payee_missing"


def require(gateway: str, amount_minor_units: int, currency: str, payee_account: str | None) -> None:
    """Require that a gateway can make a payment. Raises AmountNotTaken, PayeeMissing."""
    require_amount(gateway, amount_minor_units, currency)
    if hindrance(gateway, amount_minor_units, currency, payee_account) is not None:
        raise PayeeMissing


def require_amount(gateway: str, amount_minor_units: int, currency: str) -> None:
    """Require that a gateway moves such an amount. Raises AmountNotTaken."""
    if gateway == "stripe" and amounts.to_stripe(amount_minor_units, currency) is None:
        raise AmountNotTaken(currency)
