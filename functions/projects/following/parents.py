"""The progress of milestones that follow their children: it is brought up to what these add up to now."""

from functions.projects import requirements
from functions.projects.milestones import children, commands, milestones, writing
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.requirements import Counts
from shared import clock
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Write


def follow(tenant_id: str, milestone_id: str) -> None:
    """Give a milestone in progress the progress of its children; at 100 it is completed if nothing else is wanted."""
    place = milestones.partition(tenant_id, milestone_id)
    keys = [milestones.key(tenant_id, milestone_id), children.key(tenant_id, milestone_id), requirements.key(place)]

    def plan() -> Plan[None]:
        item, counted, evidence = table.get_many(keys, consistent=True)
        if item is None:
            return Plan(None)
        before, percent = milestones.from_item(item), children.of(counted).percent
        follows = before.progress_source == "children" and before.status == "in_progress"
        if not follows or percent is None or percent == before.progress:
            return Plan(None)
        return Plan(None, _progressed(before, percent, requirements.of(evidence)))

    changes.make(plan)


def _progressed(before: ProjectMilestone, percent: int, counts: Counts) -> list[Write]:
    prepared = before._replace(progress=percent)
    # Layers are opened for whoever submits the milestone, which is no matter of its children.
    is_complete = not (
        before.open_criteria
        or requirements.missing(before.evidence_requirements, counts)
        or before.verification_policy is not None
    )
    steps = commands.steps_of(prepared, "progress", None, is_complete=is_complete)
    after, told = commands.through(before, prepared, steps, clock.now())
    place = milestones.partition(before.tenant_id, before.project_milestone_id)
    checks = [requirements.still(place, counts)] if before.evidence_requirements and percent == commands.DONE else []
    return [*writing.changed(before, after), *checks, *told]
