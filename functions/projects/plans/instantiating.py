"""How a plan is made of a template: what is asked for is checked at once, and the plan arrives in the background."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from functions.projects import totals
from functions.projects.arrivals import Arriving
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.milestones import milestones
from functions.projects.milestones.refusals import TooManyMilestones
from functions.projects.people import access
from functions.projects.plans import arriving, lifecycle, making, plans
from functions.projects.plans.arriving import PlanMemberLeft
from functions.projects.plans.making import Asked
from functions.projects.plans.plans import Arrival, Made
from functions.projects.plans.templates import Whole
from functions.projects.projects import Project
from functions.projects.resolver import WRITE
from shared import clock, ids
from shared.calendars import working_days
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage import changes, idempotency, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

KIND: Final = "projects.instantiate"
_KEEPS_OUT: Final[Mapping[type[Exception], str]] = {
    ProjectNotFound: "project_gone",
    ProjectStatusNotPossible: "project_not_active",
    TooManyMilestones: "too_many_milestones",
    PlanMemberLeft: "member_left",
}
"""What a plan cannot arrive for, and the word that its job fails with."""


def begin(caller: Caller, template_id: str, asked: Asked, *, claim: Claim | None = None) -> Answer:
    """Have a plan made of a template, and return the job.

    Raises PlanTemplateNotFound, ProjectNotFound, RoleRequired, ProjectStatusNotPossible, TooManyMilestones,
    InvalidInput, TooLarge, TooManyJobs.
    """
    earlier = None if claim is None else idempotency.earlier_answer(claim)
    if earlier is not None:
        return earlier
    whole = lifecycle.find(caller, template_id)
    project = _opened(caller, asked, len(whole.content.milestones))
    made = _made(caller, whole, asked, project)
    now = clock.now()
    plan = Arrival(
        tenant_id=caller.tenant_id,
        project_id=asked.project_id,
        plan_id=ids.new(plans.ID, at=now),
        plan_template_id=template_id,
        user_id=caller.user_id,
        actor=caller.actor.told(),
        currency=project.currency,
        status="staged",
        milestones=len(made.milestones),
        created_at=clock.to_rfc3339(now),
        version=1,
    )
    changes.make(lambda: Plan(None, plans.begun(plan, made)))
    # A plan whose job is not begun is dropped by the sweep, as one that broke off.
    position = {"project_id": plan.project_id, "plan_id": plan.plan_id}
    total = plan.milestones
    return jobs.begin(caller, KIND, unit="milestones", scope=WRITE, position=position, total=total, claim=claim)


def work(job: Job) -> Step:
    """Let a plan arrive; one that cannot is dropped as a whole."""
    plan = plans.find(Arriving(job.tenant_id, job.position["project_id"], job.position["plan_id"]))
    if plan is None:
        return Step(None, job.total or 0)
    refused = arrive(plan)
    return Step(None, 0, failed=refused) if refused is not None else Step(None, plan.milestones)


def arrive(plan: Arrival) -> str | None:
    """Bring a plan to its end, wherever it broke off; return None once it is there, or a word for what keeps it out."""
    made = plans.made(plan)
    try:
        if plan.status == "staged" and arriving.stage(plan, made):
            arriving.publish(plan, made)
    except tuple(_KEEPS_OUT) as refused:
        arriving.drop(plan, made)
        return _KEEPS_OUT[type(refused)]
    arriving.tell(plan, made)
    return None


def _opened(caller: Caller, asked: Asked, count: int) -> Project:
    """Return the project that a plan is made in, by one who manages it."""
    opened = access.open_project(caller, asked.project_id, also=[totals.key(caller.tenant_id, asked.project_id)])
    opened.standing.require("manager")
    if opened.project.status != "active":
        raise ProjectStatusNotPossible(opened.project.status, "given milestones")
    if totals.of(opened.others[0]).milestones + count > milestones.MOST:
        raise TooManyMilestones
    return opened.project


def _made(caller: Caller, whole: Whole, asked: Asked, project: Project) -> Made:
    content = whole.content
    texts, people = making.values(content, asked.parameters)
    working = {
        owner["person"] for each in content.milestones for owner in each["owners"] if owner["role"] != "observer"
    }
    _require_members(caller, asked.project_id, people, working)
    now = clock.now()
    milestone_ids = {each["key"]: ids.new(milestones.ID, at=now) for each in content.milestones}
    calendar = working_days.of(project.working_days, project.holidays, project.time_zone)
    planned = making.milestones(content, asked, texts, calendar, milestone_ids)
    owned = {
        milestone_ids[each["key"]]: [_owner(caller, people[owner["person"]], owner) for owner in each["owners"]]
        for each in content.milestones
        if each["owners"]
    }
    return Made(dict(zip(milestone_ids.values(), planned, strict=True)), owned)


def _owner(caller: Caller, user_id: str, owner: Mapping[str, Any]) -> dict[str, Any]:
    """Return an owner as they are stored: they have to accept, unless they ask for the plan."""
    status = "active" if user_id == caller.user_id else "assigned"
    given = {name: owner[name] for name in ("role", "workload_percent")}
    return {"user_id": user_id, "status": status, "assigned_by": caller.user_id, **given}


def _require_members(caller: Caller, project_id: str, people: Mapping[str, str], working: Collection[str]) -> None:
    """Require that everybody who is to own something is a member of the project, and could accept it.

    `working` names those who do more than look on. Raises InvalidInput.
    """
    keys = [project_members.key(caller.tenant_id, project_id, each) for each in people.values()]
    keys += [auth.membership_key(caller.tenant_id, each) for each in people.values()]
    found = table.get_many(keys) if keys else []
    for name, item, of_tenant in zip(people, found[: len(people)], found[len(people) :], strict=True):
        if item is None:
            raise InvalidInput.of(f"parameters.{name}", "must be a member of the project")
        if name in working and not access.may_write(of_tenant):
            raise InvalidInput.of(
                f"parameters.{name}", "must not be a viewer or a guest of your tenant, who could not accept"
            )
