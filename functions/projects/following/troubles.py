"""Whom escalations wait for: the worklists of those whom a level has told, or of whoever sees to it.

An entry leaves with the escalation, with its level, and with the membership of the user.
"""

from collections.abc import Sequence

from functions.projects import escalations
from functions.projects.escalation_policies import rule as rules
from functions.projects.escalations import Escalation
from functions.projects.milestones import milestones
from shared import clock
from shared.callers import auth, project_members
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Check, unchanged
from shared.teamwork import worklist
from shared.teamwork.worklist import WorkEntry


def follow(tenant_id: str, milestone_id: str, escalation_id: str) -> None:
    """Give those whom an escalation waits for their entries, and take those of all others."""
    place = escalations.key(milestones.partition(tenant_id, milestone_id), escalation_id)

    def plan() -> Plan[None]:
        item, milestone = table.get_many([place, milestones.key(tenant_id, milestone_id)], consistent=True)
        found = None if item is None else escalations.from_item(item)
        wanted = list[WorkEntry]()
        if found is not None and milestone is not None and found.is_open:
            wanted = _entries(found, milestones.from_item(milestone).title)
        writes = worklist.brought(tenant_id, escalation_id, wanted)
        if not writes:
            return Plan(None)
        still = Check(place, ABSENT if found is None else unchanged(found.version))
        told = worklist.told(
            writes,
            tenant_id=tenant_id,
            kind="escalation",
            work_id=escalation_id,
            due_at=wanted[0].due_at if wanted else None,
            at=clock.now(),
        )
        return Plan(None, [still, *writes, told])

    changes.make(plan)


def follow_user(tenant_id: str, user_id: str, *, project_id: str | None = None) -> None:
    """Bring the escalations that wait for a user up to date, in all projects or in one."""
    for each in [*worklist.every(tenant_id, user_id)]:
        if each.kind == "escalation" and project_id in (None, each.project_id) and each.project_milestone_id:
            follow(tenant_id, each.project_milestone_id, each.work_id)


def _entries(found: Escalation, title: str) -> list[WorkEntry]:
    level = rules.of(found.policy).at(found.level)
    told = found.notified if "worklist" in level.channels else ()
    due_at = found.respond_by if found.status == "pending" and found.respond_by else found.due_at
    return [
        WorkEntry(
            tenant_id=found.tenant_id,
            user_id=each,
            kind="escalation",
            work_id=found.escalation_id,
            title=title,
            created_at=found.created_at,
            name=found.kind,
            due_at=due_at,
            project_id=found.project_id,
            project_milestone_id=found.project_milestone_id,
            is_personal=True,
        )
        for each in _present(found, told)
    ]


def _present(found: Escalation, told: Sequence[str]) -> list[str]:
    """Return whom an escalation waits for: whoever sees to it, and those who were told and are still members."""
    seen_to = [] if found.acknowledged_by is None else [found.acknowledged_by]
    keys = [
        *[auth.membership_key(found.tenant_id, each) for each in seen_to],
        *[project_members.key(found.tenant_id, found.project_id, each) for each in told],
    ]
    items = table.get_many(keys, consistent=True) if keys else []
    is_here = [auth.is_member(item) for item in items]
    return [*dict.fromkeys(each for each, here in zip([*seen_to, *told], is_here, strict=True) if here)]
