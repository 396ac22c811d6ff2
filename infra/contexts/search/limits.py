"""What rings of search besides its queues: an index that is behind, a writer that broke off, what is of no index."""

from typing import Final

from functions.search.everything.metrics import HITS, REFUSED_HITS
from functions.search.indexing.metrics import INDEX_LAG, REFUSED_DOCUMENTS
from functions.search.sweeps.metrics import ERASURE_AGE, ORPHANED_OBJECTS, STALLED_WRITERS
from infra.monitoring import Limit

# A writer that broke off leaves some ten objects, and mostly the next one of its collection knows of them.
FEWEST_ORPHANS: Final = 100
REFUSED_PERCENT: Final = 1
# With the fourteen days that a domain keeps its snapshots, one is left of the thirty in which erased data has to go.
LATEST_ERASURE_DAYS: Final = 15

LIMITS: Final = (
    Limit(
        "IndexLag",
        INDEX_LAG,
        60_000,
        statistic="p95",
        says="5 % of the changed documents were found a minute later or more.",
        see="search-is-behind",
    ),
    Limit(
        "StalledWriters",
        STALLED_WRITERS,
        1,
        statistic="Maximum",
        says="A writer of an index has said nothing for two minutes, and documents wait.",
        see="search-is-behind",
    ),
    Limit(
        "RefusedHits",
        REFUSED_HITS,
        REFUSED_PERCENT,
        beside=HITS,
        says=f"{REFUSED_PERCENT} % of what the search of Milepost found is not there any more.",
        see="search-is-behind",
    ),
    Limit(
        "RefusedDocuments",
        REFUSED_DOCUMENTS,
        1,
        says="The search engine could not take a document, which is not found.",
        see="search-is-behind",
    ),
    Limit(
        "OrphanedObjects",
        ORPHANED_OBJECTS,
        FEWEST_ORPHANS,
        says=f"{FEWEST_ORPHANS} objects of no index were removed from the bucket.",
        see="search-is-behind",
    ),
    Limit(
        "ErasureAge",
        ERASURE_AGE,
        LATEST_ERASURE_DAYS * 24 * 60 * 60 * 1000,
        statistic="Maximum",
        says=f"An index holds words of what was deleted {LATEST_ERASURE_DAYS} days ago.",
        see="search-is-behind",
    ),
)
