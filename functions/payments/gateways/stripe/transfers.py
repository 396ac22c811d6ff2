"""Stripe as a gateway: transfers to the payee's connected account, found by their group, which is the payment's id.

Stripe keeps the answer to an idempotency key for a day, that of a failure inside it, too: after a 500 the same key has
the same 500 for ever, and only a question tells what became of the transfer. A transfer that Stripe has accepted is
made, and a refund is its reversal. https://docs.stripe.com/api/idempotent_requests
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import stripe
from stripe import StripeClient

from functions.payments.gateways.gateways import Outcome, Return, Transfer
from functions.payments.gateways.stripe import amounts

API: Final = "https://api.stripe.com"
CONNECT: Final = timedelta(seconds=3)
ANSWER: Final = timedelta(seconds=20)
"""Stripe answers within seconds; what takes longer is asked about."""
_MOST: Final = 100
# What Stripe refuses before it does anything; the rest may have had an effect.
_CERTAIN: Final = frozenset({400, 401, 402, 403, 404})
_IMPOSSIBLE: Final = -1
UNKNOWN: Final = Outcome("unknown")


class Stripe:
    """Stripe, by the secret key of the platform's account; `api` is another address where something stands in."""

    name = "stripe"

    def __init__(self, secret_key: str, *, api: str = API, answer: timedelta = ANSWER) -> None:
        self._client = StripeClient(
            secret_key,
            base_addresses={"api": api},
            # It repeats nothing by itself: what may be repeated, and when, is up to the payment.
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(CONNECT.total_seconds(), answer.total_seconds())),
        )

    def send(self, transfer: Transfer) -> Outcome:
        """Transfer to the payee, who must have an account."""
        if transfer.payee_account is None:
            return Outcome("refused", reason="payee_missing")
        amount = amounts.to_stripe(transfer.amount_minor_units, transfer.currency)
        if amount is None:
            return Outcome("refused", reason="amount_not_taken")
        params: dict[str, Any] = {
            "amount": amount,
            "currency": transfer.currency.lower(),
            "destination": transfer.payee_account,
            "transfer_group": transfer.payment_id,
            "metadata": {"payment_id": transfer.payment_id},
        }
        options: Any = {"idempotency_key": transfer.key}
        return _said(lambda: _made([self._client.v1.transfers.create(params, options)]))  # type: ignore[arg-type]

    def find(self, transfer: Transfer) -> Outcome:
        """Return the transfer of a payment, whatever key it was made by; what was reversed of it is not moved."""

        def ask() -> Outcome:
            found = self._client.v1.transfers.list({"transfer_group": transfer.payment_id, "limit": _MOST})
            return _made(found.data) if found.data else Outcome("absent")

        return _asked(ask)

    def give_back(self, refund: Return) -> Outcome:
        """Reverse a part of a transfer, or all of it."""
        amount = amounts.to_stripe(refund.amount_minor_units, refund.currency)
        if amount is None:
            return Outcome("refused", reason="amount_not_taken")
        params: dict[str, Any] = {"amount": amount, "metadata": {"refund_id": refund.refund_id}}
        options: Any = {"idempotency_key": refund.refund_id}
        reversals = self._client.v1.transfers.reversals
        return _said(lambda: _made([reversals.create(refund.reference, params, options)]))  # type: ignore[arg-type]

    def find_return(self, refund: Return) -> Outcome:
        """Return the reversal of a refund."""

        def ask() -> Outcome:
            found = self._client.v1.transfers.reversals.list(refund.reference, {"limit": _MOST})
            own = [each for each in found.data if _is_of(each, refund)]
            if own:
                return _made(own)
            return UNKNOWN if found.has_more else Outcome("absent")

        return _asked(ask)


def _is_of(reversal: Any, refund: Return) -> bool:
    return bool((reversal.to_dict().get("metadata") or {}).get("refund_id") == refund.refund_id)


def _said(ask: Callable[[], Outcome]) -> Outcome:
    """Return what has become of a call that moves money."""
    try:
        return ask()
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


def _made(by: Sequence[Any]) -> Outcome:
    """Return the outcome of transfers or reversals that there are: what stands of all of them together.

    An amount that cannot be is none that was asked.
    """
    found = [each.to_dict() for each in by]
    currency = str(found[0]["currency"]).upper()
    stands = sum(int(each["amount"]) - int(each.get("amount_reversed") or 0) for each in found)
    is_one = len({each["currency"] for each in found}) == 1
    amount = amounts.from_stripe(stands, currency) if is_one else None
    return Outcome("made", found[0]["id"], moved=(_IMPOSSIBLE if amount is None else amount, currency))
