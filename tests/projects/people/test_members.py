"""Members of a project: who comes in, with which roles, and who leaves."""

import pytest

from functions.projects.people import members
from tests.projects.team import Person


def test_roles_and_skills_of_a_member_are_replaced(ada: Person, ben: Person, project: str):
    path = f"{project}/members/{ben.user_id}"
    first = ada.put(path, {"roles": ["viewer"], "skills": ["mechanics"]}).body
    second = ada.put(path, {"roles": ["creator", "verifier"]}, if_match='"1"').body

    assert (first["version"], second["version"]) == (1, 2)
    assert (second["roles"], second["skills"], second["created_at"]) == (
        ["creator", "verifier"],
        [],
        first["created_at"],
    )
    assert ada.put(path, {"roles": ["viewer"]}, if_match='"1"').status == 412
    assert ada.get(project).body["members"] == 2


def test_only_users_of_the_tenant_become_members(ada: Person, eve: Person, project: str):
    for user_id in (eve.user_id, "user_nobody"):
        assert ada.put(f"{project}/members/{user_id}", {"roles": ["viewer"]}).fields == ["user_id"]


@pytest.mark.parametrize("roles", [[], ["boss"], ["viewer", "viewer"], "viewer"])
def test_such_roles_are_refused(roles: object, ada: Person, ben: Person, project: str):
    assert ada.put(f"{project}/members/{ben.user_id}", {"roles": roles}).fields[0].startswith("roles")


def test_members_leave_and_are_removed_by_managers(ada: Person, ben: Person, project: str):
    cleo = ada.brings(project, ada.colleague(), "viewer")
    ada.brings(project, ben, "viewer")
    assert ben.delete(f"{project}/members/{cleo.user_id}").code == "RoleRequired"

    assert ben.delete(f"{project}/members/{ben.user_id}").status == 204
    assert ada.delete(f"{project}/members/{cleo.user_id}").status == 204
    assert ada.delete(f"{project}/members/{cleo.user_id}").code == "ProjectMemberNotFound"
    assert ada.get(project).body["members"] == 1
    assert ben.get(project).code == "ProjectNotFound"


def test_a_project_has_so_many_members_at_most(ada: Person, ben: Person, project: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(members, "MOST", 1)

    assert ada.put(f"{project}/members/{ben.user_id}", {"roles": ["viewer"]}).code == "TooManyMembers"


def test_an_admin_who_is_no_member_cannot_leave(ada: Person, project: str):
    admin = ada.colleague("admin")

    assert admin.delete(f"{project}/members/{admin.user_id}").code == "ProjectMemberNotFound"
