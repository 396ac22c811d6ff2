"""Everything that can be asked of plan templates, asked once."""

import pytest

from functions.projects.bulk import moving
from functions.projects.plans import arriving, plans, sweeping
from shared import clock
from shared.jobs import jobs
from tests.projects.plans.arriving import asks, makes, works
from tests.projects.plans.arriving import template as document
from tests.projects.team import Person


def plan_by_template(ben: Person, project: str) -> None:
    """Make plan templates, change and carry them, and have a plan made of one; the sweep finds another."""
    path = makes(ben)
    ben.post("/plan-templates", document(), key="making")
    ben.get("/plan-templates")
    ben.get("/plan-templates", "origin=shipped")
    ben.patch(path, {"name": "Old mill"})
    exported = ben.post(f"{path}/export").body
    copy = ben.post("/plan-templates/import", exported, key="importing").body["plan_template_id"]
    ben.delete(f"/plan-templates/{copy}")
    begun = asks(ben, path, project, key="planning", total_minor_units=500, parameters={"engineer": ben.user_id}).body
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROJECT_JOBS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/ProjectJobs")
        works(ben, begun["job_id"])
        patch.setattr(moving, "MOST", 0)
        moves = [{"project_milestone_id": ben.plans(project).rpartition("/")[2], "event": "activate"}]
        works(ben, ben.post(f"{project}/project-milestones/bulk", {"moves": moves}, key="moving").body["job_id"])
    asks(ben, path, project, parameters={"engineer": ben.user_id})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "STUCK_AFTER", -jobs.STUCK_AFTER)
        [staged] = plans.due(clock.now() + jobs.KEPT, limit=10)
        arriving.stage(staged, plans.made(staged))
        ben.get(f"{project}/project-milestones")
        sweeping.run(lambda: True)
