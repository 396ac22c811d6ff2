"""What a piece of evidence adds to the counts of its milestone. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from functions.projects.evidence.evidence import PRESENT, Evidence
from functions.projects.requirements import Counts

Change = tuple[Evidence | None, Evidence | None]
"""A piece of evidence before and after a change; None where it is not there."""


def changed(counts: Counts, changes: Sequence[Change]) -> Counts:
    """Return the counts after changes of pieces of evidence."""
    pieces, uploaded, verified = counts.pieces, Counter(counts.uploaded), Counter(counts.verified)
    uploaders, shown = Counter(counts.uploaders), Counter(counts.shown)
    for before, after in changes:
        for each, by in ((before, -1), (after, 1)):
            if each is None:
                continue
            pieces += by
            uploaders[each.uploaded_by] += by * (each.status in PRESENT)
            shown[each.evidence_id] += by * (each.status in PRESENT)
            if each.requirement is not None:
                uploaded[each.requirement] += by * (each.status in PRESENT)
                verified[each.requirement] += by * (each.status == "verified")
    return counts._replace(
        pieces=pieces,
        uploaded=_positive(uploaded),
        verified=_positive(verified),
        uploaders=_positive(uploaders),
        shown=sorted(_positive(shown)),
    )


def _positive(counted: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counted.items() if count}
