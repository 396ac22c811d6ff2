"""Nothing is published of a goal to which nobody listens, and everything of one to which somebody may."""

import pytest

from functions.goals.listening import consumers
from shared.aws.client import NoAnswer
from shared.storage import events, table
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.goals.catalogue import Scene
from tests.goals.conftest import Travel
from tests.goals.listening.publishing import GraphqlApi, listens, tell
from tests.goals.people import Person
from tests.goals.schedules.consuming import on_the_bus


def test_nothing_is_published_of_a_goal_to_which_nobody_listens(
    ada: Person, api: GraphqlApi, scene: Scene, calls: list[str]
):
    other = ada.sets_goal()["goal_id"]
    listens(ada, other)
    told = [on_the_bus(events.stored(item)) for item in table.query_all(f"USER#{ada.user_id}", "EVENT#goal_")]
    calls.clear()
    answer = consumers.handler(batch([each for each in told if scene.goal_id in each]), Context())

    assert answer == {"batchItemFailures": []}
    assert api.bodies == []
    assert calls == ["GetItem"]


def test_who_begins_to_listen_while_an_event_is_on_its_way_is_told_of_it(ada: Person, api: GraphqlApi):
    goal_id = ada.sets_goal()["goal_id"]
    listens(ada, goal_id)
    reads: list[bool] = []
    hooks.register("provide-client-params.dynamodb.GetItem", lambda params, **_: reads.append(params["ConsistentRead"]))
    tell(ada, goal_id)

    assert [each["goalId"] for each in api.published] == [goal_id]
    assert reads == [True, True]


def test_it_is_published_for_whom_the_goal_is_shared_with(ada: Person, bob: Person, api: GraphqlApi, scene: Scene):
    listens(bob, scene.goal_id)
    tell(ada, scene.goal_id)

    assert [each["goalId"] for each in api.published] == [scene.goal_id]


@pytest.mark.parametrize(("later", "is_published"), [("2026-01-11T12:00:00Z", True), ("2026-01-11T13:00:00Z", False)])
def test_it_is_published_for_as_long_as_a_connection_may_last(
    ada: Person, api: GraphqlApi, travel: Travel, later: str, *, is_published: bool
):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    listens(ada, goal_id)
    travel(later)
    tell(ada, goal_id)

    assert [each["goalId"] for each in api.published] == [goal_id] * is_published


def test_who_connects_again_is_told_for_as_long_again(ada: Person, api: GraphqlApi, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    for day in ("2026-01-10T12:00:00Z", "2026-01-11T12:00:00Z"):
        travel(day)
        listens(ada, goal_id)
    travel("2026-01-12T12:00:00Z")
    tell(ada, goal_id)

    assert [each["goalId"] for each in api.published] == [goal_id]


def test_nobody_listens_who_could_not_be_noted(ada: Person, api: GraphqlApi, scene: Scene):
    def fail(**_: object) -> None:
        raise NoAnswer("the connection was reset")

    with hooks.registered("before-call.dynamodb.BatchWriteItem", fail):
        reply = ada.ask("onGoalProgress", {"goalId": scene.goal_id})

    assert reply.error_type == "Unavailable"


def test_a_stranger_who_asks_to_listen_has_nothing_published(ada: Person, eve: Person, api: GraphqlApi, scene: Scene):
    eve.ask("onGoalProgress", {"goalId": scene.goal_id})
    tell(ada, scene.goal_id)

    assert api.bodies == []
