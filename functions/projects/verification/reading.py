"""What a caller can look at of the layers of a milestone: all of them in two calls."""

from collections.abc import Sequence
from typing import Final

from functions.projects.evidence import evidence
from functions.projects.evidence.evidence import Evidence
from functions.projects.layers import layers, subject
from functions.projects.layers.layers import Layer
from functions.projects.milestones import milestones, submitting
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
    found, pieces, attempts = read(milestones.partition(caller.tenant_id, milestone_id))
    member = table.get(project_members.key(caller.tenant_id, found.project_id, caller.user_id))
    standing = access.of_member(caller, member)
    if standing is None:
        raise ProjectMilestoneNotFound
    return {
        "project_milestone_id": milestone_id,
        "status": found.status,
        "attempt": found.attempt,
        "subject": views.subject(found, attempts, pieces, standing),
        "items": [views.layer(each, found) for each in showing(found, pieces, attempts)],
    }


def showing(milestone: ProjectMilestone, pieces: Sequence[Evidence], attempts: Sequence[Layer]) -> list[Layer]:
    """Return the layers with the digest of what is shown beside them, also where that was read a moment before."""
    evidence = [each.evidence_id for each in pieces]
    content = subject.content(submitting.subject(milestone, evidence))
    return [each.showing(content, evidence) for each in attempts]


def read(partition: str) -> tuple[ProjectMilestone, list[Evidence], list[Layer]]:
    """Return a milestone, the evidence that is there, and its layers, the first attempt first.

    One query for each megabyte of them. Raises ProjectMilestoneNotFound.
    """
    items, last = table.between(partition, _FIRST, _LAST, limit=_AT_ONCE)
    while last is not None:
        more, last = table.between(partition, f"{last}\x00", _LAST, limit=_AT_ONCE)
        items += more
    if not items or items[0]["entity"] != "ProjectMilestone":
        raise ProjectMilestoneNotFound
    pieces = [evidence.from_item(item) for item in items if item["entity"] == "Evidence"]
    attempts = [layers.from_item(item) for item in items if item["entity"] == "Layer"]
    present = [each for each in pieces if each.status in evidence.PRESENT]
    return milestones.from_item(items[0]), present, attempts
