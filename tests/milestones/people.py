"""People and services that call the milestones context through its two entries, and the evaluator that calls back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from examples.evaluator.deliveries import signed
from functions.milestones import api, consumers, due, resolver
from shared import clock
from shared.callers import auth
from shared.callers.auth import Caller
from shared.messaging import bus
from shared.storage import events, table
from tests.aws.entries import Answer, Context, call, http_event
from tests.identity.access_tokens.issuer import Issuer
from tests.milestones import appsync
from tests.milestones.evaluation.wire import Wire

MILESTONES = "/api/v1/milestones"
WEBHOOK = f"{MILESTONES}/webhooks/milestone-complete"
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIz"
SECRET_BEFORE = "whsec_" + "MzIxMFpZWFdWVVRTUlFQT05NTEtKSUhHRkVEQ0JB"
PLAIN_KEY = "the plain key of the webhook"
TVL = {"project_id": "project_123", "kpi_id": "tvl", "target": 1000000}


@dataclass(frozen=True)
class Person:
    user_id: str
    tenant_id: str
    issuer: Issuer
    scope: str = "milestones:read milestones:write milestones:admin"

    def holding(self, scope: str) -> "Person":
        return replace(self, scope=scope)

    def rest(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer:
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=self.scope)
        sent = {"authorization": f"Bearer {self.issuer.token(claims=claims)}", **(headers or {})}
        return anonymous(method, path, body, headers=sent, query=query)

    def get(self, path: str = MILESTONES, query: str = "") -> Answer:
        return self.rest("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.rest("POST", path, body, headers={} if key is None else {"idempotency-key": key})

    def creates(self, **fields: Any) -> Answer:
        return self.post(MILESTONES, {**TVL, **fields})

    def created(self, **fields: Any) -> str:
        answer = self.creates(**fields)
        assert answer.status == 201, answer.body
        return str(answer.body["milestone_uid"])

    def retargets(self, uid: str, target: Any, *, if_match: str | None = None) -> Answer:
        headers = {} if if_match is None else {"if-match": if_match}
        return self.rest("PATCH", f"{MILESTONES}/{uid}", {"target": target}, headers=headers)

    def deletes(self, uid: str, *, query: str = "", if_match: str | None = None) -> Answer:
        headers = {} if if_match is None else {"if-match": if_match}
        return self.rest("DELETE", f"{MILESTONES}/{uid}", headers=headers, query=query)

    def syncs(self, uid: str) -> Answer:
        return self.post(f"{MILESTONES}/{uid}/sync")

    def adds_dependency(self, uid: str, other: str) -> Answer:
        return self.post(f"{MILESTONES}/{uid}/dependencies", {"depends_on": other})

    def sees(self, uid: str) -> dict[str, Any]:
        answer = self.get(f"{MILESTONES}/{uid}", "consistent=true")
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def ask(self, field: str, arguments: Mapping[str, Any], *, key: str | None = None) -> appsync.Reply:
        caller = Caller(self.user_id, self.tenant_id, ("owner",), frozenset(self.scope.split()), None, ("pwd",), 0)
        headers = {} if key is None else {"idempotency-key": key}
        return appsync.ask(field, arguments, resolver_context=auth.to_resolver_context(caller), headers=headers)


def anonymous(
    method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
) -> Answer:
    return call(api.handler, resolver.api, http_event(method, path, body, headers=headers, query=query))


def reports(
    evaluator_id: str,
    status: str,
    *,
    webhook_id: str = "msg_1",
    secret: str = SECRET,
    at: float | None = None,
    **said: Any,
) -> Answer:
    """Say how a milestone stands, in a signed webhook."""
    body = json.dumps({"milestone_id": evaluator_id, "status": status, **said})
    headers = signed(webhook_id, body, secret=secret, at=clock.now() / 1000 if at is None else at)
    return anonymous("POST", WEBHOOK, body, headers=headers)


def happened(tenant_id: str, uid: str) -> list[dict[str, Any]]:
    """Return the events of a milestone in the order in which they were written."""
    return list(table.query_all(f"TENANT#{tenant_id}#TRACKED#{uid}", events.prefix(uid)))


def message(tenant_id: str, uid: str, *, receives: int = 1, id_: str = "1") -> dict[str, Any]:
    """Return the message of the queue that asks to bring a milestone in step."""
    return {
        "messageId": id_,
        "receiptHandle": f"receipt {id_}",
        "body": json.dumps(
            {
                "source": bus.SOURCE,
                "detail-type": "milestones.milestone.sync_requested",
                "detail": {
                    "event_id": "evt_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
                    "event_type": "milestones.milestone.sync_requested",
                    "version": 1,
                    "occurred_at": "2026-11-20T12:00:00.000Z",
                    "tenant_id": tenant_id,
                    "subject_id": uid,
                    "data": {},
                },
            }
        ),
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:milestone-sync",
    }


def consume(*messages: dict[str, Any]) -> list[str]:
    """Let the consumer handle messages, and return which of them failed."""
    answer = consumers.handler({"Records": list(messages)}, Context())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def reconcile() -> int:
    """Let every shard be looked at, and return how many milestones were looked after."""
    runs = [consumers.handler({"task": "reconcile", "shard": shard}, Context()) for shard in range(due.SHARDS)]
    return sum(each["looked_after"] for each in runs)


def in_step(ada: Person, wire: Wire, uid: str) -> bool:
    """Tell whether both sides have this milestone, with one target, and no other."""
    record = ada.sees(uid)
    there = {each["id"]: json.loads(each["target"]) for each in wire.evaluator.store.all()}
    return record["forse_synced"] and there == {record["forse_milestone_id"]: record["target"]}
