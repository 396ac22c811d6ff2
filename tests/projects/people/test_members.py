"""Members of a project: who comes in, with which roles, and who leaves."""

import pytest

from functions.identity.scopes import Role
from functions.projects.people import members
from tests.projects.following.telling import stands
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


@pytest.mark.parametrize("tenant_role", ["viewer", "guest"])
@pytest.mark.parametrize("role", ["manager", "creator"])
def test_who_may_not_write_in_the_tenant_gets_no_role_that_takes_it(
    role: str, tenant_role: Role, ada: Person, project: str
):
    path = f"{project}/members/{ada.colleague(tenant_role).user_id}"
    refused = ada.put(path, {"roles": [role, "client"]})
    ada.put(path, {"roles": ["client"]})

    assert (refused.status, refused.fields) == (422, ["roles"])
    assert "choose verifier, finance, client or viewer" in refused.body["errors"][0]["reason"]
    assert ada.put(path, {"roles": [role]}).fields == ["roles"]
    assert ada.put(path, {"roles": ["verifier", "finance", "viewer"]}).status == 200


def test_a_manager_who_has_become_a_guest_accepts_nothing_even_before_the_event_is_followed(
    ada: Person, ben: Person, project: str
):
    ada.brings(project, ben, "manager")
    milestone = ada.begins(project, ada, acceptance="manager")
    ada.post(f"{milestone}/complete")
    stands(ben, "role_changed", role="guest")
    guest = ben.acting_as("guest")

    assert guest.post(f"{milestone}/accept").code == "RoleRequired"
    assert guest.get(milestone).body["status"] == "verified"
