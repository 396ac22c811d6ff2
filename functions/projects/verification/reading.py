"""What a caller can look at of the layers of a milestone: all of them in two calls."""

from typing import Final

from functions.projects.layers import layers
from functions.projects.layers.layers import Layer
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone, ProjectMilestoneNotFound
from functions.projects.people import access
from functions.projects.verification import views
from functions.projects.verification.views import View
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table

_FIRST: Final = "0MILESTONE"
_LAST: Final = f"{layers.PREFIX}~"
_AT_ONCE: Final = 1000


def of_milestone(caller: Caller, milestone_id: str) -> View:
    """Return the layers of all attempts at a milestone and what is under review; two calls.

    Raises ProjectMilestoneNotFound.
    """
    found, attempts = _read(milestones.partition(caller.tenant_id, milestone_id))
    member = table.get(project_members.key(caller.tenant_id, found.project_id, caller.user_id))
    standing = access.of_member(caller, member)
    if standing is None:
        raise ProjectMilestoneNotFound
    return {
        "project_milestone_id": milestone_id,
        "status": found.status,
        "attempt": found.attempt,
        "subject": views.subject(found, attempts, standing),
        "items": [views.layer(each, found) for each in attempts],
    }


def _read(partition: str) -> tuple[ProjectMilestone, list[Layer]]:
    """Return a milestone and its layers, the first attempt first; one query for each megabyte of them."""
    items, last = table.between(partition, _FIRST, _LAST, limit=_AT_ONCE)
    while last is not None:
        more, last = table.between(partition, f"{last}\x00", _LAST, limit=_AT_ONCE)
        items += more
    found = [item for item in items if item["entity"] in {"ProjectMilestone", "Layer"}]
    if not found or found[0]["entity"] != "ProjectMilestone":
        raise ProjectMilestoneNotFound
    return milestones.from_item(found[0]), [layers.from_item(item) for item in found[1:]]
