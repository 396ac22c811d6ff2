"""Projects: created, listed, changed, completed, archived, deleted."""

from typing import Any

import pytest

from tests.projects.team import Person


def test_who_creates_a_project_is_its_manager(ada: Person):
    project = ada.creates()

    shown = ada.get(project).body
    assert (shown["name"], shown["status"], shown["members"], shown["version"]) == ("Engine No. 2", "active", 1, 1)
    assert [(each["user_id"], each["roles"]) for each in ada.get(f"{project}/members").body["items"]] == [
        (ada.user_id, ["manager"])
    ]


def test_a_repeated_create_makes_one_project(ada: Person):
    draft = {"name": "Engine No. 2", "currency": "EUR"}

    first, second = ada.post("/projects", draft, key="once"), ada.post("/projects", draft, key="once")

    assert first.body == second.body
    assert len(ada.get("/projects").body["items"]) == 1


def test_a_project_is_listed_to_its_members_and_to_admins(ada: Person, ben: Person):
    shared, own = ada.creates(), ben.creates()
    ada.brings(shared, ben, "viewer")
    admin = ada.colleague("admin")

    listed = {each["project_id"] for each in ben.get("/projects").body["items"]}
    assert listed == {shared[10:], own[10:]}
    assert [each["project_id"] for each in ada.get("/projects").body["items"]] == [shared[10:]]
    assert {each["project_id"] for each in admin.get("/projects").body["items"]} == listed


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_project_is_not_there_for_others(method: str, ada: Person, ben: Person, eve: Person, project: str):
    body = {"name": "Mine"} if method == "PATCH" else None

    for stranger in (ben, eve, ada.colleague("guest").acting_as("member")):
        assert stranger.rest(method, project, body).code == "ProjectNotFound"


def test_an_admin_of_the_tenant_manages_every_project(ada: Person, project: str):
    admin = ada.colleague("admin")

    assert admin.patch(project, {"name": "Engine No. 3"}).body["name"] == "Engine No. 3"


def test_what_is_sent_changes_and_the_rest_stays(ada: Person):
    project = ada.creates(client={"name": "Royal Society"}, holidays=["2026-12-25"])

    changed = ada.patch(project, {"time_zone": "Europe/London"}).body
    assert (changed["time_zone"], changed["client"]["name"], changed["holidays"]) == (
        "Europe/London",
        "Royal Society",
        ["2026-12-25"],
    )
    assert ada.patch(project, {"client": None}).body["client"] is None


def test_whether_it_is_in_escrow_is_an_option_that_its_managers_set(ada: Person, ben: Person):
    project, escrowed = ada.creates(), ada.creates(escrow=True)
    ada.brings(project, ben, "finance")

    assert [ada.get(each).body["escrow"] for each in (project, escrowed)] == [False, True]
    assert ada.patch(project, {"escrow": True}).body["escrow"] is True
    assert ada.patch(project, {"name": "Engine No. 3"}).body["escrow"] is True
    assert ben.patch(project, {"escrow": False}).code == "RoleRequired"
    assert ada.patch(project, {"escrow": "yes"}).fields == ["escrow"]


def test_what_is_not_sent_of_a_new_client_is_null(ada: Person, project: str):
    client = {"name": "Royal Society", "address": None, "tax_id": None, "email": None}

    assert ada.patch(project, {"client": {"name": "Royal Society"}}).body["client"] == client


def test_a_change_of_an_older_version_is_refused(ada: Person, project: str):
    ada.patch(project, {"name": "Engine No. 3"})

    assert ada.patch(project, {"name": "Mine"}, if_match='"1"').status == 412
    assert ada.patch(project, {"name": "Mine"}, if_match='"2"').status == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\nb"),
        ("currency", "EURO"),
        ("currency", "XXX"),
        ("time_zone", "Mars/Olympus"),
        ("holidays", ["2026-02-30"]),
        ("holidays", ["2026-12-25", "2026-12-25"]),
        ("working_days", []),
        ("working_days", ["moonday"]),
        ("status", "archived"),
    ],
)
def test_such_a_field_is_refused(field: str, value: Any, ada: Person, project: str):
    refused = ada.patch(project, {field: value})

    assert refused.status == 422
    assert refused.fields[0].startswith(field)


def test_a_project_is_completed_once_nothing_of_it_is_open(ada: Person, project: str):
    milestone = ada.plans(project)
    assert ada.post(f"{project}/complete").code == "MilestonesOpen"
    ada.post(f"{milestone}/cancel", {"reason": "Not needed."})

    assert ada.post(f"{project}/complete").body["status"] == "completed"
    assert ada.post(f"{project}/project-milestones", {"title": "Late", "kind": "custom"}).code == (
        "ProjectStatusNotPossible"
    )
    assert ada.patch(project, {"name": "Late"}).code == "ProjectStatusNotPossible"


def test_a_completed_project_is_reopened_or_archived(ada: Person, project: str):
    ada.post(f"{project}/complete")
    assert ada.post(f"{project}/reopen").body["status"] == "active"
    assert ada.post(f"{project}/archive").code == "ProjectStatusNotPossible"
    ada.post(f"{project}/complete")

    assert ada.post(f"{project}/archive").body["status"] == "archived"
    assert ada.post(f"{project}/reopen").code == "ProjectStatusNotPossible"


def test_the_currency_is_fixed_by_the_first_amount(ada: Person, project: str):
    assert ada.patch(project, {"currency": "JPY"}).body["currency"] == "JPY"
    milestone = ada.plans(project, amount_minor_units=5000)

    assert ada.get(milestone).body["currency"] == "JPY"
    assert ada.patch(project, {"currency": "EUR"}).code == "CurrencyFixed"
    ada.patch(milestone, {"amount_minor_units": None})
    assert ada.patch(project, {"currency": "EUR"}).status == 200
    assert ada.patch(milestone, {"amount_minor_units": 7}).body["currency"] == "EUR"


def test_a_project_without_milestones_is_deleted(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.plans(project)
    assert ada.delete(project).code == "ProjectNotEmpty"
    ada.delete(milestone)

    assert ada.delete(project).status == 204
    assert ada.get(project).code == "ProjectNotFound"
    assert ben.get("/projects").body["items"] == []
