"""Everything that can be asked of projects, asked once."""

import pytest

from functions.projects.evidence import sweeping
from functions.projects.following import asking
from shared import clock, config
from shared.messaging import appsync
from shared.storage import events
from shared.teamwork import worklist
from tests.aws.buckets import keep_versions
from tests.goals.listening.publishing import standing_in
from tests.platform.held import stored
from tests.projects.escalation.every_trouble import escalate, happened, pass_time
from tests.projects.evidence.bringing import PDF, announces, brings, declared, s3_says, says, sends
from tests.projects.following.telling import follow as follow_parts
from tests.projects.listening.hearing import hears, listens
from tests.projects.planning.plan import HEARD, finishes, prepares
from tests.projects.plans.arriving import works
from tests.projects.plans.every_plan import plan_by_template
from tests.projects.sources.asked import follow_sources
from tests.projects.team import Person
from tests.projects.teams.every_team import team_up


def every_project_call(ada: Person, ben: Person) -> None:
    """Use every operation of projects; Ada is an admin of the tenant, Ben a member of it."""
    project = ben.creates(client={"name": "Royal Society"})
    ben.post("/projects", {"name": "Engine", "currency": "EUR"}, key="creating")
    for somebody in (ada, ben):
        somebody.get("/projects")
        somebody.get(project)
    ben.patch(project, {"currency": "USD"})
    ben.brings(project, ada, "client", "creator")
    ben.get(f"{project}/members")
    milestone = ben.plans(
        project, amount_minor_units=500, completion_criteria=[{"key": "drawings", "text": "Drawings are signed"}]
    )
    ben.patch(milestone, {"amount_minor_units": 700, "acceptance": "manager"})
    ben.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "observer"})
    ben.assigns(milestone, ada)
    ben.patch(milestone, {"due_on": "2026-12-24"})
    ben.get(f"{milestone}/owners")
    ben.post(f"{milestone}/activate")
    for what in ("start", "complete"):
        ada.post(f"{milestone}/{what}")
    ada.put(f"{milestone}/progress", {"progress": 40})
    ada.put(f"{milestone}/checklist/drawings", {"is_met": True})
    ada.post(f"{milestone}/complete")
    ben.post(f"{milestone}/refuse", {"reason": "The mill jams."})
    ada.post(f"{milestone}/rework")
    ben.delete(f"{milestone}/owners/{ben.user_id}")
    prove(ada, ben, milestone)
    ada.post(f"{milestone}/owners/transfer", {"user_id": ben.user_id})
    ada.post(f"{milestone}/complete")
    ada.post(f"{milestone}/accept")
    listen(ben, project, milestone)
    divide(ben, ben.creates())
    review(ada, ben, project)
    watch(ben)
    for use in (escalate, pass_time, arrange, audit, team_up):
        use(ada, ben, project)
    give_up_another(ada, ben, project, milestone)


def listen(ben: Person, project: str, milestone: str) -> None:
    """Listen to a project, and have a milestone of it published."""
    with standing_in() as (_, url), pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRAPHQL_URL", url)
        listens(ben, project)
        hears(*happened(milestone, "projects.milestone.updated"))
        appsync._connections().close()


def watch(ben: Person) -> None:
    """Listen to a worklist, and have its changes published."""
    changed = [events.stored(item) for item in stored().values() if item.get("event_type") == worklist.CHANGED]
    with standing_in() as (_, url), pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRAPHQL_URL", url)
        ben.ask("onWorklistChanged", userId=ben.user_id)
        hears(*changed)
        appsync._connections().close()


def divide(ada: Person, project: str) -> None:
    """Give a milestone a part, which it follows."""
    whole = ada.begins(project, ada, progress_source="children")
    ada.post(f"{whole}/duplicate")
    moves = [{"project_milestone_id": whole.removeprefix("/project-milestones/"), "event": "start"}]
    ada.post(f"{project}/project-milestones/bulk", {"moves": moves})
    part = ada.begins(project, ada, parent_id=whole.removeprefix("/project-milestones/"))
    ada.put(f"{part}/progress", {"progress": 40})
    follow_parts(*happened(part, "projects.milestone.progressed"))
    ada.get(f"{project}/project-milestones", "parent_id=pms_0")
    ada.patch(part, {"parent_id": None})


def review(ada: Person, ben: Person, project: str) -> None:
    """Let two layers decide on a milestone of Ada's: recalled, rejected, worked on again, and approved.

    What waits for whom follows, also while one waits for the turn of another.
    """
    rule = {"level": 1, "name": "Review", "approvers": [{"user": ben.user_id}], "mode": "all"}
    people = [{"user": ben.user_id}, {"user": ada.user_id}]
    turns = {**rule, "name": "Turns", "order": "sequential", "approvers": people, "separation_of_duties": False}
    policy = {"layers": [rule, {**rule, "level": 2, "approvers": [{"role": "manager"}]}]}
    milestone = ben.begins(project, ada, verification_policy={"layers": [*policy["layers"], turns]})
    ada.post(f"{milestone}/complete")
    milestone_id = milestone.rpartition("/")[2]
    asking.follow(ada.tenant_id, milestone_id)
    ben.get("/worklist")
    delegate(ada, ben)
    asking.follow_user(ada.tenant_id, ben.user_id)
    _comment(ben, f"/verifications/{ben.get(f'{milestone}/verifications').body['items'][0]['verification_id']}")
    ada.post(f"{milestone}/recall")
    asking.follow(ada.tenant_id, milestone_id, [1])
    ada.patch(milestone, {"verification_policy": policy})
    for attempt, decision in ((2, "reject"), (3, "approve")):
        ada.post(f"{milestone}/complete")
        layers = ben.get(f"{milestone}/verifications").body["items"]
        for layer in [each for each in layers if each["attempt"] == attempt]:
            path = f"/verifications/{layer['verification_id']}"
            body = {"decision": decision, "reason": "So it is.", "subject_digest": layer["subject_digest"]}
            ben.post(f"{path}/decisions", {**body, "decision": "approve"} if layer["level"] == 1 else body)
            ben.post(f"{path}/withdraw")
            ben.post(f"{path}/reassign", {"user_id": ada.user_id, "instead_of": ben.user_id})
        ada.post(f"{milestone}/rework")


def _comment(ben: Person, path: str) -> None:
    """Comment on a layer, edit that, and delete it again."""
    made = ben.post(f"{path}/comments", {"text": "It jams."}, key="commenting").body
    ben.get(f"{path}/comments")
    ben.patch(f"{path}/comments/{made['comment_id']}", {"text": "It runs."})
    ben.delete(f"{path}/comments/{made['comment_id']}")


def delegate(ada: Person, ben: Person) -> None:
    """Let Ada decide for Ben, look at that from both sides, and end it."""
    body = {"delegate_id": ada.user_id, "scope": "tenant", "reason": "On leave."}
    now = clock.now()
    period = {"starts_at": clock.to_rfc3339(now), "ends_at": clock.to_rfc3339(now + clock.DAY)}
    given = ben.post("/delegations", {**body, **period}, key="delegating").body["delegation_id"]
    ben.get("/delegations")
    ada.get("/delegations", "side=received")
    ada.get("/worklist", f"on_behalf_of={ben.user_id}")
    ben.post(f"/delegations/{given}/revoke")


def arrange(ada: Person, ben: Person, project: str) -> None:
    """Let a milestone wait for another, look at that, and remove it; plan others by a template."""
    plan_by_template(ben, ben.creates())
    first, then = ben.plans(project), ben.plans(project)
    from_id = first.rpartition("/")[2]
    ben.post(f"{then}/dependencies", {"from_id": from_id}, key="depending")
    ada.get(f"{then}/dependencies")
    ada.get(f"{project}/graph")
    ada.get(f"{project}/critical-path")
    ben.post(f"{project}/baseline", key="freezing")
    ada.get(f"{project}/timeline")
    ada.get(f"{project}/timeline.svg")
    ben.delete(first)
    prepares(ben, then)
    ben.post(f"{then}/start")
    finishes(ben, first)
    follow_parts(*happened(first, *HEARD))
    ben.post(f"{then}/dependencies", {"from_id": ben.plans(project).rpartition("/")[2]})
    follow_parts(*happened(then, *HEARD))
    ben.delete(f"{then}/dependencies/{from_id}")
    ben.post(f"{then}/cancel", {"reason": "Not needed."})
    ben.delete(then)
    follow_sources(ada, ben, project)


def audit(ada: Person, ben: Person, project: str) -> None:
    """Have somebody from outside decide on a milestone of Ada's by a link."""
    mary = {"name": "Mary Somerville", "address": "mary@example.com"}
    policy = {"layers": [{"level": 1, "name": "Audit", "approvers": [{"external": mary}]}]}
    milestone = ben.begins(project, ada, verification_policy=policy)
    ada.post(f"{milestone}/complete")
    [layer] = ben.get(f"{milestone}/verifications").body["items"]
    made = ben.post(f"/verifications/{layer['verification_id']}/links", {"address": mary["address"]})
    token = made.body["url"].partition("#")[2]
    ada.post("/review-links/view", {"token": token})
    decided = {"token": token, "decision": "approve", "subject_digest": layer["subject_digest"]}
    ada.post("/review-links/decide", decided)
    begun = ada.post("/projects/outsiders/erase", {"address": mary["address"]}, key="erasing").body
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROJECT_JOBS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/ProjectJobs")
        patch.setattr("shared.messaging.queues.send", lambda *_args, **_more: None)
        works(ada, begun["job_id"])


def prove(ada: Person, ben: Person, milestone: str) -> None:
    """Bring evidence in every way, review it, replace it, and fetch it."""
    keep_versions(config.files_bucket())
    ben.patch(milestone, {"evidence_requirements": [{"key": "drawings", "title": "Signed drawings"}]})
    path = brings(ben, milestone, requirement="drawings", expires_on="2099-12-31")
    announced = ben.post(f"{path}/new-version", declared(PDF + b"\n", requirement="drawings"), key="replacing").body
    ben.post(f"/evidence/{announced['evidence']['evidence_id']}/upload-url")
    s3_says(sends(announced, PDF + b"\n"))
    says(ben, announced)
    newer = f"/evidence/{announced['evidence']['evidence_id']}"
    ben.post(f"{newer}/submit")
    ada.post(f"{newer}/verify")
    rejected = announces(ben, milestone, PDF + b"rejected")
    sends(rejected)
    says(ben, rejected)
    for looked_at in (f"{milestone}/evidence", newer, f"{newer}/download", "/evidence-usage"):
        ada.get(looked_at)
    other = ben.post(f"{milestone}/evidence/links", {"url": "https://example.org/"}).body["evidence_id"]
    ben.post(f"/evidence/{other}/submit")
    decisions = [{"evidence_id": other, "decision": "reject", "comment": "Too little."}]
    ada.post("/evidence/bulk-review", {"decisions": decisions})
    ben.patch(newer, {"tags": ["as built"]})
    ben.delete(f"/evidence/{other}")
    sweeping.run(lambda: True)


def give_up_another(ada: Person, ben: Person, project: str, milestone: str) -> None:
    """Cancel another milestone that nobody wants, look at what there is, and end the project."""
    other = ben.plans(project)
    ben.post(f"{other}/owners", {"user_id": ada.user_id, "role": "primary"})
    ada.post(f"{other}/owners/decline")
    ben.post(f"{other}/cancel", {"reason": "Not needed."})
    for listed in (f"{project}/project-milestones", f"{milestone}/history", milestone):
        ben.get(listed)
    ben.get(f"{project}/project-milestones", "status=approved")
    ben.get("/project-milestones")
    ada.get("/project-milestones", "status=approved&due_before=2030-01-01")
    ben.delete(other)
    for what in ("complete", "reopen", "complete", "archive"):
        ben.post(f"{project}/{what}")
    ben.delete(f"{project}/members/{ada.user_id}")
    ben.delete(ben.creates())
