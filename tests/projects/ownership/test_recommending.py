"""Whom a milestone may be assigned to, and how much work its owners have."""

from typing import Any

import pytest
import time_machine

from functions.projects.people import workloads
from tests.aws import hooks
from tests.platform.held import stored
from tests.projects.following.telling import follow, leaves, of_milestone
from tests.projects.plans.arriving import asks, makes, queue, works
from tests.projects.team import Person

__all__ = ["queue"]


@pytest.fixture(autouse=True)
def both(ada: Person, ben: Person, project: str) -> None:
    """Ben is in the project that Ada leads, and knows about mills."""
    put = ada.put(f"{project}/members/{ben.user_id}", {"roles": ["viewer"], "skills": ["mills"]})
    assert put.status == 200


def recommended(person: Person, milestone: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get(f"{milestone}/owners/recommendations", query).body["items"]
    return found


def percent(person: Person) -> int:
    return workloads.of_people(person.tenant_id, [person.user_id])[person.user_id].percent


def given(ada: Person, milestone: str, somebody: Person, workload: int, role: str = "contributor") -> Any:
    made = ada.post(f"{milestone}/owners", {"user_id": somebody.user_id, "role": role, "workload_percent": workload})
    assert made.status == 201, made.body
    return made.body


def test_who_suits_best_is_first_and_each_part_is_shown(ada: Person, ben: Person, project: str):
    milestone = ada.plans(project, tags=["Mills", "steam"])
    given(ada, ada.plans(project), ben, 40)

    first, second = recommended(ada, milestone)
    assert first == {
        "user_id": ben.user_id,
        "score": 0.53,
        "skill_overlap": 0.5,
        "availability": 0.6,
        "on_time_rate": 0.5,
        "matched": ["mills"],
        "workload_percent": 40,
        "is_overloaded": False,
    }
    assert (second["user_id"], second["score"]) == (ada.user_id, 0.4)
    assert [each["user_id"] for each in recommended(ada, milestone, "skills=law&limit=1")] == [ada.user_id]


def test_owners_clients_and_strangers_are_not_recommended(ada: Person, ben: Person, project: str):
    ada.brings(project, ada.colleague(), "client")
    milestone = ada.plans(project)
    ada.assigns(milestone, ada)

    assert [each["user_id"] for each in recommended(ada, milestone)] == [ben.user_id]
    assert ben.get(f"{milestone}/owners/recommendations").code == "RoleRequired"
    assert ada.colleague().get(f"{milestone}/owners/recommendations").code == "ProjectMilestoneNotFound"


def test_equals_are_in_the_order_of_their_ids(ada: Person, project: str):
    people = [ada.brings(project, ada.colleague(), "viewer") for _ in range(4)]
    milestone = ada.plans(project, tags=["law"])

    ids = [each["user_id"] for each in recommended(ada, milestone)]
    assert ids == sorted(ids)
    assert {each.user_id for each in people} <= {*ids}


def test_recommendations_take_six_calls_however_many_members_there_are(ada: Person, project: str):
    for _ in range(5):
        ada.brings(project, ada.colleague(), "viewer")
    milestone = ada.plans(project)
    calls: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, params, **_: calls.append(model.name + str(params["body"])))
    recommended(ada, milestone)

    assert [call[:5] for call in calls if "RATE#" not in call and "EPOCH" not in call] == [
        *("Batch", "Batch", "Query", "Query", "Batch"),
    ]


def test_workload_goes_up_and_down_with_what_somebody_owns(ada: Person, ben: Person, project: str):
    first, second = ada.plans(project), ada.plans(project)
    given(ada, first, ben, 70)
    assert given(ada, second, ben, 50)["total_workload_percent"] == 120
    ben.post(f"{second}/owners/decline")
    assert percent(ben) == 70
    ada.delete(f"{first}/owners/{ben.user_id}")
    assert percent(ben) == 0
    given(ada, second, ben, 30, "primary")
    ada.post(f"{second}/owners/transfer", {"user_id": ada.user_id})
    assert (percent(ben), percent(ada)) == (0, 30)
    ada.delete(second)

    assert percent(ada) == 0


def test_more_than_the_whole_time_of_somebody_warns(ada: Person, ben: Person, project: str):
    first, second = ada.plans(project), ada.plans(project)
    assert given(ada, first, ben, 100)["is_overloaded"] is False
    assert given(ada, second, ben, 1)["is_overloaded"] is True

    (shown,) = ada.get(f"{first}/owners").body["items"]
    assert (shown["total_workload_percent"], shown["is_overloaded"]) == (101, True)
    (hidden,) = ben.get(f"{first}/owners").body["items"]
    assert (hidden["total_workload_percent"], hidden["is_overloaded"]) == (None, None)
    assert ben.post(f"{first}/owners/accept").body["total_workload_percent"] == 101


def test_what_is_closed_is_no_work_and_counts_as_on_time_or_late(
    ada: Person, ben: Person, project: str, time: time_machine.Traveller
):
    early = ada.begins(project, ada, due_on="2026-11-20")
    late = ada.begins(project, ada, due_on="2026-11-19")
    undated = ada.begins(project, ada)
    given(ada, early, ben, 60)
    for each in (early, late, undated):
        ada.post(f"{each}/complete")
        follow(*of_milestone(ada, each))
    dropped = ada.plans(project, due_on="2026-11-01")
    given(ada, dropped, ada, 20, "primary")
    ada.post(f"{dropped}/cancel", {"reason": "Not needed."})
    follow(*of_milestone(ada, dropped))
    ada.delete(dropped)

    found = workloads.of_people(ada.tenant_id, [ada.user_id, ben.user_id])
    assert found[ada.user_id] == workloads.Workload(percent=0, due=2, on_time=1)
    assert found[ben.user_id] == workloads.Workload()


def test_a_cancelled_milestone_that_is_deleted_before_its_event_gives_its_work_back_once(
    ada: Person, ben: Person, project: str
):
    milestone = ada.plans(project)
    given(ada, milestone, ben, 20)
    ada.post(f"{milestone}/cancel", {"reason": "Not needed."})
    told = of_milestone(ada, milestone)
    ada.delete(milestone)
    follow(*told)

    assert percent(ben) == 0


def test_who_leaves_the_tenant_has_no_work_there(ada: Person, ben: Person, project: str):
    given(ada, ada.plans(project), ben, 60)
    follow(leaves(ben))

    assert percent(ben) == 0


def test_a_team_has_no_workload(ada: Person, ben: Person, project: str):
    team_id = ada.post(f"{project}/teams", {"name": "Wrights", "people": [ben.user_id]}).body["team_id"]
    milestone = ada.plans(project)
    made = ada.post(f"{milestone}/owners", {"team_id": team_id, "role": "reviewer", "workload_percent": 50}).body

    assert (made["total_workload_percent"], made["is_overloaded"], percent(ben)) == (None, None, 0)


def test_recommendations_by_a_field_are_as_over_rest(ada: Person, ben: Person, project: str):
    milestone = ada.plans(project, tags=["mills"])
    named = {"projectMilestoneId": milestone.rpartition("/")[2]}
    first = ada.ask("recommendedMilestoneOwners", **named, limit=1).data

    assert [(each["userId"], each["skillOverlap"]) for each in first] == [(ben.user_id, 1.0)]
    assert ada.ask("recommendedMilestoneOwners", **named, skills=["law"], limit=1).data[0]["skillOverlap"] == 0.0


def test_what_a_plan_assigns_is_work_too(ada: Person, ben: Person, project: str, queue: None):
    begun = asks(ada, makes(ada), project, parameters={"engineer": ben.user_id})
    works(ada, begun.body["job_id"])
    works(ada, begun.body["job_id"])

    assert percent(ben) == 40
    instantiated = [item for item in stored().values() if item.get("event_type") == "projects.plan.instantiated"]
    assert [each["data"]["milestones"] for each in instantiated] == [2]
