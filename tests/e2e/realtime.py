"""A subscription over AppSync's WebSocket.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

PATIENCE_SECONDS = 60


def realtime_url(graphql_url: str) -> str:
    """Return where the subscriptions of a GraphQL API are: on a host of their own, or below the name of the stage."""
    secure = graphql_url.replace("https://", "wss://", 1)
    if ".appsync-api." in secure:
        return secure.replace(".appsync-api.", ".appsync-realtime-api.", 1)
    return f"{secure}/realtime"


class Subscription:
    """A subscription that AppSync has acknowledged."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def next(self) -> Any:
        """Return what comes next. Raises TimeoutError when nothing does, AssertionError when the subscription fails."""
        return _await(self._socket, "data")["payload"]["data"]


@contextmanager
def subscribed(url: str, *, host: str, token: str, query: str, variables: dict[str, Any]) -> Iterator[Subscription]:
    """Subscribe in the name of a token until the block ends. `host` is that of the GraphQL API, `url` the other."""
    authorization = {"Authorization": f"Bearer {token}", "host": host}
    asked = {"header": _encoded(authorization), "payload": _encoded({})}
    protocol = Subprotocol("graphql-ws")
    with connect(f"{url}?{urlencode(asked)}", subprotocols=[protocol], open_timeout=PATIENCE_SECONDS) as socket:
        _send(socket, {"type": "connection_init"})
        _await(socket, "connection_ack")
        payload = {
            "data": json.dumps({"query": query, "variables": variables}),
            "extensions": {"authorization": authorization},
        }
        _send(socket, {"id": "1", "type": "start", "payload": payload})
        _await(socket, "start_ack")
        yield Subscription(socket)
        _send(socket, {"id": "1", "type": "stop"})


def host_of(graphql_url: str) -> str:
    """Return the host of a GraphQL API."""
    return urlsplit(graphql_url).netloc


def _await(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of a kind; those that only keep the connection alive are passed over."""
    while True:
        message: dict[str, Any] = json.loads(socket.recv(timeout=PATIENCE_SECONDS))
        if message["type"] == kind:
            return message
        assert message["type"] == "ka", message


def _send(socket: ClientConnection, message: dict[str, Any]) -> None:
    socket.send(json.dumps(message))


def _encoded(value: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()
