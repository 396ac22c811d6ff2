"""Teams of a project: who makes them, what they own, and what becomes of that."""

import pytest

from functions.projects.people import teams
from tests.projects.following.telling import follow, leaves, of_milestone, of_project, stands
from tests.projects.team import Person

LAYER = {"level": 1, "name": "Review", "kind": "manual", "mode": "any", "approvers": [{"owner_role": "reviewer"}]}


@pytest.fixture
def eva(ada: Person, ben: Person, project: str) -> Person:
    """Somebody who is in the project that Ada leads, as Ben is."""
    ada.brings(project, ben, "viewer")
    return ada.brings(project, ada.colleague(), "viewer")


def team_of(ada: Person, project: str, *people: Person, name: str = "Millwrights") -> str:
    made = ada.post(f"{project}/teams", {"name": name, "people": [each.user_id for each in people]})
    assert made.status == 201, made.body
    return str(made.body["team_id"])


def owns(ada: Person, milestone: str, team_id: str, role: str = "reviewer") -> None:
    made = ada.post(f"{milestone}/owners", {"team_id": team_id, "role": role})
    assert (made.status, made.body["status"], made.body["user_id"]) == (201, "active", None), made.body


def submitted(ada: Person, project: str, team_id: str, *, role: str = "reviewer") -> str:
    """Complete a milestone that a team owns and reviews; return its path."""
    milestone = ada.plans(project, verification_policy={"layers": [LAYER]})
    ada.assigns(milestone, ada)
    owns(ada, milestone, team_id, role)
    for what in ("activate", "start", "complete"):
        moved = ada.post(f"{milestone}/{what}")
        assert moved.status == 200, moved.body
    return milestone


def asked(ada: Person, milestone: str) -> list[str]:
    (layer,) = ada.get(f"{milestone}/verifications").body["items"]
    return sorted(each["user_id"] for each in layer["seats"] if not each["is_struck"])


def test_a_manager_makes_changes_and_removes_a_team(ada: Person, ben: Person, eva: Person, project: str):
    team_id = team_of(ada, project, ben)
    changed = ada.patch(f"{project}/teams/{team_id}", {"people": [ben.user_id, eva.user_id]}, if_match='"1"')
    assert (changed.body["version"], changed.body["people"]) == (2, [ben.user_id, eva.user_id])
    assert ada.patch(f"{project}/teams/{team_id}", {"name": "Wrights"}, if_match='"1"').code == "VersionChanged"
    assert [each["team_id"] for each in ben.get(f"{project}/teams").body["items"]] == [team_id]

    assert ada.delete(f"{project}/teams/{team_id}").status == 204
    assert ada.delete(f"{project}/teams/{team_id}").code == "ProjectTeamNotFound"
    assert ben.get(f"{project}/teams").body["items"] == []


def test_teams_are_for_managers_and_of_members(ada: Person, ben: Person, eva: Person, eve: Person, project: str):
    team_id = team_of(ada, project)
    draft = {"name": "Millwrights", "people": [ben.user_id]}

    assert ben.post(f"{project}/teams", draft).code == "RoleRequired"
    assert ben.patch(f"{project}/teams/{team_id}", {"name": "Others"}).code == "RoleRequired"
    assert ben.delete(f"{project}/teams/{team_id}").code == "RoleRequired"
    assert eve.get(f"{project}/teams").code == eve.post(f"{project}/teams", draft).code == "ProjectNotFound"
    for people in ([eve.user_id], ["user_nobody"], [team_id]):
        assert ada.post(f"{project}/teams", draft | {"people": people}).fields == ["people"]
    assert ada.post(f"{project}/teams", draft | {"people": 2 * [ben.user_id]}).status == 422
    assert ada.patch(f"{project}/teams/{team_id}", {"people": [eve.user_id]}).fields == ["people"]


def test_a_project_has_so_many_teams_at_most(ada: Person, project: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(teams, "MOST", 1)
    team_of(ada, project)

    assert ada.post(f"{project}/teams", {"name": "Others"}).code == "TooManyTeams"


def test_a_repeated_creation_makes_one_team(ada: Person, project: str):
    first, second = (ada.post(f"{project}/teams", {"name": "Millwrights"}, key="once") for _ in range(2))

    assert first.body == second.body
    assert len(ada.get(f"{project}/teams").body["items"]) == 1


def test_a_team_owns_a_milestone_but_is_never_its_primary_owner(ada: Person, ben: Person, eva: Person, project: str):
    team_id, milestone = team_of(ada, project, ben, eva), ada.plans(project)
    assert ada.post(f"{milestone}/owners", {"team_id": team_id, "role": "primary"}).fields == ["role"]
    owns(ada, milestone, team_id)

    (owner,) = ben.get(f"{milestone}/owners").body["items"]
    assert (owner["team_id"], owner["role"], owner["status"]) == (team_id, "reviewer", "active")
    assert ada.post(f"{milestone}/owners", {"team_id": team_id, "role": "observer"}).code == "OwnerExists"
    assert ada.post(f"{milestone}/owners/transfer", {"user_id": team_id}).status >= 400
    assert ben.get("/project-milestones", f"owner={team_id}").body["items"][0]["title"] == "Mill assembled"
    told = ada.get(f"{milestone}/history").body["items"][0]
    assert (told["event_type"], told["team_id"], told["user_id"]) == ("projects.owner.assigned", team_id, None)
    assert ada.delete(f"{milestone}/owners/{team_id}").status == 204
    assert ada.get(f"{milestone}/owners").body["items"] == []


@pytest.mark.parametrize(
    "holder",
    [
        {},
        {"user_id": "user_nobody", "team_id": "team_nobody"},
        {"team_id": "team_nobody"},
        {"user_id": "team_01KAEY5R7C2N8V4X6Z9B1D3F5H"},
    ],
)
def test_an_owner_is_either_a_member_or_a_team(holder: dict[str, str], ada: Person, project: str):
    milestone = ada.plans(project)

    assert ada.post(f"{milestone}/owners", {**holder, "role": "observer"}).status == 422


def test_the_team_of_another_project_owns_nothing_here(ada: Person, project: str):
    elsewhere = team_of(ada, ada.creates())

    refused = ada.post(f"{ada.plans(project)}/owners", {"team_id": elsewhere, "role": "observer"})
    assert refused.fields == ["team_id"]


def test_a_layer_asks_who_is_in_the_team_when_it_opens(ada: Person, ben: Person, eva: Person, project: str):
    team_id = team_of(ada, project, ben)
    ada.patch(f"{project}/teams/{team_id}", {"people": [ben.user_id, eva.user_id]})
    milestone = submitted(ada, project, team_id)
    follow(*of_milestone(ada, milestone))

    assert asked(ada, milestone) == sorted([ben.user_id, eva.user_id])
    assert [each["kind"] for each in eva.get("/worklist").body["items"]] == ["approval"]


def test_nobody_is_asked_through_a_team_that_only_looks_on(ada: Person, ben: Person, eva: Person, project: str):
    team_id = team_of(ada, project, ben)
    milestone = ada.plans(
        project, verification_policy={"layers": [LAYER | {"approvers": [{"user": ben.user_id}, {"user": eva.user_id}]}]}
    )
    ada.assigns(milestone, ada)
    owns(ada, milestone, team_id, "observer")
    for what in ("activate", "start", "complete"):
        ada.post(f"{milestone}/{what}")

    assert asked(ada, milestone) == [eva.user_id]


def test_who_is_in_the_team_no_more_loses_the_seat(ada: Person, ben: Person, eva: Person, project: str):
    team_id = team_of(ada, project, ben, eva)
    milestone = submitted(ada, project, team_id)
    follow(*of_milestone(ada, milestone))
    ada.patch(f"{project}/teams/{team_id}", {"people": [eva.user_id]})
    follow(*of_project(ada, project))

    assert asked(ada, milestone) == [eva.user_id]
    assert ben.get("/worklist").body["items"] == []


def test_a_team_that_is_removed_owns_nothing_and_its_people_lose_their_seats(
    ada: Person, ben: Person, eva: Person, project: str
):
    team_id = team_of(ada, project, ben, eva)
    milestone = submitted(ada, project, team_id)
    ada.delete(f"{project}/teams/{team_id}")
    follow(*of_project(ada, project), *of_milestone(ada, milestone))

    assert [each["user_id"] for each in ada.get(f"{milestone}/owners").body["items"]] == [ada.user_id]
    assert asked(ada, milestone) == []


def test_who_leaves_the_project_is_in_its_teams_no_more(ada: Person, ben: Person, eva: Person, project: str):
    team_id = team_of(ada, project, ben, eva)
    milestone = submitted(ada, project, team_id)
    ada.delete(f"{project}/members/{ben.user_id}")
    follow(*of_project(ada, project))
    follow(*of_project(ada, project), *of_milestone(ada, milestone))

    (team,) = ada.get(f"{project}/teams").body["items"]
    assert (team["people"], asked(ada, milestone)) == ([eva.user_id], [eva.user_id])


def test_who_has_come_back_meanwhile_stays_in_the_team(ada: Person, ben: Person, eva: Person, project: str):
    team_of(ada, project, ben, eva)
    ada.delete(f"{project}/members/{ben.user_id}")
    ada.brings(project, ben, "viewer")
    follow(*of_project(ada, project))

    (team,) = ada.get(f"{project}/teams").body["items"]
    assert team["people"] == [ben.user_id, eva.user_id]


@pytest.mark.parametrize("what", ["removed", "viewer", "guest"])
def test_who_may_not_write_in_the_tenant_is_in_no_team(what: str, ada: Person, ben: Person, eva: Person, project: str):
    team_of(ada, project, ben, eva)
    follow(leaves(ben) if what == "removed" else stands(ben, "role_changed", role=what))

    (team,) = ada.get(f"{project}/teams").body["items"]
    assert team["people"] == [eva.user_id]


def test_the_people_of_a_team_bring_evidence_as_its_role_says(
    ada: Person, ben: Person, eva: Person, project: str, bucket: str
):
    looking, working = team_of(ada, project, eva), team_of(ada, project, ben)
    milestone = ada.begins(project, ada)
    owns(ada, milestone, looking, "observer")
    owns(ada, milestone, working, "contributor")

    link = {"url": "https://example.org/measurements/17"}
    refused, brought = (each.post(f"{milestone}/evidence/links", link) for each in (eva, ben))
    assert (refused.code, brought.status) == ("RoleRequired", 201)


def test_a_deleted_project_leaves_no_team(ada: Person, project: str):
    team_of(ada, project)
    ada.delete(project)

    assert teams.of_project(ada.tenant_id, project[10:]) == []


def test_a_guest_sees_the_teams_of_their_project_alone(ada: Person, project: str):
    client = ada.brings(project, ada.colleague("guest"), "client")
    team_of(ada, project)

    assert len(client.get(f"{project}/teams").body["items"]) == 1
    assert client.get(f"{ada.creates()}/teams").code == "ProjectNotFound"
    assert client.post(f"{project}/teams", {"name": "Ours"}).status == 403


def test_teams_by_fields_are_as_over_rest(ada: Person, ben: Person, eva: Person, project: str):
    sent = {"name": "Millwrights", "people": [ben.user_id]}
    made = ada.ask("createProjectTeam", projectId=project[10:], input=sent).data
    named = {"projectId": project[10:], "teamId": made["teamId"]}
    changed = ada.ask("updateProjectTeam", **named, input={"people": [eva.user_id]}, expectedVersion=1).data
    assert (changed["name"], changed["people"]) == ("Millwrights", [eva.user_id])
    assert ada.ask("projectTeams", projectId=project[10:]).data == [changed]
    milestone = ada.plans(project)
    owner = {"teamId": made["teamId"], "role": "observer"}
    assert (
        ada.ask("assignProjectMilestone", projectMilestoneId=milestone[20:], input=owner).data["teamId"]
        == made["teamId"]
    )

    assert ada.ask("removeProjectTeam", **named).data == made["teamId"]
