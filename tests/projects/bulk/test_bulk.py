"""Several milestones in one request, and milestones made from others."""

from typing import Any

import pytest

from functions.projects.bulk import many, moving
from tests.projects.team import Person

POLICY = {"layers": [{"level": 1, "name": "Board", "approvers": [{"role": "verifier"}]}]}


def named(milestone: str) -> str:
    return milestone.removeprefix("/project-milestones/")


def move(milestone: str, event: str, **more: Any) -> dict[str, Any]:
    return {"project_milestone_id": named(milestone), "event": event, **more}


def test_each_milestone_moves_or_is_refused_by_itself(ada: Person, eve: Person, project: str):
    ready, bare, going = ada.plans(project), ada.plans(project), ada.begins(project, ada)
    ada.assigns(ready, ada)
    elsewhere, foreign = ada.plans(ada.creates()), eve.plans(eve.creates())
    moves = [move(each, "activate") for each in (ready, bare, going, elsewhere, foreign, "pms_1")]
    answered = ada.post(f"{project}/project-milestones/bulk", {"moves": moves})
    outcomes = answered.body["items"]

    assert answered.status == 200
    assert [each["project_milestone_id"] for each in outcomes] == [each["project_milestone_id"] for each in moves]
    assert [each["code"] for each in outcomes] == [
        None,
        "OwnerMissing",
        "TransitionNotAllowed",
        *["ProjectMilestoneNotFound"] * 3,
    ]
    assert (outcomes[0]["status"], outcomes[0]["version"]) == ("active", ada.get(ready).body["version"])
    assert [ada.status(each) for each in (ready, bare, elsewhere)] == ["active", "draft", "draft"]


def test_roles_and_scopes_are_as_for_one(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben, acceptance="manager")
    ben.post(f"{milestone}/complete")
    path, cancel = f"{project}/project-milestones/bulk", move(milestone, "cancel", reason="Not needed.")

    assert ben.post(path, {"moves": [cancel]}).body["items"][0]["code"] == "RoleRequired"
    assert ben.post(path, {"moves": [move(milestone, "accept")]}).body["items"][0]["code"] == "RoleRequired"
    assert ada.colleague().post(path, {"moves": [cancel]}).code == "ProjectNotFound"
    assert ada.post(path, {"moves": [move(milestone, "accept")]}).body["items"][0]["status"] == "approved"


@pytest.mark.parametrize(
    "moves",
    [
        [],
        [move("pms_1", "activate")] * 2,
        [move("pms_1", "cancel")],
        [move("pms_1", "reject")],
        [move("pms_1", "activate", reason="Why not.")],
        [move("pms_1", "layers_approved")],
        [move("pms_1", "progress")],
        [move(f"pms_{number}", "start") for number in range(many.MOST + 1)],
    ],
)
def test_what_is_no_list_of_moves_is_refused(moves: list[dict[str, Any]], ada: Person, project: str):
    assert ada.post(f"{project}/project-milestones/bulk", {"moves": moves}).status == 422


def test_what_there_is_no_time_for_is_said(ada: Person, project: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(moving, "_TIME", -1)
    milestone = ada.plans(project)
    answered = ada.post(f"{project}/project-milestones/bulk", {"moves": [move(milestone, "activate")]})

    assert answered.body["items"][0]["code"] == "NotTried"


def test_a_duplicate_is_a_draft_without_money_decisions_and_evidence(ada: Person, project: str):
    criteria = [{"key": "drawings", "text": "Drawings are signed", "is_met": True}]
    planned = {
        "description": "Of brass.",
        "priority": "high",
        "due_on": "2027-03-31",
        "estimated_hours": 80,
        "completion_criteria": criteria,
        "verification_policy": POLICY,
        "acceptance": "manager",
        "tags": ["mill"],
        "metadata": {"order": "PO 4711"},
        "internal_notes": "He is late.",
    }
    ada.brings(project, ada.colleague(), "verifier")
    milestone = ada.begins(project, ada, amount_minor_units=500, actual_hours=70, **planned)
    ada.post(f"{milestone}/complete")
    made = ada.post(f"{milestone}/duplicate", key="twice")
    shown = made.body

    assert (made.status, shown["status"], shown["progress"], shown["attempt"], shown["version"]) == (
        201,
        "draft",
        0,
        1,
        1,
    )
    assert [shown[name] for name in ("amount_minor_units", "currency", "actual_hours", "submitted_by")] == [None] * 4
    assert shown["primary_owner_id"] is None
    assert shown["completion_criteria"] == [{**criteria[0], "is_met": False}]
    same = planned.keys() - {"completion_criteria"}
    assert {name: shown[name] for name in same} == {name: ada.get(milestone).body[name] for name in same}
    assert ada.post(f"{milestone}/duplicate", key="twice").body["project_milestone_id"] == shown["project_milestone_id"]
    assert ada.get(project).body["milestones"] == 2
    assert ada.get(f"/project-milestones/{shown['project_milestone_id']}/verifications").body["items"] == []


def test_duplicating_takes_the_role_that_creating_takes(ada: Person, ben: Person, project: str):
    milestone = ada.plans(project, amount_minor_units=500)
    assert ben.post(f"{milestone}/duplicate").code == "ProjectMilestoneNotFound"
    ada.brings(project, ben, "verifier")
    assert ben.post(f"{milestone}/duplicate").code == "RoleRequired"
    ada.brings(project, ben, "creator")

    assert ben.post(f"{milestone}/duplicate").status == 201


def test_graphql_does_the_same(ada: Person, project: str):
    milestone = ada.plans(project)
    ada.assigns(milestone, ada)
    moves = [{"projectMilestoneId": named(milestone), "event": "activate"}]
    moved = ada.ask("moveProjectMilestones", projectId=project[10:], moves=moves)
    copied = ada.ask("duplicateProjectMilestone", projectMilestoneId=named(milestone))

    assert [each["status"] for each in moved.data] == ["active"]
    assert copied.data["status"] == "draft"
