"""What a caller can look at of the plan of a project."""

from typing import Any

from functions.projects.dependencies import dependencies
from functions.projects.milestones import milestones, opening
from functions.projects.planning import lifecycle
from shared import clock
from shared.callers.caller import Caller
from shared.storage import table

View = dict[str, Any]


def of_milestone(caller: Caller, milestone_id: str) -> list[View]:
    """Return what a milestone depends on, and what of that is open. Raises ProjectMilestoneNotFound."""
    opened = opening.milestone(caller, milestone_id, consistent=False)
    found, now = opened.milestone, clock.now()
    kept = dependencies.of(found.dependencies)
    keys = [milestones.key(caller.tenant_id, each.from_id) for each in kept]
    others = table.get_many(keys) if keys else []
    views = []
    for each, other in zip(kept, others, strict=True):
        reason = None if opened.prerequisites is None else opened.prerequisites.reason(found, each, now)
        named = {name: None if other is None else other[name] for name in ("title", "status")}
        judged = {"is_open": reason is not None, "reason": reason}
        views.append({**lifecycle.view(each, milestone_id), **judged, **named})
    return views
