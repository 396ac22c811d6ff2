"""Orphaned goals: those whose owner was removed from the tenant, or is disabled."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import ids
from tests.goals.catalogue import FIELDS, OF_A_GOAL_THAT_IS_THERE, ORPHANED, Field, Route, Scene
from tests.goals.conftest import Happened, Stored, enrol, expel, orphaned, person
from tests.goals.people import Person
from tests.goals.test_links import looks, makes_link

GONE: dict[str, Callable[[Person], None]] = {
    "disabled": lambda owner: enrol(owner, disabled=True),
    "removed": expel,
}
STAYING: dict[str, Callable[[Person], None]] = {
    "active": enrol,
    "enabled again": lambda owner: (enrol(owner, disabled=True), enrol(owner))[1],
    "invited again": lambda owner: (expel(owner), enrol(owner))[1],
}
FOR_OWNERS_ONLY = ("/shares", "/export")
LOOKING = [
    route for route in OF_A_GOAL_THAT_IS_THERE if route.method == "GET" and not route.template.endswith(FOR_OWNERS_ONLY)
]
FIELDS_OF_A_GOAL = [field for field in FIELDS if "goalId" in field.required and "ownerId" not in field.required]
ORPHANED_FIELDS = [field for field in FIELDS if {"ownerId", "goalId"} <= field.required.keys()]
ORPHANED_GOAL = [route for route in ORPHANED if "{goal_id}" in route.template]
ORPHANED_SHARES = [route for route in ORPHANED if route.template.endswith("/shares/{user_id}")]

gone = pytest.mark.parametrize("leaves", GONE.values(), ids=GONE)
staying = pytest.mark.parametrize("stays", STAYING.values(), ids=STAYING)
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


@gone
@pytest.mark.parametrize("route", ORPHANED, ids=str)
def test_an_owner_of_the_tenant_reads_deletes_and_ends_shares(
    route: Route, leaves: Callable, ada: Person, olga: Person, scene: Scene
):
    leaves(ada)

    assert olga.rest(route.method, route.path(scene)).status in {200, 204}


@gone
def test_what_an_owner_of_the_tenant_reads_is_what_was_there(leaves: Callable, ada: Person, olga: Person, scene: Scene):
    leaves(ada)
    orphaned_at = f"/goals/orphaned/{ada.user_id}"
    read = olga.get(f"{orphaned_at}/{scene.goal_id}").body
    listed = olga.get(orphaned_at).body
    exported = olga.get(f"{orphaned_at}/{scene.goal_id}/export").body
    shares = olga.get(f"{orphaned_at}/{scene.goal_id}/shares").body["items"]
    over_graphql = olga.ask("orphanedGoal", {"ownerId": ada.user_id, "goalId": scene.goal_id}).data
    enrol(ada)

    assert read == {**ada.get(f"/goals/{scene.goal_id}").body, "role": "tenant_owner"}
    assert [goal["goal_id"] for goal in listed["items"]] == [scene.goal_id]
    assert exported == ada.get(f"/goals/{scene.goal_id}/export").body
    assert [each["user_id"] for each in shares] == [scene.user_id]
    assert (over_graphql["goalId"], over_graphql["role"]) == (scene.goal_id, "tenant_owner")


@gone
def test_an_ended_share_does_not_come_back_with_the_owner(
    leaves: Callable, ada: Person, bob: Person, olga: Person, scene: Scene, happened: Happened
):
    leaves(ada)
    path = f"/goals/orphaned/{ada.user_id}/{scene.goal_id}/shares/{bob.user_id}"
    ended, again = olga.delete(path), olga.delete(path)
    enrol(ada)

    assert ended.status == 204
    assert (again.status, again.code) == (404, "ShareNotFound")
    assert bob.get(f"/goals/{scene.goal_id}").code == "GoalNotFound"
    assert happened(ada, scene.goal_id)[-1]["event_type"] == "goals.goal.unshared"


@gone
def test_a_deleted_goal_is_announced_and_does_not_come_back_with_the_owner(
    leaves: Callable, ada: Person, olga: Person, scene: Scene, happened: Happened
):
    leaves(ada)
    deleted = olga.delete(f"/goals/orphaned/{ada.user_id}/{scene.goal_id}")
    enrol(ada)

    assert deleted.status == 204
    assert ada.get(f"/goals/{scene.goal_id}").code == "GoalNotFound"
    assert ada.get("/goals").body["items"] == []
    assert happened(ada, scene.goal_id)[-1]["event_type"] == "goals.goal.deleted"


@pytest.mark.parametrize("field", ORPHANED_FIELDS, ids=str)
@pytest.mark.parametrize("role", ["admin", "member", "viewer"])
def test_nobody_else_of_the_tenant_does_over_graphql(field: Field, role: str, ada: Person, bob: Person, stored: Stored):
    scene = orphaned(ada, bob)
    enrol(bob, role=role)
    before = stored()

    assert bob.ask(field.name, field.arguments(scene)).error_type == "GoalNotFound"
    assert stored() == before


@gone
@pytest.mark.parametrize("role", ["admin", "member", "viewer"])
@pytest.mark.parametrize("route", ORPHANED, ids=str)
def test_nobody_else_of_the_tenant_does(
    route: Route, role: str, leaves: Callable, ada: Person, bob: Person, scene: Scene, stored: Stored
):
    enrol(bob, role=role)
    leaves(ada)
    before = stored()

    answer = bob.rest(route.method, route.path(scene))

    assert (answer.status, answer.code) in {(404, "GoalNotFound"), (403, "NotTenantOwner")}
    assert stored() == before


@pytest.mark.parametrize("route", ORPHANED, ids=str)
def test_an_owner_who_was_just_demoted_or_disabled_does_not(
    route: Route, ada: Person, olga: Person, scene: Scene, stored: Stored
):
    expel(ada)
    for demoted in ({"role": "admin"}, {"role": "owner", "disabled": True}):
        enrol(olga, **demoted)
        before = stored()

        assert olga.rest(route.method, route.path(scene)).code in {"GoalNotFound", "NotTenantOwner"}
        assert stored() == before


@staying
@pytest.mark.parametrize("route", ORPHANED, ids=str)
def test_the_goals_of_an_active_member_are_not_for_the_owners_of_the_tenant(
    route: Route, stays: Callable, ada: Person, olga: Person, scene: Scene, stored: Stored
):
    stays(ada)
    before = stored()

    answer = olga.rest(route.method, route.path(scene))

    assert (answer.status, answer.code) in {(404, "GoalNotFound"), (409, "OwnerIsActive")}
    assert stored() == before


@pytest.mark.parametrize("route", ORPHANED, ids=str)
def test_an_owner_of_another_tenant_learns_nothing(route: Route, ada: Person, eve: Person, scene: Scene):
    enrol(eve, role="owner")
    expel(ada)
    ada_has_two = ada.sets_goal()
    answer = eve.rest(route.method, route.path(scene), query="limit=1" if "limit" in route.query else "")
    missing = eve.rest(route.method, route.path(replace(scene, owner_id=ids.new("user"))))

    assert ada_has_two["owner_id"] == ada.user_id
    assert (answer.status, answer.body) == (missing.status, missing.body)


@pytest.mark.parametrize("owner_id", ["me", "user_1", "USER%23"])
@pytest.mark.parametrize("route", ORPHANED, ids=str)
def test_an_id_that_no_user_can_have_has_no_goals(route: Route, owner_id: str, olga: Person, scene: Scene):
    answer = olga.rest(route.method, route.path(replace(scene, owner_id=owner_id)))

    assert (answer.status, answer.code) in {(404, "GoalNotFound"), (404, "OwnerNotFound")}


def test_a_disabled_member_without_goals_has_an_empty_list_and_a_removed_one_none(
    ada: Person, bob: Person, olga: Person
):
    enrol(ada, disabled=True)
    expel(bob)

    assert olga.get(f"/goals/orphaned/{ada.user_id}").body == {"items": [], "next_cursor": None}
    assert olga.get(f"/goals/orphaned/{bob.user_id}").code == "OwnerNotFound"


@pytest.mark.parametrize("route", ORPHANED_SHARES, ids=str)
def test_a_user_id_that_nobody_can_have_has_no_share(route: Route, ada: Person, olga: Person, scene: Scene):
    expel(ada)

    assert olga.rest(route.method, route.path(replace(scene, user_id="me"))).code == "ShareNotFound"


def test_a_list_of_many_goals_goes_on(ada: Person, olga: Person, scene: Scene):
    made = {scene.goal_id, *(ada.sets_goal()["goal_id"] for _ in range(4))}
    expel(ada)
    path = f"/goals/orphaned/{ada.user_id}"
    page = olga.get(path, "limit=2").body
    found = page["items"]
    while page["next_cursor"]:
        page = olga.get(path, f"limit=2&cursor={page['next_cursor']}").body
        found += page["items"]

    assert sorted(goal["goal_id"] for goal in found) == sorted(made)


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
