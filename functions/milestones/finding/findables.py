"""What search is told of a tracked milestone: its texts, and that every member who is no guest sees it."""

from typing import Final
from urllib.parse import quote

from functions.milestones import milestones
from functions.milestones.milestones import Milestone
from shared.messaging import search_feed
from shared.messaging.search_feed import Fed, Findable, Needed, Text

SCOPE: Final = "milestones:read"


def of_milestone(milestone: Milestone) -> Fed:
    """Return what search is told of a milestone that is not deleted."""
    key = milestones.key(milestone.tenant_id, milestone.milestone_uid)
    findable = Findable(
        tenant_id=milestone.tenant_id,
        ref=milestone.milestone_uid,
        type="milestone",
        id=milestone.milestone_uid,
        scope=SCOPE,
        sources=[Needed(*key, {"deleted_at": [None]})],
        grants=[search_feed.for_members(milestone.tenant_id)],
        titles=[Text("metadata", within="title"), Text("kpi_id")],
        texts=[Text("kpi_id"), Text("project_id"), Text("scopes"), Text("metadata", within="")],
        url=f"#/projects/{quote(milestone.project_id, safe='')}",
        parent={"type": "project", "id": milestone.project_id},
    )
    return search_feed.fed(findable, milestone.version, [milestones.to_item(milestone)])
