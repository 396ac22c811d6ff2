"""The copies that the members of a project have of it, so that one query lists their projects: they follow it."""

from functions.projects import projects
from functions.projects.people import members
from functions.projects.people.members import ProjectMember
from shared.callers import project_members
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Put, unchanged


def follow(tenant_id: str, project_id: str) -> None:
    """Give each member a copy of the project as it is now; without the project, nobody is a member any more."""
    place = project_members.partition(tenant_id, project_id)
    # Who is still joining has a copy of the version that they joined, which a condition holds them to.
    joined = [members.from_item(item) for item in table.query_all(place, project_members.PREFIX)]
    if projects.find(tenant_id, project_id) is None:
        table.delete_many([members.key(each) for each in joined])
        return
    for each in joined:
        _copy(each)


def _copy(member: ProjectMember) -> None:
    """Bring the copy of a member up to date; nothing is written that is there."""

    def plan() -> Plan[None]:
        keys = [projects.key(member.tenant_id, member.project_id), members.key(member)]
        project, item = table.get_many(keys, consistent=True)
        if project is None or item is None:
            return Plan(None)
        before = members.from_item(item)
        copied = projects.summary(projects.from_item(project))
        if before.project == copied:
            return Plan(None)
        return Plan(None, [Put(members.to_item(before._replace(project=copied)), unchanged(before.version))])

    changes.make(plan)
