"""A server on the loopback that answers the requests of the engine as OpenSearch does, and refuses all others with 400.

It can be told what to answer next instead: too many requests, no service, nothing at all, or a part of a bulk refused.
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.search.opensearch import searches
from tests.search.opensearch.analysis import BadRequest
from tests.search.opensearch.indexes import Index

CUT = 0
"""In place of a status: the connection ends without an answer."""


class NotFound(Exception):
    """There is no such index."""


class Loopback:
    """The indexes of a server, what it was asked, and what it is going to answer instead of the truth."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.asked: list[tuple[str, str]] = []
        self.requests: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.next_statuses: list[int] = []
        self.refused_items: dict[str, list[int]] = {}
        self.url = ""

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        """Return the status and the fields of an answer."""
        path, _, query = target.partition("?")
        try:
            if method == "PUT":
                return self._create(path.removeprefix("/"), json.loads(body))
            if method == "DELETE":
                self.indexes.pop(self._named(path.removeprefix("/")))
                return 200, {"acknowledged": True}
            if method == "GET" and path.endswith("*/_alias"):
                return 200, self._aliases(path.removeprefix("/").removesuffix("*/_alias"))
            found = re.fullmatch(r"/([^/]+)/(_bulk|_search)", path)
            if method != "POST" or found is None:
                raise BadRequest("illegal_argument_exception", "no handler found")
            if found[2] == "_search":
                return 200, searches.answer(self._aliased(found[1]), json.loads(body))
            return 200, self._bulk(self._aliased(found[1]), query, body)
        except BadRequest as refused:
            return 400, {"error": {"type": refused.kind, "reason": str(refused)}, "status": 400}
        except NotFound:
            return 404, {"error": {"type": "index_not_found_exception", "reason": "no such index"}, "status": 404}

    def _create(self, name: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        if name != name.lower():
            raise BadRequest("invalid_index_name_exception", "must be lowercase")
        if name in self.indexes:
            raise BadRequest("resource_already_exists_exception", "it is there already")
        self.indexes[name] = Index(body)
        return 200, {"acknowledged": True, "index": name}

    def _aliases(self, prefix: str) -> dict[str, Any]:
        return {name: {"aliases": each.aliases} for name, each in self.indexes.items() if name.startswith(prefix)}

    def _named(self, name: str) -> str:
        if name not in self.indexes:
            raise NotFound
        return name

    def _aliased(self, alias: str) -> Index:
        for each in self.indexes.values():
            if alias in each.aliases:
                return each
        raise NotFound

    def _bulk(self, index: Index, query: str, body: bytes) -> dict[str, Any]:
        if query != "refresh=true&require_alias=true":
            raise BadRequest("illegal_argument_exception", f"unrecognized parameters: {query}")
        lines = iter(body.split(b"\n")[:-1])
        items = []
        for line in lines:
            ((kind, place),) = json.loads(line).items()
            if place.keys() != {"_id", "version", "version_type"} or place["version_type"] != "external":
                raise BadRequest("illegal_argument_exception", "Action/metadata line contains an unknown parameter")
            document = json.loads(next(lines)) if kind == "index" else None
            items.append({kind: self._changed(index, kind, place, document)})
        return {"errors": any("error" in next(iter(each.values())) for each in items), "items": items}

    def _changed(self, index: Index, kind: str, place: Mapping[str, Any], document: Any) -> dict[str, Any]:
        instead = self.refused_items.get(place["_id"])
        if instead and kind == "index":
            status = instead.pop(0)
            return {"_id": place["_id"], "status": status, "error": {"type": "rejected", "reason": "as it was told"}}
        if kind == "delete":
            return index.remove(place["_id"], place["version"])
        return index.put(place["_id"], place["version"], document)


@contextmanager
def serving() -> Iterator[Loopback]:
    """Serve on a free port until the end."""
    loopback = Loopback()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(loopback))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    loopback.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield loopback
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            loopback.asked.append((self.command, self.path))
            loopback.requests.append((self.command, self.path, headers, body))
            if loopback.next_statuses:
                self.send(loopback.next_statuses.pop(0), {"error": "as it was told"})
            else:
                self.send(*loopback.answer(self.command, self.path, body))

        def send(self, status: int, fields: Any) -> None:
            if status == CUT:
                self.close_connection = True
                return
            sent = json.dumps(fields).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - the names that the library calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
