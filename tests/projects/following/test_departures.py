"""Members who leave the tenant, or may not write there any more: what they lose, and how work goes on."""

import pytest

from tests.projects.following.telling import follow, leaves, of_project, stands
from tests.projects.team import Person


def roles(person: Person, project: str) -> dict[str, list[str]]:
    return {each["user_id"]: each["roles"] for each in person.get(f"{project}/members").body["items"]}


def owners(person: Person, milestone: str) -> list[str]:
    return [each["user_id"] for each in person.get(f"{milestone}/owners").body["items"]]


@pytest.mark.parametrize("what", ["removed", "disabled"])
def test_who_is_gone_is_member_and_owner_no_more(what: str, ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben)
    follow(leaves(ben) if what == "removed" else stands(ben, "disabled", is_disabled=True))

    assert roles(ada, project) == {ada.user_id: ["manager"]}
    assert ada.get(project).body["members"] == 1
    assert owners(ada, milestone) == []
    assert (ada.get(milestone).body["status"], ada.get(milestone).body["primary_owner_id"]) == ("in_progress", None)
    happened = [each["event_type"] for each in ada.get(f"{milestone}/history").body["items"]]
    assert happened.count("projects.owner.removed") == 1


def test_a_manager_gives_the_milestone_of_who_left_to_another(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben, acceptance="manager")
    follow(leaves(ben))
    cyd = ada.brings(project, ada.colleague(), "creator")
    ada.assigns(milestone, cyd)

    assert cyd.post(f"{milestone}/complete").body["status"] == "verified"
    assert ada.post(f"{milestone}/accept").body["status"] == "approved"


def test_what_is_approved_keeps_its_owner(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben)
    ben.post(f"{milestone}/complete")
    follow(leaves(ben))

    assert owners(ada, milestone) == [ben.user_id]


def test_who_is_here_again_begins_anew(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    follow(leaves(ben))
    stands(ben, "restored")

    assert ben.get(project).code == "ProjectNotFound"
    assert ben.get("/projects").body["items"] == []
    ada.brings(project, ben, "viewer")
    assert ben.get(project).status == 200


@pytest.mark.parametrize("role", ["viewer", "guest"])
def test_who_may_only_read_keeps_the_roles_that_take_no_writing(role: str, ada: Person, ben: Person, project: str):
    other = ada.creates()
    ada.brings(project, ben, "manager", "client")
    ada.brings(other, ben, "creator")
    milestone = ada.begins(project, ben)
    follow(stands(ben, "role_changed", role=role))

    assert roles(ada, project)[ben.user_id] == ["client"]
    assert roles(ada, other)[ben.user_id] == ["viewer"]
    assert owners(ada, milestone) == []


def test_an_owner_of_the_tenant_who_becomes_a_member_of_it_keeps_their_projects(ada: Person, project: str):
    milestone = ada.begins(project, ada)
    follow(stands(ada, "role_changed", role="member"))

    assert roles(ada, project) == {ada.user_id: ["manager"]}
    assert owners(ada, milestone) == [ada.user_id]


def test_an_event_that_comes_after_the_return_takes_nothing(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben)
    gone = leaves(ben)
    stands(ben, "restored")
    follow(gone)

    assert owners(ada, milestone) == [ben.user_id]
    assert roles(ada, project)[ben.user_id] == ["creator"]


def test_who_leaves_a_project_owns_nothing_of_it(ada: Person, ben: Person, project: str):
    other = ada.creates()
    for each in (project, other):
        ada.brings(each, ben, "creator")
    here, there = ada.begins(project, ben), ada.begins(other, ben)
    ada.delete(f"{project}/members/{ben.user_id}")
    follow(*of_project(ada, project))

    assert (owners(ada, here), owners(ada, there)) == ([], [ben.user_id])


def test_who_was_brought_back_into_a_project_keeps_what_they_own(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben)
    ada.delete(f"{project}/members/{ben.user_id}")
    left = of_project(ada, project)
    ada.brings(project, ben, "creator")
    follow(*left)

    assert owners(ada, milestone) == [ben.user_id]


def test_nothing_of_another_tenant_is_taken(ada: Person, ben: Person, eve: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben)
    follow(leaves(Person(ben.user_id, eve.tenant_id, ada.issuer)))

    assert roles(ada, project)[ben.user_id] == ["creator"]
    assert owners(ada, milestone) == [ben.user_id]
