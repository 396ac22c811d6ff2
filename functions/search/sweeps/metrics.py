"""What is counted of sweeps: writers that broke off, and objects that nobody would have removed."""

from typing import Final

from shared.metrics import Metric

STALLED_WRITERS: Final = Metric("StalledWriters", "search")
"""Collections with waiting documents whose writer has said nothing for two minutes, in one sweep."""

ORPHANED_OBJECTS: Final = Metric("OrphanedObjects", "search")

ERASURE_AGE: Final = Metric("ErasureAge", "search", "Milliseconds")
"""For how long an index holds words of what was deleted: of the one that does so longest, if it is to be built anew."""

METRICS: Final = (STALLED_WRITERS, ORPHANED_OBJECTS, ERASURE_AGE)
