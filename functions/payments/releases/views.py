"""What callers see of a payment."""

from collections.abc import Sequence
from typing import Any, Final

from functions.payments import transition
from functions.payments.payments import Payment
from functions.payments.releases.attempts import Attempt
from functions.payments.releases.repayments import Refund

View = dict[str, Any]

_DISPUTE: Final = (
    *("opened_by", "opened_at", "reason"),
    *("release_minor_units", "refund_minor_units", "resolution", "resolved_by", "resolved_at"),
)


def payment(shown: Payment) -> View:
    """Return a payment, and what people may do with it now."""
    view = shown._asdict()
    del view["tenant_id"]
    for hidden in ("to_refund_minor_units", "payee_account", "refunding"):
        del view[hidden]
    back = 0 if shown.refunding is None else shown.refunding["amount_minor_units"]
    dispute = None if shown.dispute is None else {name: shown.dispute.get(name) for name in _DISPUTE}
    return view | {
        "reasons": [*shown.reasons],
        "allowed": transition.allowed(shown.held),
        "dispute": dispute,
        "refunding_minor_units": back,
    }


def whole(shown: Payment, attempts: Sequence[Attempt], refunds: Sequence[Refund]) -> View:
    """Return a payment with its attempts and its refunds."""
    return payment(shown) | {
        "attempts": [each._asdict() for each in attempts],
        "refunds": [each._asdict() for each in refunds],
    }
