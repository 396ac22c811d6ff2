"""Which troubles with a payment do not end by themselves. Pure."""

from collections.abc import Sequence
from typing import Final

_HOLDS: Final = frozenset(
    {
        *("amount_differs", "no_answer", "transfer_exists"),
        *("amount_not_taken", "payee_missing", "gateway_not_configured"),
    }
)
"""The reasons of a hold that nobody has given, and that nothing but people ends."""
_ALWAYS: Final = ("stalled", "contradicted", "refund_failed")


def needs_people(what: str, *, reasons: Sequence[str], attempt: int, is_tried_again: bool) -> bool:
    """Return whether the event `payments.payment.<what>` of a payment tells of such a trouble.

    A payment that waits for a deposit after an `attempt` does: the deposits had covered it, and its transfer may exist.
    """
    match what:
        case "failed":
            return not is_tried_again
        case "held":
            return not _HOLDS.isdisjoint(reasons)
        case "deposit_awaited":
            return attempt > 0
        case _:
            return what in _ALWAYS
