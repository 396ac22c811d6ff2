"""Who governs a tenant, and the backbone that brings what they do to the consumers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import boto3

from functions.webhooks import api, consumers, deliveries, delivery_consumers, resolver
from shared import clock, config, ids
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Answer, Context, call, http_event
from tests.aws.quick.table import everything
from tests.identity.access_tokens.issuer import Issuer

SCOPE = "webhooks:read webhooks:write webhooks:admin"
PATH = "/api/v1/webhook-endpoints"


@dataclass(frozen=True)
class Person:
    """An owner of a tenant, whose token is good at any time."""

    user_id: str
    tenant_id: str
    issuer: Issuer
    scope: str = SCOPE

    def holding(self, scope: str) -> "Person":
        return replace(self, scope=scope)

    def rest(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer:
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=self.scope)
        sent = {"authorization": f"Bearer {self.issuer.token(claims=claims)}", **(headers or {})}
        return call(api.handler, resolver.api, http_event(method, f"{PATH}{path}", body, headers=sent, query=query))

    def get(self, path: str = "", query: str = "") -> Answer:
        return self.rest("GET", path, query=query)

    def post(self, path: str = "", body: Any = None, *, key: str | None = None) -> Answer:
        return self.rest("POST", path, body, headers={} if key is None else {"idempotency-key": key})

    def patch(self, path: str, body: Any, *, if_match: str | None = None) -> Answer:
        return self.rest("PATCH", path, body, headers={} if if_match is None else {"if-match": if_match})

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.rest("DELETE", path, headers={} if if_match is None else {"if-match": if_match})

    def listens(self, url: str, **fields: Any) -> dict[str, Any]:
        """Make an endpoint and return it with its secret."""
        answer = self.post("", {"url": url, **fields})
        assert answer.status == 201, answer.body
        return answer.body

    def deliveries(self, endpoint: Mapping[str, Any], query: str = "") -> list[dict[str, Any]]:
        answer = self.get(f"/{endpoint['endpoint_id']}/deliveries", query)
        assert answer.status == 200, answer.body
        return answer.body["items"]

    def completes_goal(self, *, at: int | None = None) -> Event:
        """Write the event of a goal that was completed, as the goals context does."""
        now = clock.now() if at is None else at
        goal_id = ids.new("goal", at=now)
        data = {"goal_id": goal_id, "owner_id": self.user_id, "goal_version": 2}
        write = events.occurred(
            "goals.goal.completed",
            partition=f"USER#{self.user_id}",
            subject_id=goal_id,
            tenant_id=self.tenant_id,
            at=now,
            data=data,
        )
        table.transact([write])
        return events.stored(write.item)


@dataclass
class Backbone:
    """What stands between the table and the consumers: events once each, and the messages that are visible by now."""

    seen: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def runs(self) -> int:
        """Bring everything where it belongs until nothing moves; return how many messages that were."""
        moved = 0
        while count := self._tell() + self._deliver():
            moved += count
        return moved

    def sweeps(self) -> int:
        shards = range(deliveries.SHARDS)
        return sum(consumers.handler({"action": "sweep", "shard": shard}, Context())["sent_on"] for shard in shards)

    def _tell(self) -> int:
        happened = [event for event in stored_events() if event.event_id not in self.seen]
        for event in happened:
            self.seen.add(event.event_id)
            told(event)
        return len(happened)

    def _deliver(self) -> int:
        count = 0
        for url in (config.deliveries_queue_url(), config.retries_queue_url()):
            asked = {"QueueUrl": url, "MessageAttributeNames": ["All"]}
            while found := boto3.client("sqs").receive_message(**asked).get("Messages"):
                boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
                count += 1
                answer = delivery_consumers.handler({"Records": [as_received(found[0])]}, Context())
                self.failed += [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        return count


def told(*happened: Event) -> dict[str, Any]:
    """Let the consumers receive events as a rule of the bus puts them on their queue."""
    bodies = [json.dumps({"source": "milepost", "detail": event._asdict()}) for event in happened]
    return consumers.handler({"Records": [record(body) for body in bodies]}, Context())


def record(body: str) -> dict[str, Any]:
    return {
        "messageId": ids.new("message"),
        "receiptHandle": "handle",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:milepost-local-Webhooks-Queue",
        "awsRegion": "eu-west-1",
    }


def as_received(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message of a queue as Lambda hands it to a function."""
    said = {
        name: {"dataType": each["DataType"], "stringValue": each["StringValue"]}
        for name, each in found.get("MessageAttributes", {}).items()
    }
    return record(found["Body"]) | {"messageAttributes": said}


def stored_events() -> list[Event]:
    """Return every event of the table in the order of their ids."""
    return sorted(events.stored(item) for item in everything() if item.get("entity") == "Event")


def waiting(url: str) -> int:
    """Return how many messages a queue has."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)
