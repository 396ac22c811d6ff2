"""More milestones than a request waits for: a job, which reports each of them."""

from typing import Any

import pytest

from functions.identity.accounts import memberships
from functions.identity.accounts.memberships import Member
from functions.identity.scopes import SCOPES
from functions.projects import consumers
from functions.projects.bulk import many, moving
from shared import clock
from shared.callers import api_keys
from shared.callers.caller import Caller
from shared.errors import Unavailable
from shared.jobs import jobs, lists
from shared.jobs.jobs import Job
from shared.storage import table
from tests.aws import hooks
from tests.aws.entries import Context
from tests.projects.plans.arriving import queue, requested, works
from tests.projects.team import Person

__all__ = ["queue"]


@pytest.fixture(autouse=True)
def soon(queue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make three milestones more than a request waits for, and two a part of the job."""
    monkeypatch.setattr(moving, "MOST", 2)
    monkeypatch.setattr(lists, "_AT_ONCE", 2)
    monkeypatch.setattr("shared.messaging.queues.send", lambda *_args, **_more: None)


def moves(*milestones: str, event: str = "activate") -> dict[str, Any]:
    return {"moves": [{"project_milestone_id": each.rpartition("/")[2], "event": event} for each in milestones]}


def begun(person: Person, project: str, *milestones: str, key: str | None = None, **more: Any) -> str:
    asked = person.post(f"{project}/project-milestones/bulk", moves(*milestones, **more), key=key)
    assert asked.status == 202, asked.body
    assert asked.headers["Location"] == f"/api/v1/jobs/{asked.body['job_id']}"
    return str(asked.body["job_id"])


def finished(person: Person, job_id: str) -> Job:
    for _ in range(4):
        works(person, job_id)
    job = jobs.find(person.user_id, job_id)
    assert job is not None
    return job


def told(person: Person, job_id: str) -> list[tuple[str, str | None, str | None]]:
    place = f"JOBROW#{job_id}#"
    found = table.query(jobs.partition(person.user_id), place, limit=100).items
    return [(each["status"], each.get("result"), each.get("reason")) for each in found]


def owned(ada: Person, project: str) -> str:
    milestone = ada.plans(project)
    ada.assigns(milestone, ada)
    return milestone


def test_each_milestone_has_a_row(ada: Person, project: str):
    ready, bare, other = owned(ada, project), ada.plans(project), owned(ada, project)
    foreign = owned(ada, ada.creates())
    job = finished(ada, begun(ada, project, ready, bare, other, foreign))

    assert (job.status, job.done, job.total, job.refused) == (jobs.COMPLETED, 4, 4, 2)
    assert told(ada, job.job_id) == [
        ("done", "active", None),
        ("refused", None, "OwnerMissing"),
        ("done", "active", None),
        ("refused", None, "ProjectMilestoneNotFound"),
    ]
    assert [ada.status(each) for each in (ready, bare, other, foreign)] == ["active", "draft", "active", "draft"]


def test_what_a_request_waits_for_is_answered_at_once(ada: Person, project: str):
    answered = ada.post(f"{project}/project-milestones/bulk", moves(owned(ada, project), owned(ada, project)))

    assert (answered.status, [each["status"] for each in answered.body["items"]]) == (200, ["active", "active"])


def test_a_part_that_breaks_off_and_is_done_again_reports_what_it_has_done(ada: Person, project: str):
    milestones = [owned(ada, project) for _ in range(3)]
    job_id = begun(ada, project, *milestones)

    def kill(params: dict[str, Any], **_: object) -> None:
        if "JOBROW#" in str(params["body"]):
            hooks.unregister("before-call.dynamodb.TransactWriteItems", kill)
            raise RuntimeError("killed")

    hooks.register("before-call.dynamodb.TransactWriteItems", kill)
    assert consumers.handler(requested(ada, job_id), Context())["batchItemFailures"] != []
    assert [ada.status(each) for each in milestones] == ["active", "active", "draft"]
    finished(ada, job_id)

    assert told(ada, job_id) == 3 * [("done", "active", None)]
    assert ada.get(milestones[0]).body["version"] == 2


def test_the_same_key_begins_one_job(ada: Person, project: str):
    milestones = [owned(ada, project) for _ in range(3)]
    first, second = (begun(ada, project, *milestones, key="once") for _ in range(2))

    assert first == second
    assert finished(ada, first).status == jobs.COMPLETED


def test_a_job_is_there_with_its_parts_or_not_at_all(ada: Person, project: str):
    milestones = [owned(ada, project) for _ in range(3)]

    def kill(params: dict[str, Any], **_: object) -> None:
        if "JOBPART#" in str(params["body"]):
            hooks.unregister("before-call.dynamodb.TransactWriteItems", kill)
            raise Unavailable("killed")

    hooks.register("before-call.dynamodb.TransactWriteItems", kill)
    assert ada.post(f"{project}/project-milestones/bulk", moves(*milestones), key="once").status == 503
    assert table.query(jobs.partition(ada.user_id), "JOB", limit=10).items == []

    job = finished(ada, begun(ada, project, *milestones, key="once"))
    assert (job.status, job.done) == (jobs.COMPLETED, 3)


def test_a_table_that_does_not_answer_refuses_nothing(ada: Person, project: str):
    milestones = [owned(ada, project) for _ in range(3)]
    job_id = begun(ada, project, *milestones)

    def kill(params: dict[str, Any], **_: object) -> None:
        if "projects.milestone.activated" in str(params["body"]):
            hooks.unregister("before-call.dynamodb.TransactWriteItems", kill)
            raise Unavailable("killed")

    hooks.register("before-call.dynamodb.TransactWriteItems", kill)
    assert consumers.handler(requested(ada, job_id), Context())["batchItemFailures"] != []
    finished(ada, job_id)

    assert told(ada, job_id) == 3 * [("done", "active", None)]


def test_a_part_is_not_done_again_when_its_claims_may_be_gone(
    ada: Person, project: str, monkeypatch: pytest.MonkeyPatch
):
    milestones = [owned(ada, project) for _ in range(3)]
    job_id = begun(ada, project, *milestones)
    works(ada, job_id)
    monkeypatch.setattr(lists, "_REPEATABLE", -1)
    job = finished(ada, job_id)

    assert (job.status, job.reason, job.done) == (jobs.FAILED, "outdated", 2)
    assert ada.status(milestones[2]) == "draft"


def test_a_key_that_is_revoked_ends_its_job(ada: Person, project: str):
    milestones = [owned(ada, project) for _ in range(3)]
    key_id = "4bXc81QzLm0T"
    pk, sk = api_keys.record_key(key_id)
    record = {"PK": pk, "SK": sk, "entity": "ApiKey", "revoked": False, "valid_until": None}
    table.put_many([record])
    service = Caller(ada.user_id, ada.tenant_id, (ada.role,), SCOPES[ada.role], key_id, (), None)
    sent = [{**each, "reason": None} for each in moves(*milestones)["moves"]]
    job_id = many.begin(service, project.rpartition("/")[2], sent)["job_id"]
    works(ada, job_id)
    table.put_many([record | {"revoked": True}])
    job = finished(ada, job_id)

    assert (job.status, job.reason, job.done) == (jobs.FAILED, "key_revoked", 2)


def test_nobody_moves_more_than_they_may(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestones = [ada.begins(project, ben, acceptance="manager") for _ in range(3)]
    for each in milestones:
        ben.post(f"{each}/complete")
    finished(ben, job := begun(ben, project, *milestones, event="accept"))

    assert told(ben, job) == 3 * [("refused", None, "RoleRequired")]
    assert ada.colleague().post(f"{project}/project-milestones/bulk", moves(*milestones)).code == "ProjectNotFound"


def test_another_role_in_the_tenant_ends_the_job(ada: Person, project: str):
    milestones = [owned(ada, project) for _ in range(3)]
    job_id = begun(ada, project, *milestones)
    works(ada, job_id)
    viewer = Member(ada.tenant_id, ada.user_id, "viewer", False, clock.to_rfc3339(clock.now()), 2)
    table.put_many([memberships.to_item(viewer)])
    job = finished(ada, job_id)

    assert (job.status, job.reason, job.done) == (jobs.FAILED, "role_changed", 2)
    assert ada.status(milestones[2]) == "draft"


def test_more_than_a_project_has_milestones_are_refused(ada: Person, project: str):
    most = [f"/project-milestones/pms_{number}" for number in range(many.MOST + 1)]

    assert ada.post(f"{project}/project-milestones/bulk", moves(*most)).fields == ["moves"]


def test_many_by_a_field(ada: Person, project: str):
    milestones = [owned(ada, project) for _ in range(3)]
    sent = [{"projectMilestoneId": each.rpartition("/")[2], "event": "activate"} for each in milestones]
    named = {"projectId": project[10:], "moves": sent}
    assert ada.ask("moveProjectMilestones", **named).error_type == "InvalidInput"
    begun_by_field = ada.ask("moveManyProjectMilestones", **named).data

    assert begun_by_field["total"] == 3
    assert finished(ada, begun_by_field["jobId"]).refused == 0
