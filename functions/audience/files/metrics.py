"""What is measured of the files of leads: how far they are behind, and what went wrong with them."""

from typing import Final

from shared import metrics
from shared.clock import Instant
from shared.metrics import Metric

FILES_LAG: Final = Metric("FilesLag", "audience", "Milliseconds")
"""From the oldest change of a batch until its delta is written; DynamoDB says by the second when a change was made."""

FILES_OF_ANOTHER_TIME: Final = Metric("FilesOfAnotherTime", "audience")
"""Tenants whose files are of a later generation than their pointer, as after a restore of the table."""

METRICS: Final = (FILES_LAG, FILES_OF_ANOTHER_TIME)


def measure(lag: Instant) -> None:
    """Measure how far a delta was behind."""
    metrics.write({FILES_LAG: [max(lag, 0)]})
