"""Erasing somebody from outside in a tenant: a job, which looks at the milestones of all its projects.

Plan templates and what is made of them name nobody from outside.
"""

from collections.abc import Mapping
from typing import Any, Final

from functions.projects import projects
from functions.projects.dependencies import graph
from functions.projects.erasing import naming, removal
from functions.projects.milestones import entries
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.jobs.rows import Row
from shared.messaging.search_feed import LEADERS
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.idempotency import Answer, Claim

Position = Mapping[str, Any]

KIND: Final = "projects.erase"
NOT_ALLOWED: Final = "not_allowed"
"""Why a job has failed whose owner governs the tenant no more."""
_AT_ONCE: Final = 40


def begin(caller: Caller, address: str, *, claim: Claim | None = None) -> Answer:
    """Have the name and address of somebody from outside erased in the background, and return the job.

    Raises TooManyJobs.
    """
    erased = naming.digest(caller.tenant_id, address)
    position = {"erased": erased, "project": None, "inside": None, "cursor": None}
    return jobs.begin(caller, KIND, unit="milestones", scope=project_members.ADMIN, position=position, claim=claim)


def work(job: Job) -> Step:
    """Erase from the next milestones of the project that it is the turn of, the newest project first."""
    membership = table.get(auth.membership_key(job.tenant_id, job.user_id), consistent=True)
    if membership is None or membership.get("role") not in LEADERS:
        return Step(None, job.done, failed=NOT_ALLOWED)
    at = job.position if job.position["project"] is not None else _next_project(job)
    if at["project"] is None:
        return Step(None, job.done)
    page = entries.page(job.tenant_id, at["project"], limit=_AT_ONCE, cursor=at["inside"], consistent=True)
    rows = [row for row in (_row(job, item) for item in page.items) if row is not None]
    if page.next_cursor is not None:
        return Step({**at, "inside": page.next_cursor}, job.done + len(page.items), rows)
    is_last = at["cursor"] is None
    return Step(None if is_last else {**at, "project": None}, job.done + len(page.items), rows)


def _next_project(job: Job) -> Position:
    """Return where the next project begins; without one if there is none left."""
    found, following = projects.listed(job.tenant_id, limit=1, cursor=job.position["cursor"])
    project = found[0].project_id if found else None
    return {**job.position, "project": project, "inside": None, "cursor": following}


def _row(job: Job, entry: Item) -> Row | None:
    """Erase from a milestone, and return the row that says so; None if it did not name the person."""
    milestone_id = graph.identified(entry)["project_milestone_id"]
    named = removal.erase(job.tenant_id, milestone_id, job.position["erased"])
    return Row(milestone_id, "done", "erased") if named else None
