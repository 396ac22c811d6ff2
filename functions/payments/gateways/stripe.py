"""Stripe as a gateway: transfers to the payee's connected account, found by their group, which is the payment's id.

Stripe keeps the answer to an idempotency key for a day, that of a failure inside it, too: after a 500 the same key has
the same 500 for ever, and only a question tells what became of the transfer. A transfer that Stripe has accepted is
made, and a refund is its reversal. https://docs.stripe.com/api/idempotent_requests
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import stripe
from stripe import StripeClient

from functions.payments.gateways import stripe_amounts
from functions.payments.gateways.gateways import AmountNotTaken, Outcome, Return, Transfer

API: Final = "https://api.stripe.com"
CONNECT: Final = timedelta(seconds=3)
ANSWER: Final = timedelta(seconds=20)
"""Stripe answers within seconds; what takes longer is asked about."""
_MOST: Final = 100
# What Stripe refuses before it does anything; the rest may have had an effect.
_CERTAIN: Final = frozenset({400, 401, 402, 403, 404})
UNKNOWN: Final = Outcome("unknown")


class Stripe:
    """Stripe, by the secret key of the platform's account; `api` is another address in tests."""

    name = "stripe"
    is_told = True

    def __init__(self, secret_key: str, *, api: str = API, answer: timedelta = ANSWER) -> None:
        self._client = StripeClient(
            secret_key,
            base_addresses={"api": api},
            # It repeats nothing by itself: what may be repeated, and when, is up to the payment.
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(CONNECT.total_seconds(), answer.total_seconds())),
        )

    def require_possible(self, amount_minor_units: int, currency: str) -> None:
        """Require that Stripe moves such amounts. Raises AmountNotTaken."""
        stripe_amounts.to_stripe(amount_minor_units, currency)

    def send(self, transfer: Transfer) -> Outcome:
        """Transfer to the payee, who must have an account."""
        if transfer.payee is None:
            return Outcome("refused", reason="payee_missing")
        params: dict[str, Any] = {
            "amount": stripe_amounts.to_stripe(transfer.amount_minor_units, transfer.currency),
            "currency": transfer.currency.lower(),
            "destination": transfer.payee,
            "transfer_group": transfer.payment_id,
            "metadata": {"payment_id": transfer.payment_id},
        }
        options: Any = {"idempotency_key": transfer.key}
        return _said(lambda: _made(self._client.v1.transfers.create(params, options)))  # type: ignore[arg-type]

    def find(self, transfer: Transfer) -> Outcome:
        """Return the transfer of a payment, whatever key it was made by."""

        def ask() -> Outcome:
            found = self._client.v1.transfers.list({"transfer_group": transfer.payment_id, "limit": _MOST})
            standing = [each for each in found.data if not each.reversed]
            return _made(standing[0]) if standing else Outcome("absent")

        return _asked(ask)

    def give_back(self, refund: Return) -> Outcome:
        """Reverse a part of a transfer, or all of it."""
        params: dict[str, Any] = {
            "amount": stripe_amounts.to_stripe(refund.amount_minor_units, refund.currency),
            "metadata": {"refund_id": refund.refund_id},
        }
        options: Any = {"idempotency_key": refund.key}
        reversals = self._client.v1.transfers.reversals
        return _said(lambda: _made(reversals.create(refund.reference, params, options)))  # type: ignore[arg-type]

    def find_return(self, refund: Return) -> Outcome:
        """Return the reversal of a refund, whatever key it was made by."""

        def ask() -> Outcome:
            found = self._client.v1.transfers.reversals.list(refund.reference, {"limit": _MOST})
            for each in found.data:
                if each.to_dict()["metadata"].get("refund_id") == refund.refund_id:
                    return _made(each)
            return Outcome("absent")

        return _asked(ask)


def _said(ask: Callable[[], Outcome]) -> Outcome:
    """Return what has become of a call that moves money."""
    try:
        return ask()
    except AmountNotTaken:
        raise
    except stripe.IdempotencyError:
        # Another call has this key, or had it with other parameters: which is not for this one to say.
        return UNKNOWN
    except stripe.StripeError as error:
        if error.http_status in _CERTAIN:
            return Outcome("refused", reason=error.code or type(error).__name__)
        return UNKNOWN


def _asked(ask: Callable[[], Outcome]) -> Outcome:
    """Return what a question was answered; a refusal of the question says nothing of the money."""
    try:
        return ask()
    except stripe.StripeError:
        return UNKNOWN


def _made(by: Any) -> Outcome:
    """Return the outcome of a transfer or a reversal that there is. An amount that cannot be is none that was asked."""
    currency = str(by.currency).upper()
    amount = stripe_amounts.from_stripe(int(by.amount), currency)
    return Outcome("made", by.id, moved=(-1 if amount is None else amount, currency))
