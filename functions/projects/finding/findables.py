"""What search is told of a project and what lies in it: their texts, and that whoever is in the project sees them.

Amounts are no text. Internal notes are a document of their own, for those to whom the project shows them.
"""

from collections.abc import Mapping
from typing import Any, Final, get_args

from functions.projects import projects
from functions.projects.comments import commenting
from functions.projects.evidence import evidence
from functions.projects.evidence.evidence import Evidence
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people.access import SEES_NOTES
from functions.projects.people.members import Role
from functions.projects.projects import Project
from shared.callers import project_members
from shared.callers.project_members import ADMIN
from shared.messaging import search_feed
from shared.messaging.search_feed import CALLER, LEADERS, Fed, Findable, Grant, Needed, Text
from shared.storage.attributes import Item
from shared.teamwork import comments
from shared.teamwork.comments import Comment

SCOPE: Final = "projects:read"
_TITLES: Final = (Text("title"),)
_NOTES: Final = "/internal_notes"


def of_project(project: Project) -> Fed:
    """Return what search is told of a project."""
    findable = Findable(
        tenant_id=project.tenant_id,
        ref=project.project_id,
        type="project",
        id=project.project_id,
        scope=SCOPE,
        sources=[Needed(*projects.key(project.tenant_id, project.project_id))],
        grants=_grants(project.tenant_id, project.project_id),
        titles=[Text("name")],
        texts=[Text("client", within="name")],
        url=f"#/projects/{project.project_id}",
    )
    return search_feed.fed(findable, project.version, [projects.to_item(project)])


def of_milestone(milestone: ProjectMilestone) -> list[Fed]:
    """Return what search is told of a milestone, and of its internal notes, which fewer people see."""
    item = milestones.to_item(milestone)
    shown = Findable(
        tenant_id=milestone.tenant_id,
        ref=milestone.project_milestone_id,
        type="project_milestone",
        id=milestone.project_milestone_id,
        scope=SCOPE,
        sources=[_source(milestone)],
        grants=_grants(milestone.tenant_id, milestone.project_id),
        titles=_TITLES,
        texts=[Text("description"), Text("notes"), Text("tags")],
        url=_url(milestone),
        parent={"type": "project", "id": milestone.project_id},
    )
    told, notes = search_feed.fed(shown, milestone.version, [item]), f"{milestone.project_milestone_id}{_NOTES}"
    if not milestone.internal_notes:
        return [told, search_feed.gone(milestone.tenant_id, notes, milestone.version)]
    grants = _grants_of_notes(milestone.tenant_id, milestone.project_id)
    internal = shown._replace(ref=notes, grants=grants, texts=[Text("internal_notes")])
    return [told, _without(search_feed.fed(internal, milestone.version, [item]), {"title": "", "ids": []})]


def no_milestone(tenant_id: str, milestone_id: str) -> list[Fed]:
    """Return that a milestone is gone, with its internal notes."""
    return [search_feed.gone(tenant_id, each) for each in (milestone_id, f"{milestone_id}{_NOTES}")]


def of_item(milestone: ProjectMilestone, item: Item) -> Fed:
    """Return what search is told of the item of a piece of evidence or of a comment."""
    if "evidence_id" in item:
        return of_evidence(milestone, evidence.from_item(item))
    return of_comment(milestone, comments.from_item(item))


def of_evidence(milestone: ProjectMilestone, piece: Evidence) -> Fed:
    """Return what search is told of a piece of evidence: not what is in a file."""
    findable = Findable(
        tenant_id=piece.tenant_id,
        ref=piece.evidence_id,
        type="evidence",
        id=piece.evidence_id,
        scope=SCOPE,
        sources=[Needed(*evidence.key_of(piece)), _source(milestone)],
        grants=_grants(piece.tenant_id, piece.project_id),
        titles=[Text("file_name"), Text("url")],
        texts=[Text("description"), Text("tags")],
        url=_url(milestone),
        parent=_parent(milestone),
    )
    return search_feed.fed(findable, piece.version, [evidence.to_item(piece), milestones.to_item(milestone)])


def of_comment(milestone: ProjectMilestone, comment: Comment) -> Fed:
    """Return what search is told of a comment; its title is that of the milestone, by which it is not found."""
    partition = commenting.partition(milestone.tenant_id, milestone.project_milestone_id)
    findable = Findable(
        tenant_id=comment.tenant_id,
        ref=comment.comment_id,
        type="comment",
        id=comment.comment_id,
        scope=SCOPE,
        sources=[Needed(*comments.key(partition, comment.subject_id, comment.comment_id)), _source(milestone)],
        grants=_grants(milestone.tenant_id, milestone.project_id),
        titles=[Text("title", source=1)],
        texts=[Text("text")],
        url=_url(milestone),
        parent=_parent(milestone),
    )
    items = [comments.to_item(partition, comment), milestones.to_item(milestone)]
    return _without(search_feed.fed(findable, comment.version, items), {"title": ""})


def _grants(tenant_id: str, project_id: str) -> list[Grant]:
    """Return that everybody in a project sees something, and the admins of the tenant."""
    in_project = Needed(*project_members.key(tenant_id, project_id, CALLER))
    readers = [search_feed.in_project(project_id, role) for role in get_args(Role)]
    return [Grant(readers, [search_feed.member(tenant_id), in_project]), _admins(tenant_id)]


def _grants_of_notes(tenant_id: str, project_id: str) -> list[Grant]:
    """Return that those in a project see something to whom it shows internal notes, and the admins of the tenant."""
    roles = sorted(SEES_NOTES)
    in_project = Needed(*project_members.key(tenant_id, project_id, CALLER), {"roles": roles})
    readers = [search_feed.in_project(project_id, role, of_tenant=True) for role in roles]
    return [Grant(readers, [search_feed.member(tenant_id, roles=search_feed.MEMBERS), in_project]), _admins(tenant_id)]


def _admins(tenant_id: str) -> Grant:
    return Grant([ADMIN], [search_feed.member(tenant_id, roles=LEADERS)])


def _source(milestone: ProjectMilestone) -> Needed:
    return Needed(*milestones.key(milestone.tenant_id, milestone.project_milestone_id))


def _parent(milestone: ProjectMilestone) -> Mapping[str, str]:
    return {"type": "project_milestone", "id": milestone.project_milestone_id}


def _url(milestone: ProjectMilestone) -> str:
    return f"#/projects/milestones/{milestone.project_milestone_id}"


def _without(told: Fed, emptied: Mapping[str, Any]) -> Fed:
    """Return what search is told, by which something is shown but not found."""
    return told._replace(content={**(told.content or {}), **emptied})
