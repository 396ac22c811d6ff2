"""What holds for every route of the goals context, whichever there are."""

from dataclasses import replace

import pytest

from shared import ids
from tests.goals.catalogue import (
    BEFORE,
    CONDITIONAL,
    NOWHERE,
    OF_A_GOAL,
    OF_A_TASK,
    ORPHANED,
    POSTS,
    READING,
    ROUTES,
    WITH_BODY,
    Route,
    Scene,
)
from tests.goals.conftest import Stored, orphaned
from tests.goals.jobs.working import announced, stage, upload
from tests.goals.people import Person, anonymous
from tests.goals.transfer.carrying import begun

__all__ = ["stage"]

SHOWN_ONCE = {"/links": {"token": None, "urls": None}}
"""What a repeated request is answered instead of a secret."""

every_route = pytest.mark.parametrize("route", ROUTES, ids=str)


@pytest.fixture
def ready(route: Route, ada: Person, bob: Person, scene: Scene, request: pytest.FixtureRequest) -> Scene:
    """The scene, brought to where the route can do its work."""
    if "{job_id}" in route.template:
        request.getfixturevalue("stage")
        scene = replace(scene, job_id=announced(ada, b"goals"))
        upload(ada, scene.job_id, b"goals")
    if route in ORPHANED:
        return orphaned(bob, ada)
    before = BEFORE.get(route.template)
    if before is not None:
        ada.post(before.format(goal_id=scene.goal_id, task_id=scene.task_id))
    if route.template.startswith("/goals/restore/"):
        scene = replace(scene, goal_id=begun(ada))
    if "{link_id}" in route.template:
        scene = replace(scene, link_id=ada.post("/links", {}).body["link_id"])
    return scene


@every_route
def test_a_caller_without_a_token_is_told_so(route: Route, stored: Stored):
    before = stored()

    answer = anonymous(route.method, route.path(NOWHERE), route.body)

    assert (answer.status, answer.code) == (401, "MissingCredential")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="milepost"'
    assert stored() == before


@every_route
def test_a_caller_without_a_token_does_not_learn_what_is_wrong_with_the_request(route: Route):
    answer = anonymous(
        route.method,
        route.path(NOWHERE),
        "{",
        headers={"content-type": "text/plain", "if-match": "x" * 100, "idempotency-key": "k" * 300},
        query="limit=0&at=never&consistent=perhaps",
    )

    assert (answer.status, answer.code) == (401, "MissingCredential")


@every_route
def test_a_token_of_another_key_is_refused(route: Route, stored: Stored):
    before = stored()

    answer = anonymous(route.method, route.path(NOWHERE), route.body, headers={"authorization": "Bearer e30.e30.e30"})

    assert (answer.status, answer.code) == (401, "InvalidToken")
    assert stored() == before


@every_route
def test_two_credentials_are_one_too_many(route: Route, ada: Person, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(NOWHERE), route.body, headers={"x-api-key": "mp_live_1"})

    assert (answer.status, answer.code) == (400, "AmbiguousCredential")
    assert stored() == before


@every_route
def test_a_caller_without_the_scope_is_told_which_one_is_wanted(route: Route, ada: Person, stored: Stored):
    other = {"goals:read": "goals:write", "goals:write": "goals:read"}[route.scope]
    before = stored()

    answer = ada.holding(f"{other} identity:read").rest(route.method, route.path(NOWHERE), route.body)

    assert (answer.status, answer.code) == (403, "InsufficientScope")
    assert f'scope="{route.scope}"' in answer.headers["WWW-Authenticate"]
    assert stored() == before


@every_route
def test_the_scope_is_that_of_the_method(route: Route):
    assert route.scope == ("goals:read" if route in READING else "goals:write")


@pytest.mark.parametrize("route", OF_A_GOAL, ids=str)
def test_a_stranger_does_not_learn_that_the_goal_exists(route: Route, eve: Person, scene: Scene, stored: Stored):
    before = stored()

    answer = eve.rest(route.method, route.path(scene), route.body)
    missing = eve.rest(route.method, route.path(replace(scene, goal_id=ids.new("goal"))), route.body)

    assert (answer.status, answer.code) == (404, "GoalNotFound")
    assert answer.body == missing.body
    assert stored() == before


@pytest.mark.parametrize("route", OF_A_GOAL, ids=str)
@pytest.mark.parametrize("goal_id", ["goal_1", "task_01KAFX4B1H6M9P2R5S8T0V3WXY", "goal_01KAFX4B1H6M9P2R5S8T0V3WXY"])
def test_a_goal_that_is_not_there_is_not_found(route: Route, goal_id: str, ada: Person, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(Scene(goal_id, NOWHERE.task_id, NOWHERE.user_id)), route.body)

    assert (answer.status, answer.code) == (404, "GoalNotFound")
    assert stored() == before


@pytest.mark.parametrize("route", OF_A_TASK, ids=str)
@pytest.mark.parametrize("task_id", ["task_1", "goal_01KAFX4B1H6M9P2R5S8T0V3WXY", "task_01KAFX4B1H6M9P2R5S8T0V3WXY"])
def test_a_task_that_is_not_there_is_not_found(route: Route, task_id: str, ada: Person, scene: Scene, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(Scene(scene.goal_id, task_id, scene.user_id)), route.body)

    assert (answer.status, answer.code) == (404, "TaskNotFound")
    assert stored() == before


@pytest.mark.parametrize("route", OF_A_TASK, ids=str)
def test_a_task_of_another_goal_is_not_found(route: Route, ada: Person, scene: Scene, stored: Stored):
    task = ada.adds_task(ada.sets_goal()["goal_id"])
    before = stored()

    answer = ada.rest(route.method, route.path(Scene(scene.goal_id, task["task_id"], scene.user_id)), route.body)

    assert (answer.status, answer.code) == (404, "TaskNotFound")
    assert stored() == before


@every_route
def test_the_owner_can_call_it(route: Route, ada: Person, ready: Scene):
    answer = ada.rest(route.method, route.path(ready), route.body)

    assert answer.status in {200, 201, 202, 204}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("route", READING, ids=str)
def test_reading_changes_nothing(route: Route, ada: Person, scene: Scene, stored: Stored):
    before = stored()

    first = ada.rest(route.method, route.path(scene))
    second = ada.rest(route.method, route.path(scene))

    assert first == second
    assert stored() == before


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_an_unknown_field_is_refused(route: Route, ada: Person, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(NOWHERE), {**route.body, "owner_id": "user_1"})

    assert (answer.status, answer.code, answer.fields) == (422, "InvalidInput", ["owner_id"])
    assert stored() == before


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("body", ["{", "[" * 100_000])
def test_a_body_that_is_not_json_is_malformed(route: Route, body: str, ada: Person, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(NOWHERE), body)

    assert (answer.status, answer.code) == (400, "Malformed")
    assert stored() == before


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("body", ["[]", '"title"'])
def test_a_body_that_is_not_an_object_is_refused(route: Route, body: str, ada: Person, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(NOWHERE), body)

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert stored() == before


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_a_body_of_another_media_type_is_refused(route: Route, ada: Person, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(NOWHERE), "title=Run", headers={"content-type": "text/plain"})

    assert (answer.status, answer.code) == (415, "UnsupportedMedia")
    assert stored() == before


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_a_body_of_more_than_a_megabyte_is_too_large(route: Route, ada: Person, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(NOWHERE), {"title": "x" * 1024 * 1024})

    assert (answer.status, answer.code) == (413, "TooLarge")
    assert stored() == before


@pytest.mark.parametrize("route", CONDITIONAL, ids=str)
def test_a_change_based_on_another_version_is_stale(route: Route, ada: Person, ready: Scene, stored: Stored):
    before = stored()

    answer = ada.rest(route.method, route.path(ready), route.body, headers={"if-match": '"99"'})

    assert (answer.status, answer.code) == (412, "VersionChanged")
    assert stored() == before


@pytest.mark.parametrize("route", CONDITIONAL, ids=str)
@pytest.mark.parametrize("if_match", ["1", '"1', '"1" "2"'])
def test_an_if_match_that_is_no_entity_tag_is_malformed(
    route: Route, if_match: str, ada: Person, ready: Scene, stored: Stored
):
    before = stored()

    answer = ada.rest(route.method, route.path(ready), route.body, headers={"if-match": if_match})

    assert (answer.status, answer.code) == (400, "Malformed")
    assert stored() == before


def test_every_patch_and_delete_of_a_versioned_item_honours_if_match():
    versioned = [route for route in ROUTES if not {"shares", "links"} & set(route.template.split("/"))]
    changing = {str(route) for route in versioned if route.method in {"PATCH", "DELETE"}}

    assert {str(route) for route in CONDITIONAL} == changing


def test_every_post_takes_an_idempotency_key():
    assert [str(route) for route in POSTS if "Idempotency-Key" not in route.headers] == []


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_a_post_sent_twice_with_one_key_has_one_effect_and_one_answer(
    route: Route, ada: Person, ready: Scene, stored: Stored
):
    first = ada.post(route.path(ready), route.body, key="a key of ours")
    after_first = stored()
    second = ada.post(route.path(ready), route.body, key="a key of ours")

    assert first.status in {200, 201, 202}
    assert (second.status, second.body) == (first.status, first.body | SHOWN_ONCE.get(route.template, {}))
    assert stored() == after_first


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_a_key_used_for_another_request_is_refused(route: Route, ada: Person, ready: Scene, stored: Stored):
    ada.post("/goals", {"title": "Learn to swim"}, key="a key of ours")
    before = stored()

    answer = ada.post(route.path(ready), route.body, key="a key of ours")

    assert (answer.status, answer.code) == (422, "IdempotencyKeyReused")
    assert stored() == before


@every_route
def test_another_method_is_not_supported_and_the_answer_says_which_are(route: Route, ada: Person):
    answer = ada.rest("TRACE", route.path(NOWHERE))

    assert (answer.status, answer.code) == (405, "MethodNotSupported")
    assert route.method in answer.headers["Allow"].split(", ")
