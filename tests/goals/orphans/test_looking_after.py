"""Orphaned goals as the owners of the tenant look after them, and nobody else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared import ids
from tests.goals.catalogue import FIELDS, ORPHANED, Field, Route, Scene
from tests.goals.conftest import Happened, Stored, enrol, expel, orphaned
from tests.goals.orphans.owners import gone, staying
from tests.goals.people import Person

ORPHANED_FIELDS = [field for field in FIELDS if {"ownerId", "goalId"} <= field.required.keys()]
ORPHANED_SHARES = [route for route in ORPHANED if route.template.endswith("/shares/{user_id}")]


@gone
@pytest.mark.parametrize("route", ORPHANED, ids=str)
def test_an_owner_of_the_tenant_reads_deletes_takes_over_and_ends_shares(
    route: Route, leaves: Callable, ada: Person, olga: Person, scene: Scene
):
    leaves(ada)

    assert olga.rest(route.method, route.path(scene)).status in {200, 202, 204}


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
