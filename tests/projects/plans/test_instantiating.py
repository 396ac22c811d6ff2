"""Plans that are made of templates: what they have, who may ask for them, and what keeps one out."""

from typing import Any

import pytest

from functions.identity.scopes import Role
from functions.projects import sweeps
from functions.projects.evidence import evidence
from functions.projects.milestones import milestones
from functions.projects.plans import shipped, sweeping
from shared.jobs import jobs
from shared.storage import table
from tests.aws.entries import Context
from tests.aws.troubles import refusing_queries
from tests.projects.billing import gate
from tests.projects.plans.arriving import TEMPLATES, asks, listed, makes, planned, plans, row, works
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("queue")


def test_a_plan_has_what_its_template_says(ada: Person, ben: Person):
    project = ada.creates(holidays=["2027-03-15"])
    ada.brings(project, ben, "creator")
    parameters = {"site": "River {{x}} Street", "engineer": ben.user_id}
    drawings, mill = plans(ada, makes(ada), project, total_minor_units=1001, parameters=parameters)
    path = f"/project-milestones/{mill['project_milestone_id']}"
    whole = ada.get(path).body
    [edge] = ada.get(f"{path}/dependencies").body["items"]
    [owner] = ada.get(f"{path}/owners").body["items"]
    amounts = [ada.get(f"/project-milestones/{each['project_milestone_id']}").body for each in (drawings, mill)]

    assert (drawings["start_on"], drawings["due_on"]) == ("2027-03-01", "2027-03-12")
    assert (mill["start_on"], mill["due_on"]) == ("2027-03-16", "2027-03-18")
    assert (mill["title"], mill["status"]) == ("Mill at River {{x}} Street", "draft")
    assert whole["completion_criteria"] == [
        {"key": "wheel", "text": "The wheel of River {{x}} Street turns", "is_met": False}
    ]
    assert whole["metadata"] == {"plan_milestone": "mill"}
    assert [each["amount_minor_units"] for each in amounts] == [375, 626]
    assert {each["currency"] for each in amounts} == {"EUR"}
    assert (edge["from_id"], edge["lag_days"]) == (drawings["project_milestone_id"], 2)
    assert (owner["user_id"], owner["role"], owner["status"], owner["workload_percent"]) == (
        ben.user_id,
        "primary",
        "assigned",
        40,
    )
    assert [each["event_type"] for each in ada.get(f"{path}/history").body["items"]] == [
        "projects.owner.assigned",
        "projects.milestone.created",
    ]
    assert ada.get(project).body["milestones"] == 2


def test_a_secondary_owner_of_a_plan_is_named_by_the_gate(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    owners = [{"role": "secondary", "person": "engineer"}]
    path = makes(ada, milestones=[planned("mill", percentage=100, owners=owners)], dependencies=[])
    (mill,) = plans(ada, path, project, total_minor_units=10, parameters={"engineer": ben.user_id})

    assert gate(ada, f"/project-milestones/{mill['project_milestone_id']}")["secondary_owners"] == [ben.user_id]


def test_work_on_a_plan_goes_on_as_on_any_milestone(ada: Person, project: str):
    drawings, mill = plans(ada, makes(ada), project, total_minor_units=10, parameters={"engineer": ada.user_id})
    path = f"/project-milestones/{mill['project_milestone_id']}"
    activated = ada.post(f"{path}/activate")
    first = f"/project-milestones/{drawings['project_milestone_id']}"

    assert activated.body["status"] == "pending"
    assert ada.patch(first, {"title": "All drawings"}).body["version"] == 2
    assert ada.delete(first).code == "DependantsExist"
    assert ada.get(f"{project}/critical-path").body["critical"] == [
        drawings["project_milestone_id"],
        mill["project_milestone_id"],
    ]
    assert [each["project_milestone_id"] for each in ada.get("/project-milestones").body["items"]] == [
        mill["project_milestone_id"]
    ]


@pytest.mark.parametrize("name", shipped.NAMES)
def test_a_plan_is_made_of_each_shipped_template(name: str, ada: Person, project: str):
    template = ada.get(f"{TEMPLATES}/{name}").body
    sent = {each["name"]: "Engine" if each["kind"] == "text" else ada.user_id for each in template["parameters"]}
    found = plans(ada, f"{TEMPLATES}/{name}", project, total_minor_units=100_003, parameters=sent)
    whole = [ada.get(f"/project-milestones/{each['project_milestone_id']}").body for each in found]

    assert len(found) == template["milestone_count"]
    assert sum(each["amount_minor_units"] for each in whole) == 100_003
    assert not any("{{" in each["title"] for each in whole)


def test_who_asks_manages_the_project(ada: Person, ben: Person, eve: Person, project: str):
    path, parameters = makes(ada), {"engineer": ada.user_id}
    assert asks(ben, path, project, parameters=parameters).code == "ProjectNotFound"
    ada.brings(project, ben, "creator")
    assert asks(ben, path, project, parameters=parameters).code == "RoleRequired"
    assert asks(eve, path, eve.creates(), parameters=parameters).code == "PlanTemplateNotFound"
    assert asks(ada, f"{TEMPLATES}/plt_1", project).code == "PlanTemplateNotFound"
    assert asks(ada, path, "prj_1", parameters=parameters).code == "ProjectNotFound"


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("parameters.engineer", {"parameters": {}}),
        ("parameters.engineer", {"parameters": {"engineer": "Ada"}}),
        ("parameters.engineer", {"parameters": {"engineer": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H"}}),
        ("parameters.wheel", {"parameters": {"wheel": "large"}}),
        ("parameters.site", {"parameters": {"site": 200 * "x"}}),
        ("total_minor_units", {"total_minor_units": 1}),
        ("start_on", {"start_on": "2027-02-30"}),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(field: str, sent: dict[str, Any], ada: Person, project: str):
    if "parameters" not in sent or field != "parameters.engineer":
        sent = {**sent, "parameters": {"engineer": ada.user_id, **sent.get("parameters", {})}}
    refused = asks(ada, makes(ada), project, **sent)

    assert refused.status == 422
    assert [each["field"] for each in refused.body["errors"]] == [field]


@pytest.mark.parametrize("role", ["viewer", "guest"])
def test_nobody_owns_something_of_a_plan_who_could_not_accept_it(role: Role, ada: Person, project: str):
    somebody = ada.brings(project, ada.colleague(role), "client")
    refused = asks(ada, makes(ada), project, parameters={"engineer": somebody.user_id})

    assert (refused.status, refused.fields) == (422, ["parameters.engineer"])


def test_a_payment_that_is_waited_for_takes_a_total(ada: Person, project: str):
    halves = [planned("a", percentage=50), planned("b", percentage=50)]
    edges = [{"from_key": "a", "to_key": "b", "type": "payment_to_start"}]
    path = makes(ada, milestones=halves, dependencies=edges, parameters=[])

    assert asks(ada, path, project).body["errors"][0]["field"] == "total_minor_units"
    assert len(plans(ada, path, project, total_minor_units=2)) == 2
    bare = makes(ada, milestones=[planned("a")], dependencies=[], parameters=[])
    assert asks(ada, bare, project, total_minor_units=2).body["errors"][0]["field"] == "total_minor_units"


def test_asking_twice_with_a_key_makes_one_plan(ada: Person, project: str):
    path, more = makes(ada), {"parameters": {"engineer": ada.user_id}}
    begun = asks(ada, path, project, key="once", **more)
    assert asks(ada, path, project, key="once", **more).body == begun.body

    assert works(ada, begun.body["job_id"]) == works(ada, begun.body["job_id"]) == "completed"
    assert len(listed(ada, project)) == 2


def test_graphql_asks_as_rest_does(ada: Person, project: str):
    sent = {
        "projectId": project.rpartition("/")[2],
        "startOn": "2027-03-01",
        "totalMinorUnits": "1000",
        "parameters": [{"name": "engineer", "text": ada.user_id}],
    }
    asked = ada.ask("instantiatePlanTemplate", planTemplateId=makes(ada).rpartition("/")[2], input=sent)

    assert works(ada, asked.data["jobId"]) == "completed"
    assert len(listed(ada, project)) == 2


def test_a_project_that_is_closed_meanwhile_gets_nothing(ada: Person, project: str):
    begun = asks(ada, makes(ada), project, parameters={"engineer": ada.user_id})
    ada.post(f"{project}/complete")

    assert works(ada, begun.body["job_id"]) == "project_not_active"
    assert listed(ada, project) == []
    assert asks(ada, makes(ada), project, parameters={"engineer": ada.user_id}).code == "ProjectStatusNotPossible"


def test_an_owner_who_has_left_meanwhile_keeps_the_plan_out(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    begun = asks(ada, makes(ada), project, parameters={"engineer": ben.user_id})
    ada.delete(f"{project}/members/{ben.user_id}")

    assert works(ada, begun.body["job_id"]) == "member_left"
    assert (listed(ada, project), ada.get(project).body["milestones"]) == ([], 0)


def test_a_plan_is_counted_before_it_arrives(ada: Person, project: str, monkeypatch: pytest.MonkeyPatch):
    path = makes(ada, **row(3))
    begun = asks(ada, path, project)
    monkeypatch.setattr(milestones, "MOST", 2)

    assert works(ada, begun.body["job_id"]) == "too_many_milestones"
    assert asks(ada, path, project).code == "TooManyMilestones"


def test_a_plan_whose_job_was_cancelled_is_swept(ada: Person, project: str, time: Any):
    begun = asks(ada, makes(ada), project, parameters={"engineer": ada.user_id})
    job = jobs.find(ada.user_id, begun.body["job_id"])
    assert job is not None
    table.transact([jobs.written(job, job._replace(status=jobs.CANCELLED, version=job.version + 1))])
    assert sweeping.run(lambda: True) == 0
    time.shift(7201)

    assert sweeping.run(lambda: False) == 0
    assert sweeping.run(lambda: True) == 1
    assert sweeping.run(lambda: True) == 0
    assert listed(ada, project) == []


def test_evidence_that_cannot_be_read_keeps_no_plan_waiting(ada: Person, project: str, time: Any):
    begun = asks(ada, makes(ada), project, parameters={"engineer": ada.user_id})
    job = jobs.find(ada.user_id, begun.body["job_id"])
    assert job is not None
    table.transact([jobs.written(job, job._replace(status=jobs.CANCELLED, version=job.version + 1))])
    time.shift(7201)
    with refusing_queries(evidence.due(0)), pytest.raises(ExceptionGroup):
        sweeps.handler({}, Context())

    assert sweeping.run(lambda: True) == 0
    assert listed(ada, project) == []
