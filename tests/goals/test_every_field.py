"""What holds for every field of Query and Mutation, whichever the schema has."""

from dataclasses import replace

import pytest

from functions.goals.graphql import graphql
from shared import ids
from tests.goals import appsync
from tests.goals.catalogue import BEFORE, FIELDS, NOWHERE, Field, Scene
from tests.goals.conftest import Stored, orphaned
from tests.goals.people import Person
from tests.goals.transfer.carrying import begun

every_field = pytest.mark.parametrize("field", FIELDS, ids=str)
OF_A_GOAL = [field for field in FIELDS if "goalId" in field.required]
OF_A_TASK = [field for field in FIELDS if "taskId" in field.required]
PAGED = [field for field in FIELDS if "nextToken" in field.names]
VERSIONED = [field for field in FIELDS if "expectedVersion" in field.names]
KEYED = [
    field
    for field in FIELDS
    if field.name in {"createGoal", "importGoal", "addTask", "completeTask", "reopenTask"}
    or field.name in {"pauseGoal", "resumeGoal", "completeGoal", "reopenGoal", "archiveGoal"}
]


@pytest.fixture
def ready(field: Field, ada: Person, bob: Person, scene: Scene) -> Scene:
    """The scene, brought to where the field can do its work."""
    if "ownerId" in field.required:
        return orphaned(bob, ada)
    before = BEFORE.get(field.name)
    if before is not None:
        required = next(known for known in FIELDS if known.name == before)
        ada.ask(before, required.arguments(scene))
    if field.name in {"restoreTasks", "finishRestore"}:
        scene = replace(scene, goal_id=begun(ada))
    if "linkId" in field.required:
        scene = replace(scene, link_id=ada.post("/links", {}).body["link_id"])
    return scene


def test_every_field_of_the_schema_has_a_resolver_and_every_resolver_a_field():
    nested = {f"{type_name}.{name}" for type_name, name in appsync.NESTED}

    assert {f"{type_name}.{name}" for type_name, name in graphql.names} == {str(field) for field in FIELDS} | nested


@every_field
def test_a_caller_whom_the_authorizer_did_not_name_is_refused(field: Field, aws: None, stored: Stored):
    reply = appsync.ask(field.name, field.arguments(NOWHERE), resolver_context=None)

    assert (reply.data, reply.error_type, reply.info["status"]) == (None, "MissingCredential", 401)
    assert stored() == {}


@every_field
def test_a_caller_without_the_scope_is_refused(field: Field, ada: Person, scene: Scene, stored: Stored):
    other = {"goals:read": "goals:write", "goals:write": "goals:read"}[field.scope]
    before = stored()

    reply = ada.holding(other).ask(field.name, field.arguments(scene))

    assert (reply.data, reply.error_type, reply.info["status"]) == (None, "InsufficientScope", 403)
    assert stored() == before


@pytest.mark.parametrize("field", OF_A_GOAL, ids=str)
def test_a_stranger_does_not_learn_that_the_goal_exists(field: Field, eve: Person, scene: Scene, stored: Stored):
    before = stored()

    reply = eve.ask(field.name, field.arguments(scene))
    missing = eve.ask(field.name, field.arguments(replace(scene, goal_id=ids.new("goal"))))

    assert (reply.data, reply.error_type, reply.info["status"]) == (None, "GoalNotFound", 404)
    assert reply == missing
    assert stored() == before


@pytest.mark.parametrize("field", OF_A_GOAL, ids=str)
@pytest.mark.parametrize("goal_id", ["goal_1", "", "GOAL#", "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE#"])
def test_an_id_that_no_goal_can_have_is_not_found(field: Field, goal_id: str, ada: Person):
    reply = ada.ask(field.name, field.arguments(Scene(goal_id, NOWHERE.task_id, NOWHERE.user_id)))

    assert (reply.data, reply.error_type) == (None, "GoalNotFound")


@pytest.mark.parametrize("field", OF_A_TASK, ids=str)
@pytest.mark.parametrize("task_id", ["task_1", "task_01KAFX4B1H6M9P2R5S8T0V3WXY"])
def test_a_task_that_is_not_there_is_not_found(field: Field, task_id: str, ada: Person, scene: Scene, stored: Stored):
    before = stored()

    reply = ada.ask(field.name, field.arguments(Scene(scene.goal_id, task_id, scene.user_id)))

    assert (reply.data, reply.error_type, reply.info["status"]) == (None, "TaskNotFound", 404)
    assert stored() == before


@every_field
def test_the_owner_gets_what_the_schema_promises(field: Field, ada: Person, ready: Scene):
    reply = ada.ask(field.name, field.arguments(ready))

    assert reply.error_type is None, reply.message
    # Who has just subscribed is told nothing yet.
    assert (reply.data is None) == (field.type_name == "Subscription")


@pytest.mark.parametrize("field", [field for field in FIELDS if field.type_name == "Query"], ids=str)
def test_asking_changes_nothing(field: Field, ada: Person, scene: Scene, stored: Stored):
    before = stored()

    first = ada.ask(field.name, field.arguments(scene))
    second = ada.ask(field.name, field.arguments(scene))

    assert first == second
    assert stored() == before


@pytest.mark.parametrize("field", PAGED, ids=str)
@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_1_to_100_items(field: Field, limit: int, ada: Person, scene: Scene):
    reply = ada.ask(field.name, {**field.arguments(scene), "limit": limit})

    assert (reply.error_type, reply.fields) == ("InvalidInput", ["limit"])


@pytest.mark.parametrize("field", PAGED, ids=str)
@pytest.mark.parametrize("token", ["", "not a token", "W10", "ä", "WyJVU0VSIyJd", "e30"])
def test_a_token_that_no_list_handed_out_is_malformed(field: Field, token: str, ada: Person, ready: Scene):
    reply = ada.ask(field.name, {**field.arguments(ready), "nextToken": token})

    assert (reply.error_type, reply.info["status"]) == ("Malformed", 400)


@pytest.mark.parametrize("field", VERSIONED, ids=str)
def test_a_change_based_on_another_version_is_stale(field: Field, ada: Person, ready: Scene, stored: Stored):
    before = stored()

    reply = ada.ask(field.name, {**field.arguments(ready), "expectedVersion": 99})

    assert (reply.error_type, reply.info["status"]) == ("VersionChanged", 412)
    assert stored() == before


@pytest.mark.parametrize(("field", "version"), [(field, 2 if field not in OF_A_TASK else 1) for field in VERSIONED])
def test_a_change_based_on_the_present_version_is_made(field: Field, version: int, ada: Person, ready: Scene):
    reply = ada.ask(field.name, {**field.arguments(ready), "expectedVersion": version})

    assert reply.error_type is None


@pytest.mark.parametrize("field", KEYED, ids=str)
def test_a_mutation_sent_twice_with_one_key_has_one_effect_and_one_answer(
    field: Field, ada: Person, ready: Scene, stored: Stored
):
    first = ada.ask(field.name, field.arguments(ready), key="a key of ours")
    after_first = stored()
    second = ada.ask(field.name, field.arguments(ready), key="a key of ours")

    assert first.error_type is None
    assert second == first
    assert stored() == after_first


@pytest.mark.parametrize("field", KEYED, ids=str)
def test_a_key_used_for_another_request_is_refused(field: Field, ada: Person, ready: Scene, stored: Stored):
    ada.ask("createGoal", {"input": {"title": "Learn to swim"}}, key="a key of ours")
    before = stored()

    reply = ada.ask(field.name, field.arguments(ready), key="a key of ours")

    assert (reply.error_type, reply.info["status"]) == ("IdempotencyKeyReused", 422)
    assert stored() == before


def test_the_schema_refuses_a_field_that_no_input_has(ada: Person):
    reply = ada.ask("createGoal", {"input": {"title": "Run", "ownerId": "user_1"}})

    assert reply.error_type == "SchemaRefused"


@pytest.mark.parametrize(
    ("field", "given", "named"),
    [
        ("createGoal", {"title": "ab"}, "title"),
        ("createGoal", {"title": "Run", "timeZone": "Mars/Olympus"}, "timeZone"),
        ("createGoal", {"title": "Run", "startAt": "yesterday"}, "startAt"),
        ("createGoal", {"title": "Run", "tags": ["fine", ""]}, "tags.1"),
        ("createGoal", {"title": "Run", "answers": {"firstStep": "x" * 501}}, "answers.firstStep"),
        ("createGoal", {"title": "Run", "weights": {"task": 70, "time": 31}}, "weights"),
        (
            "importGoal",
            {
                "title": "Run",
                "startAt": "2026-01-01T00:00:00Z",
                "history": [
                    {
                        "at": "2026-01-01T00:00:00Z",
                        "event": "task_added",
                        "task": "a",
                        "title": "A",
                        "dueAt": "soon",
                    }
                ],
            },
            "history.0.dueAt",
        ),
    ],
)
def test_a_wrong_field_is_named_as_the_client_wrote_it(
    field: str, given: dict, named: str, ada: Person, stored: Stored
):
    before = stored()

    reply = ada.ask(field, {"input": given})

    assert (reply.error_type, reply.fields) == ("InvalidInput", [named])
    assert stored() == before


def test_a_goal_is_the_same_over_both_doors(ada: Person, scene: Scene):
    rest = ada.get(f"/goals/{scene.goal_id}").body
    reply = ada.ask("goal", {"goalId": scene.goal_id})

    assert reply.data["goalId"] == rest["goal_id"]
    assert reply.data["timeZone"] == rest["time_zone"]
    assert reply.data["progress"]["progressPercentage"] == rest["progress"]["progress_percentage"]
    assert [each["predictedAt"] for each in reply.data["milestones"]] == [
        each["predicted_at"] for each in rest["milestones"]
    ]
    assert (reply.data["createdAt"], reply.data["version"]) == (rest["created_at"], rest["version"])


def test_answers_keep_their_names_and_are_read_only_when_asked_for(ada: Person, aws: None, calls: list[str]):
    created = ada.ask("createGoal", {"input": {"title": "Run", "answers": {"firstStep": "Buy shoes."}}}).data
    calls.clear()

    reply = ada.ask("goal", {"goalId": created["goalId"]})

    assert created["answers"]["firstStep"] == "Buy shoes."
    assert reply.data["answers"]["firstStep"] == "Buy shoes."
    assert calls == ["GetItem", "GetItem", "GetItem"]


def test_progress_can_be_asked_for_at_an_instant(ada: Person, scene: Scene):
    reply = ada.ask("goalProgress", {"goalId": scene.goal_id, "at": "2030-01-01T00:00:00Z"})
    wrong = ada.ask("goalProgress", {"goalId": scene.goal_id, "at": "tomorrow"})
    before = ada.ask("goalProgress", {"goalId": scene.goal_id, "at": "2020-01-01T00:00:00Z"})

    assert reply.data["asOf"] == "2030-01-01T00:00:00.000Z"
    assert (wrong.error_type, wrong.fields) == ("InvalidInput", ["at"])
    assert before.error_type == "InstantBeforeLastChange"


def test_the_count_of_active_goals_follows_their_status(ada: Person, scene: Scene):
    assert ada.ask("activeGoalsCount", {}).data == 1

    ada.ask("createGoal", {"input": {"title": "Learn to swim"}})
    assert ada.ask("activeGoalsCount", {}).data == 2

    ada.ask("pauseGoal", {"goalId": scene.goal_id})
    assert ada.ask("activeGoalsCount", {}).data == 1

    ada.ask("resumeGoal", {"goalId": scene.goal_id})
    ada.ask("deleteGoal", {"goalId": scene.goal_id})
    assert ada.ask("activeGoalsCount", {}).data == 1


def test_deleting_answers_the_id_of_what_is_gone(ada: Person, scene: Scene):
    task = ada.ask("deleteTask", {"goalId": scene.goal_id, "taskId": scene.task_id})
    goal = ada.ask("deleteGoal", {"goalId": scene.goal_id})

    assert (task.data, goal.data) == (scene.task_id, scene.goal_id)
    assert ada.ask("goal", {"goalId": scene.goal_id}).error_type == "GoalNotFound"
