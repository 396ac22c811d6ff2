"""What is measured of indexing: after how long a change is findable, and what the engine could not take."""

from collections.abc import Sequence
from typing import Final

from functions.search.documents.documents import Stored
from shared import clock, metrics
from shared.metrics import Metric

INDEX_LAG: Final = Metric("IndexLag", "search", "Milliseconds")
"""From the change of a document until an index that has it is published."""

REFUSED_DOCUMENTS: Final = Metric("RefusedDocuments", "search")

METRICS: Final = (INDEX_LAG, REFUSED_DOCUMENTS)


def measure(changed: Sequence[Stored], *, refused: int) -> None:
    """Measure how long documents waited for the publication that was just made, and count those refused."""
    now = clock.now()
    metrics.write({INDEX_LAG: [max(now - clock.from_stored(each.updated_at), 0) for each in changed]})
    for _ in range(refused):
        metrics.count(REFUSED_DOCUMENTS)
