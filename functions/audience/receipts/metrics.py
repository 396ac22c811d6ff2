"""What is measured of receipts."""

from typing import Final

from shared import metrics
from shared.metrics import Metric

UNKNOWN_RECEIPTS: Final = Metric("UnknownReceipts", "audience")
"""Receipts of messages that this stage has not sent."""

METRICS: Final = (UNKNOWN_RECEIPTS,)


def count_unknown(receipts: int) -> None:
    """Count receipts of messages that were not sent."""
    metrics.write({UNKNOWN_RECEIPTS: [receipts]})
