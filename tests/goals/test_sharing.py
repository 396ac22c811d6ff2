"""Sharing: who besides the owner may open a goal, and what they may do there."""

import pytest

from shared import ids
from shared.callers import auth
from shared.storage import table
from tests.goals.catalogue import OF_A_GOAL_THAT_IS_THERE, Route, Scene
from tests.goals.conftest import Happened, Stored, Travel, person
from tests.goals.people import Person

NOT_FOR_OTHERS = ("/shares", "/export")
OWNERS_ONLY = [
    route
    for route in OF_A_GOAL_THAT_IS_THERE
    if "/tasks" not in route.template and (route.method != "GET" or route.template.endswith(NOT_FOR_OTHERS))
]
CHANGING_TASKS = [route for route in OF_A_GOAL_THAT_IS_THERE if "/tasks" in route.template and route.method != "GET"]
LOOKING = [
    route for route in OF_A_GOAL_THAT_IS_THERE if route.method == "GET" and not route.template.endswith(NOT_FOR_OTHERS)
]
CHANGING_ONE_TASK = [route for route in CHANGING_TASKS if "{task_id}" in route.template]


def share(owner: Person, scene: Scene, receiver: Person, role: str) -> None:
    answer = owner.put(f"/goals/{scene.goal_id}/shares/{receiver.user_id}", {"role": role})
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("role", ["viewer", "contributor"])
@pytest.mark.parametrize("route", LOOKING, ids=str)
def test_whom_a_goal_is_shared_with_may_look_at_it(route: Route, role: str, ada: Person, bob: Person, scene: Scene):
    share(ada, scene, bob, role)

    answer = bob.get(route.path(scene))

    assert answer.status == 200


@pytest.mark.parametrize("role", ["viewer", "contributor"])
@pytest.mark.parametrize("route", OWNERS_ONLY, ids=str)
def test_only_the_owner_may_change_the_goal(
    route: Route, role: str, ada: Person, bob: Person, scene: Scene, stored: Stored
):
    share(ada, scene, bob, role)
    before = stored()

    answer = bob.rest(route.method, route.path(scene), route.body)

    assert (answer.status, answer.code) == (403, "NotYours")
    assert stored() == before


@pytest.mark.parametrize("route", CHANGING_TASKS, ids=str)
def test_a_viewer_changes_no_task(route: Route, bob: Person, scene: Scene, stored: Stored):
    before = stored()

    answer = bob.rest(route.method, route.path(scene), route.body)

    assert (answer.status, answer.code) == (403, "NotYours")
    assert stored() == before


@pytest.mark.parametrize("route", CHANGING_ONE_TASK, ids=str)
def test_a_contributor_does_not_change_the_task_of_another(
    route: Route, ada: Person, bob: Person, scene: Scene, stored: Stored
):
    share(ada, scene, bob, "contributor")
    before = stored()

    answer = bob.rest(route.method, route.path(scene), route.body)

    assert (answer.status, answer.code) == (403, "NotYours")
    assert stored() == before


@pytest.mark.parametrize("route", CHANGING_ONE_TASK, ids=str)
def test_a_contributor_changes_the_tasks_they_created(route: Route, ada: Person, bob: Person, scene: Scene):
    share(ada, scene, bob, "contributor")
    task = bob.adds_task(scene.goal_id)

    answer = bob.rest(route.method, route.path(Scene(scene.goal_id, task["task_id"], scene.user_id)), route.body)

    assert answer.status in {200, 204}


@pytest.mark.parametrize("route", CHANGING_ONE_TASK, ids=str)
def test_the_owner_changes_the_tasks_of_contributors(route: Route, ada: Person, bob: Person, scene: Scene):
    share(ada, scene, bob, "contributor")
    task = bob.adds_task(scene.goal_id)

    answer = ada.rest(route.method, route.path(Scene(scene.goal_id, task["task_id"], scene.user_id)), route.body)

    assert answer.status in {200, 204}


def test_what_a_contributor_completes_counts_for_the_owners_goal(ada: Person, bob: Person, scene: Scene):
    share(ada, scene, bob, "contributor")
    task = bob.adds_task(scene.goal_id)

    bob.completes(task)

    seen = ada.progress(scene.goal_id)
    assert (seen["completed_tasks"], seen["total_tasks"]) == (1, 2)
    assert ada.get(f"/goals/{scene.goal_id}/tasks/{task['task_id']}").body["created_by"] == bob.user_id
    assert bob.get("/milestone-achievements").body["items"] == []


def test_a_share_says_with_whom_as_what_and_since_when(ada: Person, bob: Person, scene: Scene):
    shared = ada.put(f"/goals/{scene.goal_id}/shares/{bob.user_id}", {"role": "contributor"})

    listed = ada.get(f"/goals/{scene.goal_id}/shares").body
    assert shared.body == {
        "goal_id": scene.goal_id,
        "user_id": bob.user_id,
        "role": "contributor",
        "shared_at": "2026-11-20T12:00:00.000Z",
    }
    assert listed == {"items": [shared.body], "next_cursor": None}


@pytest.mark.parametrize("role", ["viewer", "contributor"])
def test_the_role_is_told_to_whom_the_goal_is_shared_with(role: str, ada: Person, bob: Person, scene: Scene):
    share(ada, scene, bob, role)

    read = bob.get(f"/goals/{scene.goal_id}").body
    listed = bob.get("/goals/shared").body["items"]

    assert (read["role"], read["owner_id"]) == (role, ada.user_id)
    assert [(item["goal_id"], item["role"]) for item in listed] == [(scene.goal_id, role)]
    assert bob.get("/goals").body["items"] == []


@pytest.mark.parametrize("body", [{}, {"role": "owner"}, {"role": None}, {"role": "VIEWER"}])
def test_a_role_that_there_is_not_is_refused(body: dict, ada: Person, scene: Scene, stored: Stored):
    before = stored()

    answer = ada.put(f"/goals/{scene.goal_id}/shares/{scene.user_id}", body)

    assert (answer.status, answer.fields) == (422, ["role"])
    assert stored() == before


def test_a_goal_is_not_shared_with_anybody_outside_of_the_tenant(
    ada: Person, eve: Person, scene: Scene, stored: Stored
):
    before = stored()

    for user_id in (eve.user_id, ada.user_id, ids.new("user"), "user_1", "me"):
        answer = ada.put(f"/goals/{scene.goal_id}/shares/{user_id}", {"role": "viewer"})
        assert (answer.status, answer.fields) == (422, ["user_id"])
    assert stored() == before


def test_taking_a_share_back_closes_the_goal(ada: Person, bob: Person, scene: Scene, happened: Happened):
    path = f"/goals/{scene.goal_id}/shares/{bob.user_id}"

    taken = ada.delete(path)
    again = ada.delete(path)

    assert (taken.status, taken.body) == (204, None)
    assert (again.status, again.code) == (404, "ShareNotFound")
    assert bob.get(f"/goals/{scene.goal_id}").code == "GoalNotFound"
    assert bob.get("/goals/shared").body["items"] == []
    assert [event["event_type"] for event in happened(ada, scene.goal_id)].count("goals.goal.unshared") == 1


def test_whoever_leaves_the_tenant_no_longer_opens_the_goal(ada: Person, bob: Person, scene: Scene):
    elsewhere = Person(bob.user_id, ids.new("tenant"), bob.issuer)

    answer = elsewhere.get(f"/goals/{scene.goal_id}")

    assert (answer.status, answer.code) == (404, "GoalNotFound")
    assert elsewhere.get("/goals/shared").body["items"] == []


def test_a_member_who_left_cannot_be_shared_with(ada: Person, bob: Person, scene: Scene):
    ada.delete(f"/goals/{scene.goal_id}/shares/{bob.user_id}")
    table.delete_many([auth.membership_key(ada.tenant_id, bob.user_id)])

    answer = ada.put(f"/goals/{scene.goal_id}/shares/{bob.user_id}", {"role": "viewer"})

    assert (answer.status, answer.fields) == (422, ["user_id"])


def test_a_deleted_goal_is_gone_for_whom_it_was_shared_with(ada: Person, bob: Person, scene: Scene):
    ada.delete(f"/goals/{scene.goal_id}")

    assert bob.get(f"/goals/{scene.goal_id}").code == "GoalNotFound"
    assert bob.get("/goals/shared").body["items"] == []


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_every_share_is_on_exactly_one_page(limit: int, ada: Person, travel: Travel):
    goal_id = ada.sets_goal()["goal_id"]
    receivers = [person(ada.issuer, ada.tenant_id) for _ in range(3)]
    for receiver in receivers:
        ada.put(f"/goals/{goal_id}/shares/{receiver.user_id}", {"role": "viewer"})

    page, found = ada.get(f"/goals/{goal_id}/shares", f"limit={limit}").body, []
    found += page["items"]
    while page["next_cursor"]:
        page = ada.get(f"/goals/{goal_id}/shares", f"limit={limit}&cursor={page['next_cursor']}").body
        found += page["items"]

    assert sorted(item["user_id"] for item in found) == sorted(receiver.user_id for receiver in receivers)
