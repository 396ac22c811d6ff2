"""Owners of a milestone: assigned, accepted, declined, handed on, removed."""

import pytest

from functions.identity.scopes import Role
from functions.projects.people import owners
from tests.projects.team import Person


@pytest.fixture
def milestone(ada: Person, ben: Person, project: str) -> str:
    """A milestone of a project that Ada leads and Ben is in."""
    ada.brings(project, ben, "viewer")
    return ada.plans(project)


def owned(ada: Person, milestone: str) -> list[tuple[str, str, str]]:
    return [(each["user_id"], each["role"], each["status"]) for each in ada.get(f"{milestone}/owners").body["items"]]


def test_whom_a_manager_assigns_has_to_accept(ada: Person, ben: Person, milestone: str):
    ada.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "primary", "workload_percent": 50})
    assert owned(ada, milestone) == [(ben.user_id, "primary", "assigned")]

    assert ben.post(f"{milestone}/owners/accept").body["status"] == "active"
    assert ben.post(f"{milestone}/owners/accept").code == "OwnershipNotAssigned"
    assert ada.get(milestone).body["primary_owner_id"] == ben.user_id


def test_who_declines_is_no_owner_and_leaves_the_place_free(ada: Person, ben: Person, milestone: str):
    ada.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "primary"})
    assert ben.post(f"{milestone}/owners/decline").body == {"user_id": ben.user_id}

    assert owned(ada, milestone) == []
    ada.assigns(milestone, ada)
    assert owned(ada, milestone) == [(ada.user_id, "primary", "active")]


def test_there_is_one_primary_owner_and_each_is_an_owner_once(ada: Person, ben: Person, milestone: str):
    ada.assigns(milestone, ben)
    primary = {"user_id": ada.user_id, "role": "primary"}

    assert ada.post(f"{milestone}/owners", primary).code == "PrimaryOwnerExists"
    assert ada.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "observer"}).code == "OwnerExists"
    assert ada.post(f"{milestone}/owners", primary | {"role": "observer"}).status == 201


def test_only_members_of_the_project_own(ada: Person, milestone: str):
    for user_id in (ada.colleague().user_id, "user_nobody", ""):
        assert ada.post(f"{milestone}/owners", {"user_id": user_id, "role": "primary"}).fields == ["user_id"]


def test_the_primary_owner_hands_it_on_in_one_step(ada: Person, ben: Person, milestone: str):
    assert ada.post(f"{milestone}/owners/transfer", {"user_id": ben.user_id}).code == "MilestoneOwnerNotFound"
    ada.assigns(milestone, ada)
    assert ada.post(f"{milestone}/owners/transfer", {"user_id": ben.user_id}).body["status"] == "active"

    assert owned(ada, milestone) == [(ben.user_id, "primary", "active")]
    assert ben.post(f"{milestone}/owners/transfer", {"user_id": ada.user_id}).status == 200
    assert ben.post(f"{milestone}/owners/transfer", {"user_id": ben.user_id}).code == "RoleRequired"


def test_a_manager_removes_an_owner(ada: Person, ben: Person, milestone: str):
    ada.assigns(milestone, ben)
    assert ben.delete(f"{milestone}/owners/{ben.user_id}").code == "RoleRequired"

    assert ada.delete(f"{milestone}/owners/{ben.user_id}").status == 204
    assert ada.delete(f"{milestone}/owners/{ben.user_id}").code == "MilestoneOwnerNotFound"
    assert ada.get(milestone).body["primary_owner_id"] is None


def test_a_milestone_has_20_owners_at_most(ada: Person, project: str, milestone: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(owners, "MOST", 1)
    ada.assigns(milestone, ada)
    somebody = ada.brings(project, ada.colleague(), "viewer")

    assert ada.post(f"{milestone}/owners", {"user_id": somebody.user_id, "role": "observer"}).code == "TooManyOwners"


def test_nobody_is_assigned_what_is_over(ada: Person, ben: Person, milestone: str):
    ada.post(f"{milestone}/cancel", {"reason": "Not needed."})

    assert ada.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "primary"}).code == "MilestoneFinal"


def test_a_repeated_assignment_has_the_same_answer(ada: Person, ben: Person, milestone: str):
    draft = {"user_id": ben.user_id, "role": "primary"}
    first, second = (ada.post(f"{milestone}/owners", draft, key="once") for _ in range(2))

    assert (first.status, second.body) == (201, first.body)


@pytest.mark.parametrize("role", ["viewer", "guest"])
@pytest.mark.parametrize("own", ["primary", "reviewer"])
def test_who_could_not_accept_is_assigned_nothing(own: str, role: Role, ada: Person, project: str, milestone: str):
    somebody = ada.brings(project, ada.colleague(role), "client")
    refused = ada.post(f"{milestone}/owners", {"user_id": somebody.user_id, "role": own})
    ada.assigns(milestone, ada)
    handed_on = ada.post(f"{milestone}/owners/transfer", {"user_id": somebody.user_id})

    assert [(each.status, each.fields) for each in (refused, handed_on)] == [(422, ["user_id"])] * 2
    assert "make them a member of the tenant first" in refused.body["errors"][0]["reason"]
    assert owned(ada, milestone) == [(ada.user_id, "primary", "active")]
    assert ada.post(f"{milestone}/owners", {"user_id": somebody.user_id, "role": "observer"}).status == 201
