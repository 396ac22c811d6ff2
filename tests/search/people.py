"""Somebody who keeps collections, and what stands between the table and the index."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import boto3

from functions.search import api, consumers, indexing_consumers, query_api, resolver
from functions.search.indexing import readers
from shared import config
from tests.aws.entries import Answer, Context, call, http_event
from tests.aws.messages import delivered
from tests.identity.access_tokens.issuer import Issuer
from tests.webhooks.people import record, stored_events

SCOPE = "search:read search:write search:admin"
WAKING = {"search.document.changed", "search.collection.deleted", "search.collection.rebuild_requested"}
BOOKS = [
    {"name": "title", "type": "string"},
    {"name": "tags", "type": "string[]", "facet": True, "optional": True},
    {"name": "pages", "type": "int64", "optional": True},
    {"name": "price", "type": "float", "optional": True},
    {"name": "author", "type": "string", "facet": True, "sort": True, "optional": True},
    {"name": "in_print", "type": "bool", "facet": True, "optional": True},
    {"name": "published_at", "type": "datetime", "optional": True},
]


@dataclass(frozen=True)
class Person:
    """Somebody with an access token that is good at any time."""

    user_id: str
    tenant_id: str
    issuer: Issuer
    scope: str = SCOPE
    role: str = "owner"

    def holding(self, scope: str) -> "Person":
        return replace(self, scope=scope)

    def visiting(self) -> "Person":
        return replace(self, role="guest", scope="search:read")

    def rest(self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=self.scope, roles=[self.role])
        sent = {"authorization": f"Bearer {self.issuer.token(claims=claims)}", **(headers or {})}
        path, _, query = path.partition("?")
        is_query = path in {"/search", "/multi-search"} or path.startswith("/saved-searches")
        handler = query_api.handler if is_query else api.handler
        return call(handler, resolver.api, http_event(method, f"/api/v1{path}", body, headers=sent, query=query))

    def get(self, path: str) -> Answer:
        return self.rest("GET", path)

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.rest("DELETE", path, headers={} if if_match is None else {"if-match": if_match})

    def makes(self, name: str = "books", **more: Any) -> dict[str, Any]:
        answer = self.rest("POST", "/collections", {"name": name, "fields": BOOKS, "language": "en", **more})
        assert answer.status == 201, answer.body
        return answer.body

    def syncs(
        self, operation: str, document: Mapping[str, Any], *, name: str = "books", key: str = "", **more: Any
    ) -> Answer:
        body = {"operation": operation, "collection_name": name, "document": document, **more}
        return self.rest("POST", "/documents/sync", body, headers={"idempotency-key": key} if key else {})

    def stores(self, *documents: Mapping[str, Any], name: str = "books") -> None:
        for document in documents:
            answer = self.syncs("upsert", document, name=name)
            assert answer.status == 200, answer.body

    def asks(self, name: str = "books", **parameters: Any) -> Answer:
        return self.rest("POST", "/search", {"collection_name": name, "parameters": parameters})

    def searches(self, q: str = "*", *, name: str = "books", **parameters: Any) -> dict[str, Any]:
        answer = self.asks(name, q=q, **parameters)
        assert answer.status == 200, answer.body
        return answer.body

    def finds(self, q: str = "*", *, name: str = "books", **parameters: Any) -> list[str]:
        """Return the ids of the hits in their order."""
        return [hit["document"]["id"] for hit in self.searches(q, name=name, **parameters)["hits"]]


@dataclass
class Backbone:
    """Brings events to the consumers once each, and their messages to the indexer."""

    seen: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def runs(self) -> int:
        """Bring everything where it belongs until nothing moves; return how many messages that were."""
        moved = 0
        while count := self.tells() + self.indexes():
            moved += count
        readers.forget()
        return moved

    def tells(self) -> int:
        happened = [event for event in stored_events() if event.event_id not in self.seen]
        wanted = [each for each in happened if each.event_type in WAKING]
        self.seen |= {event.event_id for event in happened}
        for event in wanted:
            answer = consumers.handler(delivered([event]), Context())
            self.failed += [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        return len(wanted)

    def indexes(self, context: Any = None) -> int:
        """Hand the messages of the queue to the indexer."""
        url = config.indexing_queue_url()
        count = 0
        while found := boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            count += len(found)
            answer = indexing_consumers.handler({"Records": [as_record(each) for each in found]}, context or Context())
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            self.failed += sorted(failed)
            for each in found:
                if each["MessageId"] not in failed:
                    boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return count


def as_record(found: Mapping[str, Any]) -> dict[str, Any]:
    return record(found["Body"]) | {"messageId": found["MessageId"], "receiptHandle": found["ReceiptHandle"]}


def woken(collection: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """Return a message that wakes up the indexer of a collection."""
    asked = {"tenant_id": person.tenant_id, "collection_id": collection["collection_id"], "name": collection["name"]}
    return {"Records": [record(json.dumps(asked))]}
