"""Listening to a goal: who may, and what is published to them, up to the mutation that AppSync passes on."""

import functools
import os
from collections.abc import Callable
from typing import Any

import pytest
from graphql import get_named_type
from ministack.core import sigv4

from functions.goals.listening import consumers as progress_consumers
from shared import clock
from shared.api import casing
from shared.storage import events, table
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.goals.appsync import SCHEMA
from tests.goals.catalogue import Scene
from tests.goals.conftest import Travel, enrol, expel
from tests.goals.listening.publishing import GraphqlApi, listens, tell
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import on_the_bus


def test_the_owner_and_whom_a_goal_is_shared_with_may_listen(ada: Person, bob: Person, scene: Scene):
    replies = [each.ask("onGoalProgress", {"goalId": scene.goal_id}) for each in (ada, bob)]

    assert [(reply.data, reply.error_type) for reply in replies] == [(None, None)] * 2


def test_a_stranger_of_the_tenant_or_of_another_may_not_listen(ada: Person, bob: Person, eve: Person, scene: Scene):
    ada.delete(f"/goals/{scene.goal_id}/shares/{bob.user_id}")
    replies = [each.ask("onGoalProgress", {"goalId": scene.goal_id}) for each in (bob, eve)]

    assert [reply.error_type for reply in replies] == ["GoalNotFound"] * 2


def test_a_change_is_published_as_whoever_asks_sees_it(ada: Person, api: GraphqlApi, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    listens(ada, goal_id)
    ada.completes(ada.adds_task(goal_id))
    answer = tell(ada, goal_id)

    assert answer == {"batchItemFailures": []}
    assert api.published == [casing.camel(ada.progress(goal_id))]


def test_subscribers_get_every_field_there_is(ada: Person, api: GraphqlApi, scene: Scene):
    listens(ada, scene.goal_id)
    tell(ada, scene.goal_id)
    (published,) = api.published
    milestone = get_named_type(SCHEMA.type_map["GoalProgress"].fields["milestones"].type)

    assert published.keys() == SCHEMA.type_map["GoalProgress"].fields.keys()
    assert all(each.keys() == milestone.fields.keys() for each in published["milestones"])


def test_the_mutation_is_signed_in_the_name_of_the_function(ada: Person, api: GraphqlApi, scene: Scene):
    listens(ada, scene.goal_id)
    tell(ada, scene.goal_id)
    (headers,), (body,) = api.headers, api.bodies
    signature = sigv4.parse_header_signature(headers)
    secret = os.environ["AWS_SECRET_ACCESS_KEY"]
    failure = sigv4.header_signature_failure(signature, secret, "POST", "/graphql", {}, headers, body)
    forged = sigv4.header_signature_failure(signature, secret, "POST", "/graphql", {}, headers, body + b" ")

    assert signature.access_key_id == os.environ["AWS_ACCESS_KEY_ID"]
    assert (signature.service, signature.region) == ("appsync", "eu-west-1")
    assert failure is None
    assert forged is not None


def test_all_events_of_a_goal_in_a_batch_publish_once(ada: Person, api: GraphqlApi, scene: Scene):
    other = ada.sets_goal()["goal_id"]
    ada.completes(ada.adds_task(other))
    for goal_id in (scene.goal_id, other):
        listens(ada, goal_id)
    tell(ada, scene.goal_id, other)

    assert sorted(each["goalId"] for each in api.published) == sorted([scene.goal_id, other])


def test_publishing_reads_whether_somebody_listens_and_the_goal(
    ada: Person, api: GraphqlApi, scene: Scene, calls: list[str]
):
    listens(ada, scene.goal_id)
    told = [on_the_bus(events.stored(item)) for item in table.query_all(f"USER#{ada.user_id}", "EVENT#")]
    calls.clear()
    progress_consumers.handler(batch(told), Context())

    assert len(api.bodies) == 1
    assert calls == ["GetItem", "GetItem"]


def test_nothing_is_published_of_a_goal_that_is_gone(ada: Person, api: GraphqlApi, scene: Scene):
    listens(ada, scene.goal_id)
    ada.delete(f"/goals/{scene.goal_id}")
    answer = tell(ada, scene.goal_id)

    assert answer == {"batchItemFailures": []}
    assert api.bodies == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"data": None, "errors": [{"errorType": "Unauthorized", "message": "Not Authorized"}]}),
        (401, {"errors": [{"errorType": "UnauthorizedException"}]}),
        (503, {}),
    ],
)
def test_what_is_refused_comes_again(ada: Person, api: GraphqlApi, status: int, body: Any):
    goal_id = ada.sets_goal()["goal_id"]
    listens(ada, goal_id)
    api.status, api.answer = status, body
    answer = tell(ada, goal_id)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


def test_what_nobody_answers_comes_again(ada: Person, aws: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRAPHQL_URL", "http://127.0.0.1:9/graphql")
    goal_id = ada.sets_goal()["goal_id"]
    listens(ada, goal_id)

    assert tell(ada, goal_id) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


def happens(event_type: str, person: Person) -> dict[str, Any]:
    """Deliver an event of identity about somebody."""
    happened = events.occurred(
        event_type,
        partition=f"TENANT#{person.tenant_id}",
        subject_id=person.user_id,
        tenant_id=person.tenant_id,
        at=clock.now(),
        data={"by": "user_1"},
    )
    return progress_consumers.handler(batch([on_the_bus(events.stored(happened.item))]), Context())


@pytest.mark.parametrize("event_type", progress_consumers.DEPARTURES)
def test_whoever_leaves_is_disconnected_and_so_is_who_listens_to_their_goals(
    event_type: str, ada: Person, api: GraphqlApi
):
    assert happens(event_type, ada) == {"batchItemFailures": []}
    assert api.disconnected == [{"departedId": ada.user_id}]
    assert api.published == []


def test_whom_a_goal_is_shared_with_no_more_is_disconnected(ada: Person, bob: Person, api: GraphqlApi, scene: Scene):
    listens(bob, scene.goal_id)
    ada.delete(f"/goals/{scene.goal_id}/shares/{bob.user_id}")
    tell(ada, scene.goal_id)

    assert api.disconnected == [{"goalId": scene.goal_id, "listenerId": bob.user_id}]
    assert [each["goalId"] for each in api.published] == [scene.goal_id]


def test_a_disconnection_that_fails_comes_again(ada: Person, api: GraphqlApi):
    api.status = 503

    assert happens("identity.member.removed", ada) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


@pytest.mark.parametrize("leaves", [expel, functools.partial(enrol, disabled=True)], ids=["removed", "disabled"])
def test_nobody_begins_to_listen_to_an_orphaned_goal(leaves: Callable, ada: Person, bob: Person, scene: Scene):
    leaves(ada)

    assert bob.ask("onGoalProgress", {"goalId": scene.goal_id}).error_type == "GoalNotFound"
