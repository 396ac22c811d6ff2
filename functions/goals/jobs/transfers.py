"""All goals of a removed or disabled member given to an owner of the tenant, as a job: goal by goal.

A goal is restored as one of the new owner's, from what its export says. The part behind that deletes it where it was,
once its row is recorded. It has a new id; shares and links end with the old one. Each step is made under an idempotency
key that names job and goal, so a part that is done twice gives a goal once.
"""

from typing import Any, Final

from pydantic import ValidationError

from functions.goals import goals
from functions.goals.goals import Goal, GoalNotFound
from functions.goals.jobs import exports
from functions.goals.jobs.refusals import reason
from functions.goals.orphans import orphans
from functions.goals.resolver import WRITE
from functions.goals.transfer import restores
from functions.goals.transfer.shapes import MOST_TASKS_AT_ONCE, GoalRestore, TasksRestore
from shared.callers.auth import Caller
from shared.errors import Refusal, Unavailable
from shared.jobs import jobs, parts
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.jobs.rows import Row
from shared.observability import logger
from shared.storage import idempotency
from shared.storage.changes import TooManyChangesAtOnce
from shared.storage.idempotency import Answer, Claim

KIND: Final = "goals.transfer"
NOT_ALLOWED: Final = "not_allowed"
_END: Final = "end"
"""The cursor behind the last goal."""


def begin(caller: Caller, owner_id: str, *, claim: Claim | None = None) -> Answer:
    """Have all goals of a removed or disabled member given to the caller; return the job.

    Raises NotTenantOwner, OwnerIsActive, OwnerNotFound, TooManyJobs.
    """
    orphans.page(caller, owner_id, limit=1, cursor=None)
    position: dict[str, Any] = {"owner_id": owner_id, "cursor": None, "given": None}
    total = sum(goals.counts(owner_id).values())
    return jobs.begin(caller, KIND, unit="goals", scope=WRITE, position=position, total=total, claim=claim)


def work(job: Job) -> Step:
    """Delete where it was the goal that was given last, and give the next one.

    The job fails for somebody who is no owner of the tenant any more, and when the member is back.
    """
    owner_id, cursor, given = (job.position[name] for name in ("owner_id", "cursor", "given"))
    caller = parts.owner(job)
    try:
        orphans.page(caller, owner_id, limit=1, cursor=None)
        if given is not None:
            orphans.delete(caller, owner_id, given)
    except (orphans.NotTenantOwner, orphans.OwnerIsActive):
        return Step(None, job.done, failed=NOT_ALLOWED)
    except (GoalNotFound, orphans.OwnerNotFound):
        logger.info("goal already deleted", job_id=job.job_id, goal_id=given)
    if cursor == _END:
        return Step(None, job.done)
    found, behind = goals.page(owner_id, limit=1, cursor=cursor, oldest_first=True)
    rows = [_given(job, caller, goal) for goal in found]
    done = [row.reference for row in rows if row.status == "done"]
    position = {"owner_id": owner_id, "cursor": behind or _END, "given": done[0] if done else None}
    return Step(position, job.done + len(rows), rows)


def _given(job: Job, caller: Caller, goal: Goal) -> Row:
    def claim(step: str) -> Claim:
        return idempotency.claim(
            partition=goals.partition(caller.user_id),
            idempotency_key=f"{job.job_id} {step} {goal.goal_id}",
            operation=KIND,
            request=None,
        )

    documents = exports.whole(goal)
    if not documents:
        return Row(goal.goal_id, "refused", reason="The goal was deleted meanwhile.")
    tasks = [each["task"] for each in documents[1:]]
    try:
        begun = restores.begin(caller, GoalRestore.model_validate(documents[0]["goal"]), claim=claim("begin"))
        for number, start in enumerate(range(0, len(tasks), MOST_TASKS_AT_ONCE)):
            sent = TasksRestore.model_validate({"tasks": tasks[start : start + MOST_TASKS_AT_ONCE]})
            restores.add_tasks(caller, begun["goal_id"], sent, claim=claim(f"tasks {number}"))
        restores.finish(caller, begun["goal_id"], task_count=len(tasks), claim=claim("finish"))
    except (Unavailable, TooManyChangesAtOnce):
        raise
    except (ValidationError, Refusal) as error:
        return Row(goal.goal_id, "refused", reason=reason(error))
    return Row(goal.goal_id, "done", result=begun["goal_id"])
