"""Evidence that lies elsewhere: an https address. It is kept and shown, and never fetched."""

from collections.abc import Mapping
from typing import Any

from functions.projects.evidence import drafting, evidence, opening, writing
from functions.projects.evidence.evidence import View
from functions.projects.evidence.writing import Change
from shared import clock, ids
from shared.callers.caller import Caller
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim


def add(caller: Caller, milestone_id: str, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Add a link as evidence of a milestone, and return it; nobody has to wait for it.

    Raises ProjectMilestoneNotFound, RoleRequired, InvalidInput, MilestoneFinal, TooMuchEvidence.
    """
    evidence_id = ids.new(evidence.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        place = opening.milestone(caller, milestone_id)
        drafting.require_room(place, fields["requirement"])
        new = drafting.drafted(caller, place, evidence_id, "link", fields, now)
        new = new._replace(status="uploaded", due_at=new.expires_at)
        writes = writing.written(place.within.milestone, place.within.counts, [Change("uploaded", None, new)], now)
        return Plan(evidence.view(new), writes)

    return changes.make(plan, claim=claim)
