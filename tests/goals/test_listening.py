"""Listening to a goal: who may, and what is published to them, up to the mutation that AppSync passes on.

The emulator carries neither subscriptions nor the authorization of roles, so a server of our own takes the mutation and
holds it against what AppSync would: the signature, the schema, the fields that subscribers get.
"""

import functools
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from graphql import get_named_type, graphql_sync, parse, validate
from ministack.core import sigv4

from functions.goals import progress_consumers
from shared import clock
from shared.api import casing
from shared.messaging import appsync
from shared.storage import events, table
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.goals.appsync import SCHEMA
from tests.goals.catalogue import Scene
from tests.goals.conftest import Travel, enrol, expel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import on_the_bus


@dataclass
class GraphqlApi:
    """What stands in for AppSync: it keeps what it is sent, and answers what it is told to."""

    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"data": {}})
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def published(self) -> list[dict[str, Any]]:
        """What subscribers would be given, as the schema lets it through."""
        requests = [json.loads(body) for body in self.bodies]
        return [self._passed_on(request) for request in requests if "progress" in request["variables"]]

    @property
    def disconnected(self) -> list[dict[str, str]]:
        """What AppSync would hold the subscriptions against."""
        requests = [json.loads(body) for body in self.bodies]
        assert all(validate(SCHEMA, parse(request["query"])) == [] for request in requests)
        return [request["variables"]["whom"] for request in requests if "whom" in request["variables"]]

    def _passed_on(self, request: dict[str, Any]) -> dict[str, Any]:
        assert validate(SCHEMA, parse(request["query"])) == []
        root = {"publishGoalProgress": lambda _info, progress: progress}
        result = graphql_sync(SCHEMA, request["query"], root, variable_values=request["variables"])
        assert result.errors is None
        return result.data["publishGoalProgress"]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphqlApi]:
    kept = GraphqlApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.headers.append({name.lower(): value for name, value in self.headers.items()})
            kept.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(kept.answer).encode()
            self.send_response(kept.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("GRAPHQL_URL", f"http://127.0.0.1:{server.server_port}/graphql")
        yield kept
        appsync._connections().close()
        server.shutdown()
        thread.join()


def tell(person: Person, *goal_ids: str) -> dict[str, Any]:
    """Deliver every event of goals in one batch."""
    stored = [item for each in goal_ids for item in table.query_all(f"USER#{person.user_id}", events.prefix(each))]
    return progress_consumers.handler(batch([on_the_bus(events.stored(item)) for item in stored]), Context())


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
    ada.completes(ada.adds_task(goal_id))
    answer = tell(ada, goal_id)

    assert answer == {"batchItemFailures": []}
    assert api.published == [casing.camel(ada.progress(goal_id))]


def test_subscribers_get_every_field_there_is(ada: Person, api: GraphqlApi, scene: Scene):
    tell(ada, scene.goal_id)
    (published,) = api.published
    milestone = get_named_type(SCHEMA.type_map["GoalProgress"].fields["milestones"].type)

    assert published.keys() == SCHEMA.type_map["GoalProgress"].fields.keys()
    assert all(each.keys() == milestone.fields.keys() for each in published["milestones"])


def test_the_mutation_is_signed_in_the_name_of_the_function(ada: Person, api: GraphqlApi, scene: Scene):
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
    tell(ada, scene.goal_id, other)

    assert sorted(each["goalId"] for each in api.published) == sorted([scene.goal_id, other])


def test_publishing_reads_the_goal_and_nothing_else(ada: Person, api: GraphqlApi, scene: Scene, calls: list[str]):
    told = [on_the_bus(events.stored(item)) for item in table.query_all(f"USER#{ada.user_id}", "EVENT#")]
    calls.clear()
    progress_consumers.handler(batch(told), Context())

    assert len(api.bodies) == 1
    assert calls == ["GetItem"]


def test_nothing_is_published_of_a_goal_that_is_gone(ada: Person, api: GraphqlApi, scene: Scene):
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
    api.status, api.answer = status, body
    answer = tell(ada, goal_id)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


def test_what_nobody_answers_comes_again(ada: Person, aws: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRAPHQL_URL", "http://127.0.0.1:9/graphql")
    goal_id = ada.sets_goal()["goal_id"]

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
