"""What is measured of indexing: after how long a change is findable, and what the engine could not take."""

from collections.abc import Sequence
from typing import Final

from functions.search.documents.documents import Stored
from shared import clock, metrics
from shared.metrics import Metric

INDEX_LAG: Final = Metric("IndexLag", "search", "Milliseconds")
"""From the change of a document until an index that has it is published; not of what an import has brought in."""

REFUSED_DOCUMENTS: Final = Metric("RefusedDocuments", "search")

METRICS: Final = (INDEX_LAG, REFUSED_DOCUMENTS)


def measure(changed: Sequence[Stored], *, refused: int) -> None:
    """Measure how long documents waited for the publication that was just made, and count those refused.

    An import of 100,000 lines takes its time, and says itself how far it is.
    """
    now = clock.now()
    since = [clock.from_stored(each.updated_at) for each in changed if not each.imported]
    metrics.write({INDEX_LAG: [max(now - each, 0) for each in since]})
    for _ in range(refused):
        metrics.count(REFUSED_DOCUMENTS)
