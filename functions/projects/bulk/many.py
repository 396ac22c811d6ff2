"""Events of people that happen to more milestones than a request waits for: a job, which reports each of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.projects.bulk import moving
from functions.projects.people import access
from functions.projects.resolver import WRITE
from shared.callers.caller import Caller
from shared.jobs import lists
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage.idempotency import Answer, Claim

KIND: Final = "projects.move"
MOST: Final = lists.MOST
"""How many milestones a job may name: as many as a project has."""


def begin(caller: Caller, project_id: str, moves: Sequence[Mapping[str, Any]], *, claim: Claim | None = None) -> Answer:
    """Have each event happen to its milestone in the background, and return the job.

    Raises ProjectNotFound, TooManyJobs.
    """
    access.open_project(caller, project_id)
    also = {"project_id": project_id}
    return lists.begin(caller, KIND, moves, unit="milestones", scope=WRITE, also=also, claim=claim)


def work(job: Job) -> Step:
    """Move the next milestones of a job."""
    project_id = job.position["also"]["project_id"]

    def move(caller: Caller, thing: Mapping[str, Any], claim: Claim) -> str:
        moved = moving.moved(caller, project_id, claim=claim, **thing)
        return str(moved["status"])

    return lists.step(job, move, reference="project_milestone_id")
