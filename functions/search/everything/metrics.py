"""What is measured of the search of Milepost: hits that were shown, and hits of which the index knew too much."""

from typing import Final

from shared import metrics
from shared.metrics import Metric

HITS: Final = Metric("Hits", "search")
"""Hits that were proved and shown."""

REFUSED_HITS: Final = Metric("RefusedHits", "search")
"""Hits whose item is not there any more: the index is behind."""

METRICS: Final = (HITS, REFUSED_HITS)


def count(*, shown: int, refused: int) -> None:
    """Count the hits of an answer."""
    if shown or refused:
        metrics.write({HITS: [shown], REFUSED_HITS: [refused]})
