"""The list of one's projects: one query of copies, which follow the projects."""

import pytest

from functions.projects import projects
from functions.projects.people import members
from shared.callers import project_members
from shared.storage import table
from tests.aws import hooks
from tests.projects.following.telling import follow, of_milestone, of_project
from tests.projects.team import Person


def listed(person: Person) -> list[tuple[str, str]]:
    return [(each["name"], each["status"]) for each in person.get("/projects").body["items"]]


def test_a_page_of_projects_is_one_query(ada: Person, project: str):
    calls: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, params, **_: calls.append(model.name + str(params["body"])))
    ada.get("/projects")

    assert [call[:5] for call in calls if "MEMBER#" not in call and "RATE#" not in call and "GSI1" in call] == ["Query"]
    assert not [call for call in calls if "PRJ#" in call]


def test_what_lists_show_follows_the_project(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    ada.patch(project, {"name": "Engine No. 3", "client": {"name": "Royal Society"}})
    assert listed(ben) == [("Engine No. 2", "active")]
    ada.post(f"{project}/complete")
    follow(*of_project(ada, project))

    assert listed(ben) == listed(ada) == [("Engine No. 3", "completed")]
    (mine,) = ben.get("/projects").body["items"]
    assert (mine["client"]["name"], mine["version"]) == ("Royal Society", 3)
    assert ada.colleague("admin").get("/projects").body["items"] == [mine]


def test_a_copy_is_not_a_change_of_the_member(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    ada.patch(project, {"name": "Engine No. 3"})
    follow(*of_project(ada, project))

    changed = ada.put(f"{project}/members/{ben.user_id}", {"roles": ["finance"]}, if_match='"1"')
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert listed(ben) == [("Engine No. 3", "active")]


def test_an_event_that_comes_late_brings_nothing_back(ada: Person, project: str):
    ada.patch(project, {"name": "Engine No. 3"})
    early = of_project(ada, project)
    ada.patch(project, {"name": "Engine No. 4"})
    follow(*of_project(ada, project))
    follow(*early)

    assert listed(ada) == [("Engine No. 4", "active")]


def test_who_joins_while_a_project_changes_gets_the_change(ada: Person, ben: Person, project: str):
    def change(**_: object) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", change)
        ada.patch(project, {"name": "Engine No. 3"})

    hooks.register("before-call.dynamodb.TransactWriteItems", change)
    ada.brings(project, ben, "viewer")

    assert listed(ben) == [("Engine No. 3", "active")]


def test_memberships_that_a_deletion_has_left_behind_go(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    left = table.get(project_members.key(ada.tenant_id, project[10:], ben.user_id), consistent=True)
    assert left is not None
    ada.delete(project)
    table.put_many([left])
    follow(*of_project(ada, project))

    assert listed(ben) == []
    assert table.get(members.key(members.from_item(left)), consistent=True) is None


def test_a_copy_that_is_not_there_comes_with_what_an_operator_has_said_again(ada: Person, project: str):
    place = project_members.key(ada.tenant_id, project[10:], ada.user_id)
    item = table.get(place, consistent=True)
    assert item is not None
    table.put_many([{name: value for name, value in item.items() if name != "project"}])
    found = projects.find(ada.tenant_id, project[10:])
    assert found is not None
    follow(projects.restated(found))

    assert listed(ada) == [("Engine No. 2", "active")]


def progress(person: Person) -> list[tuple[float, str, int, int]]:
    names = ("progress_percent", "progress_text", "milestones", "open_milestones")
    return [tuple(each[name] for name in names) for each in person.get("/projects").body["items"]]


def test_lists_say_how_far_a_project_is(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    admin = ada.colleague("admin")
    assert progress(ada) == progress(admin) == [(0.0, "0 %", 0, 0)]
    milestone = ada.begins(project, ada)
    ada.plans(project)
    ada.put(f"{milestone}/progress", {"progress": 25})
    follow(*of_milestone(ada, milestone))
    assert progress(ada) == progress(ben) == progress(admin) == [(12.5, "12.5 %", 2, 2)]
    ada.post(f"{milestone}/complete")
    follow(*of_milestone(ada, milestone))

    assert progress(ada) == progress(ben) == progress(admin) == [(50.0, "50 %", 2, 1)]
    shown = ada.get(project).body
    assert (shown["progress_percent"], shown["version"], ben.get("/projects").body["items"][0]["version"]) == (
        50.0,
        1,
        1,
    )


def test_a_change_of_a_project_keeps_how_far_it_is(ada: Person, ben: Person, project: str):
    milestone = ada.begins(project, ada)
    ada.put(f"{milestone}/progress", {"progress": 40})
    follow(*of_milestone(ada, milestone))
    ada.patch(project, {"name": "Engine No. 3"})
    ada.brings(project, ben, "viewer")
    follow(*of_project(ada, project))

    assert progress(ada) == progress(ben) == progress(ada.colleague("admin")) == [(40.0, "40 %", 1, 1)]
    assert listed(ben) == [("Engine No. 3", "active")]


def test_an_event_of_which_the_lists_know_costs_one_call_more(ada: Person, project: str):
    milestone = ada.begins(project, ada)
    told = of_milestone(ada, milestone)
    follow(*told)
    calls: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, params, **_: calls.append(model.name + str(params["body"])))
    follow(told[0])

    assert [call[:5] for call in calls if "TOTALS" in call or "MEMBER#" in call] == 2 * ["Batch"]


def test_a_copy_that_was_written_meanwhile_is_not_made_older(ada: Person, project: str):
    milestone = ada.begins(project, ada)
    follow(*of_milestone(ada, milestone))
    ada.put(f"{milestone}/progress", {"progress": 10})
    early = of_milestone(ada, milestone)

    def go_on(**_: object) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", go_on)
        ada.put(f"{milestone}/progress", {"progress": 70})
        follow(*of_milestone(ada, milestone))

    hooks.register("before-call.dynamodb.TransactWriteItems", go_on)
    follow(*early)

    assert progress(ada) == progress(ada.colleague("admin")) == [(70.0, "70 %", 1, 1)]


def test_who_joins_while_a_milestone_moves_gets_how_far_the_project_is(ada: Person, ben: Person, project: str):
    milestone = ada.begins(project, ada)

    def move(**_: object) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", move)
        ada.put(f"{milestone}/progress", {"progress": 30})
        follow(*of_milestone(ada, milestone))

    hooks.register("before-call.dynamodb.TransactWriteItems", move)
    ada.brings(project, ben, "viewer")
    follow(*of_project(ada, project))

    assert progress(ben) == [(30.0, "30 %", 1, 1)]


@pytest.mark.parametrize("role", ["owner", "member", "guest"])
def test_projects_of_another_tenant_are_not_listed(role: str, ada: Person, eve: Person, project: str):
    elsewhere = Person(ada.user_id, eve.tenant_id, ada.issuer, role)

    assert elsewhere.get("/projects").body == {"items": [], "next_cursor": None}
