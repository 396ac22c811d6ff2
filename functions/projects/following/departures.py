"""Members who leave: who is removed or disabled in the tenant, or may not write there any more.

Those who are gone are members of no project. Those who may only read keep the roles that take no writing. Neither owns
milestones any more, but for those that are approved or cancelled, which stay as they are. A milestone that has lost its
primary owner is given another by a manager.
"""

from functions.projects import totals
from functions.projects.milestones import milestones, transition
from functions.projects.ownership import seats
from functions.projects.people import access, members, owners
from functions.projects.people.members import ProjectMember
from functions.projects.teams import leaving
from shared import clock
from shared.callers import auth, project_members
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Check, Delete, Put, Write, unchanged


def strike(tenant_id: str, user_id: str) -> None:
    """Take from a user what their present role in the tenant does not bear; nothing from those who may write."""
    membership = table.get(auth.membership_key(tenant_id, user_id), consistent=True)
    is_here = auth.is_member(membership)
    if membership is not None and is_here and membership["role"] in access.WORKING:
        return
    for item in table.query_all(members.of_user(user_id), members.LISTED, index=True):
        if item["tenant_id"] == tenant_id:
            _demote(members.from_item(item), is_here=is_here)
            leaving.leave(tenant_id, item["project_id"], user_id)
    give_up(tenant_id, user_id)


def give_up(tenant_id: str, user_id: str, *, project_id: str | None = None) -> None:
    """End what a user owns in a tenant, or only in a project that they are a member of no more."""
    for item in table.query_all(members.of_user(user_id), owners.LISTED, index=True):
        milestone_id = item["project_milestone_id"]
        if owners.lies_in(item, milestones.partition(tenant_id, milestone_id)):
            give_up_one(tenant_id, user_id, milestone_id, project_id=project_id)


def _demote(found: ProjectMember, *, is_here: bool) -> None:
    """Remove a member of a project who has left the tenant, or leave them the roles that take no writing."""
    place = members.key(found)

    def plan() -> Plan[None]:
        item, now = table.get(place, consistent=True), clock.now()
        if item is None:
            return Plan(None)
        member = members.from_item(item)
        if not is_here:
            writes: list[Write] = [
                Delete(place, unchanged(member.version)),
                *totals.added(member.tenant_id, member.project_id, {"members": -1}),
                members.happened("removed", member, now),
            ]
            return Plan(None, writes)
        kept = members.without_writing(member.roles)
        if kept == [*member.roles]:
            return Plan(None)
        after = member._replace(roles=kept, updated_at=clock.to_rfc3339(now), version=member.version + 1)
        changed = Put(members.to_item(after), unchanged(member.version))
        return Plan(None, [changed, members.happened("changed", after, now)])

    changes.make(plan)


def give_up_one(tenant_id: str, owner_id: str, milestone_id: str, *, project_id: str | None = None) -> None:
    """End what a user, or a team, owns of a milestone, unless it is closed or of another project than this."""
    place = milestones.partition(tenant_id, milestone_id)
    keys = [milestones.key(tenant_id, milestone_id), owners.key(place, owner_id)]

    def plan() -> Plan[None]:
        item, owner = table.get_many(keys, consistent=True)
        if item is None or owner is None:
            return Plan(None)
        milestone = milestones.from_item(item)
        if milestone.status in transition.FINAL or project_id not in (None, milestone.project_id):
            return Plan(None)
        writes = seats.given_up("removed", milestone, owners.from_item(owner))
        if project_id is None:
            return Plan(None, writes)
        # Who has come back meanwhile keeps what they own.
        own = project_members.key(tenant_id, project_id, owner_id)
        if table.get(own, consistent=True) is not None:
            return Plan(None)
        return Plan(None, [*writes, Check(own, ABSENT)])

    changes.make(plan)
