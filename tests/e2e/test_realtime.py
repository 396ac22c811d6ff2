"""The client of subscriptions that `make smoke` uses, against a server that speaks as AppSync does."""

import base64
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from websockets.sync.server import ServerConnection, serve

from tests.e2e import realtime

ASKED = {"host": "api.example.com", "token": "token", "query": "subscription { goal }", "variables": {"goal": "1"}}
AUTHORIZATION = {"Authorization": "Bearer token", "host": "api.example.com"}


class Server:
    """A server of one connection: it takes note of what it is told, and answers with what it was given."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = iter(answers)
        self.header: Any = None
        self.told: list[dict[str, Any]] = []

    def __call__(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        asked = parse_qs(urlsplit(socket.request.path).query)
        self.header = json.loads(base64.b64decode(asked["header"][0]))
        for message in socket:
            self.told.append(json.loads(message))
            for answer in self._answers:
                socket.send(json.dumps(answer))
                if answer["type"].endswith("_ack") and answer["type"] != "start_ack":
                    break


@pytest.fixture
def address() -> Iterator[Any]:
    """A function that starts a server and returns its address."""
    running = []

    def start(server: Server) -> str:
        listening = serve(server, "127.0.0.1", 0, subprotocols=[realtime.Subprotocol("graphql-ws")])
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        running.append((listening, thread))
        return f"ws://127.0.0.1:{listening.socket.getsockname()[1]}/graphql"

    yield start
    for listening, thread in running:
        listening.shutdown()
        thread.join()


def test_what_is_published_arrives(address: Any) -> None:
    data = {"id": "1", "type": "data", "payload": {"data": {"goal": 1}}}
    server = Server({"type": "connection_ack"}, {"type": "ka"}, {"type": "start_ack", "id": "1"}, {"type": "ka"}, data)
    with realtime.subscribed(address(server), **ASKED) as subscription:
        came = subscription.next()
    init, start = server.told[:2]

    assert came == {"goal": 1}
    assert server.header == AUTHORIZATION
    assert init == {"type": "connection_init"}
    assert start["payload"]["extensions"] == {"authorization": AUTHORIZATION}
    assert json.loads(start["payload"]["data"]) == {"query": ASKED["query"], "variables": ASKED["variables"]}


def test_a_refusal_is_shown(address: Any) -> None:
    refusal = {"type": "error", "payload": {"errors": [{"errorType": "UnauthorizedException"}]}}
    server = Server({"type": "connection_ack"}, refusal)

    with pytest.raises(AssertionError, match="UnauthorizedException"), realtime.subscribed(address(server), **ASKED):
        pass


def test_subscriptions_have_a_host_of_their_own() -> None:
    queries = "https://abc.appsync-api.eu-central-1.amazonaws.com/graphql"

    assert realtime.realtime_url(queries) == "wss://abc.appsync-realtime-api.eu-central-1.amazonaws.com/graphql"
    assert realtime.host_of(queries) == "abc.appsync-api.eu-central-1.amazonaws.com"


def test_subscriptions_of_a_stage_with_a_name_are_below_it() -> None:
    assert realtime.realtime_url("https://graphql.example.com/graphql") == "wss://graphql.example.com/graphql/realtime"
