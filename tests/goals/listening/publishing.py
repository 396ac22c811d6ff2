"""What stands in for AppSync, and the events of goals on their way to the function that publishes.

The emulator carries neither subscriptions nor the authorization of roles, so a server of our own takes the mutation and
holds it against what AppSync would: the signature, the schema, the fields that subscribers get.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graphql import graphql_sync, parse, validate

from functions.goals.listening import consumers
from shared.storage import events, table
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.goals.appsync import SCHEMA
from tests.goals.people import Person
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


@contextmanager
def standing_in() -> Iterator[tuple[GraphqlApi, str]]:
    """Yield what stands in for AppSync, and its address."""
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
        yield kept, f"http://127.0.0.1:{server.server_port}/graphql"
        server.shutdown()
        thread.join()


def tell(person: Person, *goal_ids: str) -> dict[str, Any]:
    """Deliver every event of goals in one batch."""
    stored = [item for each in goal_ids for item in table.query_all(f"USER#{person.user_id}", events.prefix(each))]
    return consumers.handler(batch([on_the_bus(events.stored(item)) for item in stored]), Context())


def listens(person: Person, goal_id: str) -> None:
    assert person.ask("onGoalProgress", {"goalId": goal_id}).error_type is None
