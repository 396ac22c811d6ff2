"""Whom probes wait for: the worklists of those who were asked and have not answered."""

from functions.projects.layers import outsiders
from functions.projects.milestones import milestones
from functions.projects.probes import probes
from functions.projects.probes.probes import Probe, Probes
from shared import clock
from shared.callers import project_members
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Check, Condition, unchanged
from shared.teamwork import worklist
from shared.teamwork.worklist import WorkEntry


def follow(tenant_id: str, project_id: str, milestone_id: str, probe_id: str) -> None:
    """Give whom a probe waits for their entry, and take those of all others."""
    place = probes.key(milestones.partition(tenant_id, milestone_id))

    def plan() -> Plan[None]:
        item, milestone = table.get_many([place, milestones.key(tenant_id, milestone_id)], consistent=True)
        every = probes.of(item)
        wanted = list[WorkEntry]()
        for each in every.probes:
            if each.probe_id == probe_id and milestone is not None:
                wanted = _entries(tenant_id, project_id, milestone_id, each, milestones.from_item(milestone).title)
        writes = worklist.brought(tenant_id, probe_id, wanted)
        if not writes:
            return Plan(None)
        due_at = wanted[0].due_at if wanted else None
        told = worklist.told(writes, tenant_id=tenant_id, kind="probe", work_id=probe_id, due_at=due_at, at=clock.now())
        return Plan(None, [Check(place, _as_read(every)), *writes, told])

    changes.make(plan)


def follow_user(tenant_id: str, user_id: str, *, project_id: str | None = None) -> None:
    """Bring the probes that wait for a user up to date, in all projects or in one."""
    for each in [*worklist.every(tenant_id, user_id)]:
        if each.kind == "probe" and project_id in (None, each.project_id):
            follow(tenant_id, str(each.project_id), str(each.project_milestone_id), each.work_id)


def _entries(tenant_id: str, project_id: str, milestone_id: str, probe: Probe, title: str) -> list[WorkEntry]:
    if probe.asked_id is None or probe.asked_at is None or "worklist" not in probe.channels:
        return []
    if outsiders.is_outside(probe.asked_id):
        return []
    if table.get(project_members.key(tenant_id, project_id, probe.asked_id), consistent=True) is None:
        return []
    return [
        WorkEntry(
            tenant_id=tenant_id,
            user_id=probe.asked_id,
            kind="probe",
            work_id=probe.probe_id,
            title=title,
            created_at=probe.asked_at,
            name=probe.question,
            due_at=probe.next_at,
            project_id=project_id,
            project_milestone_id=milestone_id,
            is_personal=True,
        )
    ]


def _as_read(every: Probes) -> Condition:
    return unchanged(every.version) if every.version else ABSENT
