"""Orphaned goals, whose owner was removed or is disabled, as everybody meets them but the owners of the tenant."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.goals.catalogue import FIELDS, OF_A_GOAL_THAT_IS_THERE, Field, Route, Scene
from tests.goals.conftest import Stored, enrol, person
from tests.goals.links.looking import looks, makes_link
from tests.goals.orphans.owners import GONE, gone, staying
from tests.goals.people import Person

FOR_OWNERS_ONLY = ("/shares", "/export")
LOOKING = [
    route for route in OF_A_GOAL_THAT_IS_THERE if route.method == "GET" and not route.template.endswith(FOR_OWNERS_ONLY)
]
FIELDS_OF_A_GOAL = [field for field in FIELDS if "goalId" in field.required and "ownerId" not in field.required]

every_role = pytest.mark.parametrize("role", ["viewer", "contributor"])


def share(owner: Person, scene: Scene, receiver: Person, role: str) -> None:
    assert owner.put(f"/goals/{scene.goal_id}/shares/{receiver.user_id}", {"role": role}).status == 200


@gone
@every_role
@pytest.mark.parametrize("route", OF_A_GOAL_THAT_IS_THERE, ids=str)
def test_a_goal_is_closed_to_whom_it_is_shared_with(
    route: Route, role: str, leaves: Callable, ada: Person, bob: Person, scene: Scene, stored: Stored
):
    share(ada, scene, bob, role)
    leaves(ada)
    before = stored()

    answer = bob.rest(route.method, route.path(scene), route.body)

    assert (answer.status, answer.code) == (404, "GoalNotFound")
    assert stored() == before


@gone
@pytest.mark.parametrize("field", FIELDS_OF_A_GOAL, ids=str)
def test_a_goal_is_closed_over_graphql_too(
    field: Field, leaves: Callable, ada: Person, bob: Person, scene: Scene, stored: Stored
):
    share(ada, scene, bob, "contributor")
    leaves(ada)
    before = stored()

    assert bob.ask(field.name, field.arguments(scene)).error_type == "GoalNotFound"
    assert stored() == before


@staying
@every_role
@pytest.mark.parametrize("route", LOOKING, ids=str)
def test_a_goal_is_open_while_its_owner_is_a_member_and_again_when_they_are_back(
    route: Route, role: str, stays: Callable, ada: Person, bob: Person, scene: Scene
):
    share(ada, scene, bob, role)
    stays(ada)

    assert bob.rest(route.method, route.path(scene)).status == 200


@staying
def test_a_contributor_adds_tasks_again_when_the_owner_is_back(stays: Callable, ada: Person, bob: Person, scene: Scene):
    share(ada, scene, bob, "contributor")
    stays(ada)
    bob.adds_task(scene.goal_id)

    assert ada.progress(scene.goal_id)["total_tasks"] == 2


@gone
def test_only_the_goals_of_members_are_listed_as_shared(leaves: Callable, ada: Person, bob: Person, scene: Scene):
    grace = person(ada.issuer, ada.tenant_id)
    of_grace = grace.sets_goal()["goal_id"]
    grace.put(f"/goals/{of_grace}/shares/{bob.user_id}", {"role": "viewer"})
    leaves(ada)
    left = [goal["goal_id"] for goal in bob.get("/goals/shared").body["items"]]
    over_graphql = [goal["goalId"] for goal in bob.ask("sharedGoals", {}).data["items"]]
    enrol(ada)

    assert left == over_graphql == [of_grace]
    assert {goal["goal_id"] for goal in bob.get("/goals/shared").body["items"]} == {of_grace, scene.goal_id}


@gone
@pytest.mark.parametrize("what", ["badge", "chart", "calendar"])
def test_a_link_leads_nowhere_until_its_owner_is_back(what: str, leaves: Callable, ada: Person, scene: Scene):
    link = makes_link(ada, goal_id=scene.goal_id)
    leaves(ada)
    without = looks(link, what)
    enrol(ada)

    assert (without.status, without.code) == (404, "NothingShared")
    assert looks(link, what).status == 200


@gone
def test_the_calendar_of_everything_leads_nowhere_either(leaves: Callable, ada: Person, scene: Scene):
    link = makes_link(ada)
    leaves(ada)

    assert looks(link).code == "NothingShared"


def test_the_owners_own_read_is_one_item_and_that_of_another_three_calls(
    ada: Person, bob: Person, scene: Scene, calls: list[str]
):
    calls.clear()
    ada.get(f"/goals/{scene.goal_id}/progress")
    own = list(calls)
    calls.clear()
    bob.get(f"/goals/{scene.goal_id}/progress")

    credential = "BatchGetItem"
    assert own == [credential, "GetItem"]
    assert calls == [credential, "GetItem", "GetItem", "BatchGetItem"]


STEPS = ["disable", "enable", "remove", "restore", "share", "unshare", "add task", "end share"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=8))
def test_a_goal_is_open_to_another_exactly_while_it_is_shared_and_its_owner_a_member(
    steps: list[str], ada: Person, bob: Person, olga: Person, aws: None
):
    enrol(ada)
    goal_id = ada.sets_goal()["goal_id"]
    here, is_shared, tasks = True, False, 0
    for step in steps:
        match step:
            case "disable" | "remove":
                GONE["disabled" if step == "disable" else "removed"](ada)
                here = False
            case "enable" | "restore":
                enrol(ada)
                here = True
            case "share" if here:
                ada.put(f"/goals/{goal_id}/shares/{bob.user_id}", {"role": "contributor"})
                is_shared = True
            case "unshare" if here:
                ada.delete(f"/goals/{goal_id}/shares/{bob.user_id}")
                is_shared = False
            case "end share":
                ended = olga.delete(f"/goals/orphaned/{ada.user_id}/{goal_id}/shares/{bob.user_id}").status == 204
                assert ended == (is_shared and not here)
                is_shared = is_shared and not ended
            case "add task":
                added = bob.post(f"/goals/{goal_id}/tasks", {"title": "First 20 km run"}).status == 201
                assert added == (is_shared and here)
                tasks += added
        assert (bob.get(f"/goals/{goal_id}").status == 200) == (is_shared and here)
        assert (olga.get(f"/goals/orphaned/{ada.user_id}/{goal_id}").status == 200) == (not here)
    enrol(ada)

    assert ada.progress(goal_id)["total_tasks"] == tasks


@gone
def test_a_row_to_be_checked_finds_no_orphaned_goal(leaves: Callable, ada: Person, bob: Person, scene: Scene):
    share(ada, scene, bob, "contributor")
    rows = {"rows": [{"goal_id": scene.goal_id, "task": {"title": "First 20 km run"}}]}
    before = bob.post("/goals/check", rows).body["results"]
    leaves(ada)
    after = bob.post("/goals/check", rows).body["results"]

    assert before[0]["errors"] == []
    assert [error["field"] for error in after[0]["errors"]] == ["goal_id"]
