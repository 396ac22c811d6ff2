"""Idempotency keys where it is easy to get them wrong; the rule for every POST is in `test_every_route.py`."""

import pytest

from tests.goals.catalogue import NOWHERE, POSTS, Route, Scene
from tests.goals.conftest import Stored, Travel
from tests.goals.people import Person

KEY = "5f0c1d1e-6a51-4a0b-9a53-8d7c7c1b2f10"


def test_another_body_with_the_same_key_is_refused_and_has_no_effect(ada: Person, travel: Travel, stored: Stored):
    ada.post("/goals", {"title": "Run a marathon"}, key=KEY)
    before = stored()

    answer = ada.post("/goals", {"title": "Run two marathons"}, key=KEY)

    assert (answer.status, answer.code) == (422, "IdempotencyKeyReused")
    assert stored() == before


@pytest.mark.parametrize(
    ("first", "second"), [({"title": "Run"}, {"title": " Run "}), ({"title": "Run"}, {"title": "Run"})]
)
def test_a_body_that_means_the_same_is_the_same(first: dict, second: dict, ada: Person, travel: Travel):
    answers = [ada.post("/goals", first, key=KEY), ada.post("/goals", second, key=KEY)]

    assert answers[0].body == answers[1].body


def test_the_same_key_for_another_goal_is_another_request(ada: Person, travel: Travel):
    goals = [ada.sets_goal()["goal_id"] for _ in range(2)]
    ada.post(f"/goals/{goals[0]}/pause", key=KEY)

    answer = ada.post(f"/goals/{goals[1]}/pause", key=KEY)

    assert (answer.status, answer.code) == (422, "IdempotencyKeyReused")


def test_keys_of_two_people_do_not_meet(ada: Person, bob: Person, travel: Travel):
    mine = ada.post("/goals", {"title": "Run a marathon"}, key=KEY)
    theirs = bob.post("/goals", {"title": "Learn to swim"}, key=KEY)

    assert (mine.status, theirs.status) == (201, 201)
    assert theirs.body["owner_id"] == bob.user_id


def test_a_transition_repeated_after_others_answers_as_it_did_and_does_nothing(
    ada: Person, scene: Scene, stored: Stored
):
    first = ada.post(f"/goals/{scene.goal_id}/pause", key=KEY)
    ada.post(f"/goals/{scene.goal_id}/resume")
    before = stored()

    second = ada.post(f"/goals/{scene.goal_id}/pause", key=KEY)

    assert (second.status, second.body) == (200, first.body)
    assert stored() == before


def test_a_task_added_is_answered_again_when_the_goal_takes_no_more(ada: Person, scene: Scene):
    first = ada.post(f"/goals/{scene.goal_id}/tasks", {"title": "Buy shoes"}, key=KEY)
    ada.post(f"/goals/{scene.goal_id}/complete")

    second = ada.post(f"/goals/{scene.goal_id}/tasks", {"title": "Buy shoes"}, key=KEY)

    assert (second.status, second.body) == (201, first.body)


def test_a_task_added_is_answered_again_when_the_goal_is_gone(ada: Person, scene: Scene):
    first = ada.post(f"/goals/{scene.goal_id}/tasks", {"title": "Buy shoes"}, key=KEY)
    ada.delete(f"/goals/{scene.goal_id}")

    second = ada.post(f"/goals/{scene.goal_id}/tasks", {"title": "Buy shoes"}, key=KEY)

    assert (second.status, second.body) == (201, first.body)


def test_what_changed_nothing_changes_nothing_when_repeated_either(ada: Person, scene: Scene, stored: Stored):
    path = f"/goals/{scene.goal_id}/tasks/{scene.task_id}"
    ada.post(f"{path}/complete")
    first = ada.post(f"{path}/complete", key=KEY)
    ada.post(f"{path}/reopen")
    before = stored()

    second = ada.post(f"{path}/complete", key=KEY)

    assert (second.status, second.body) == (first.status, first.body)
    assert ada.get(path).body["status"] == "active"
    assert stored() == before


def test_the_key_of_what_changed_nothing_is_used_up_too(ada: Person, scene: Scene):
    ada.post(f"/goals/{scene.goal_id}/tasks/{scene.task_id}/reopen", key=KEY)

    answer = ada.post(f"/goals/{scene.goal_id}/tasks/{scene.task_id}/complete", key=KEY)

    assert (answer.status, answer.code) == (422, "IdempotencyKeyReused")


def test_a_refused_request_does_not_use_its_key_up(ada: Person, scene: Scene):
    refused = ada.post(f"/goals/{scene.goal_id}/resume", key=KEY)
    ada.post(f"/goals/{scene.goal_id}/pause")

    answer = ada.post(f"/goals/{scene.goal_id}/resume", key=KEY)

    assert (refused.status, answer.status) == (409, 200)


def test_a_key_is_good_for_24_hours(ada: Person, travel: Travel):
    travel("2026-01-01T00:00:00Z")
    first = ada.post("/goals", {"title": "Run a marathon"}, key=KEY)
    travel("2026-01-01T23:59:59Z")
    repeated = ada.post("/goals", {"title": "Run a marathon"}, key=KEY)
    travel("2026-01-02T00:00:00Z")
    anew = ada.post("/goals", {"title": "Run another marathon"}, key=KEY)

    assert repeated.body == first.body
    assert (anew.status, anew.body["title"]) == (201, "Run another marathon")


def test_a_key_used_over_rest_is_used_over_graphql(ada: Person, travel: Travel):
    ada.post("/goals", {"title": "Run a marathon"}, key=KEY)

    reply = ada.ask("createGoal", {"input": {"title": "Run a marathon"}}, key=KEY)

    assert reply.error_type == "IdempotencyKeyReused"


@pytest.mark.parametrize("route", POSTS, ids=str)
@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_of_no_or_too_many_characters_is_refused(
    route: Route, key: str, ada: Person, travel: Travel, stored: Stored
):
    before = stored()

    answer = ada.post(route.path(NOWHERE), route.body, key=key)

    assert (answer.status, answer.fields) == (422, ["idempotency-key"])
    assert stored() == before
