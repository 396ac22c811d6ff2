"""People who call the goals context through its two entries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.goals import api, resolver
from shared.callers import auth
from shared.callers.auth import Caller
from tests.aws.entries import Answer, call, http_event
from tests.goals import appsync
from tests.identity.access_tokens.issuer import Issuer

MARATHON = {
    "title": "Run a marathon",
    "start_at": "2026-01-01T00:00:00Z",
    "deadline": "2026-01-30",
}
"""A goal of exactly thirty days: 2026-01-01 to the end of 2026-01-30."""


@dataclass(frozen=True)
class Person:
    """Somebody with an access token that is new for every request, so that it is good at any time."""

    user_id: str
    tenant_id: str
    issuer: Issuer
    scope: str = "goals:read goals:write"

    def holding(self, scope: str) -> "Person":
        return replace(self, scope=scope)

    def rest(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer:
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=self.scope)
        sent = {"authorization": f"Bearer {self.issuer.token(claims=claims)}", **(headers or {})}
        return anonymous(method, path, body, headers=sent, query=query)

    def get(self, path: str, query: str = "") -> Answer:
        return self.rest("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.rest("POST", path, body, headers={} if key is None else {"idempotency-key": key})

    def patch(self, path: str, body: Any, *, if_match: str | None = None) -> Answer:
        return self.rest("PATCH", path, body, headers={} if if_match is None else {"if-match": if_match})

    def put(self, path: str, body: Any) -> Answer:
        return self.rest("PUT", path, body)

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.rest("DELETE", path, headers={} if if_match is None else {"if-match": if_match})

    def sets_goal(self, **fields: Any) -> dict[str, Any]:
        answer = self.post("/goals", {"title": "Run a marathon", **fields})
        assert answer.status == 201, answer.body
        return answer.body

    def adds_task(self, goal_id: str, **fields: Any) -> dict[str, Any]:
        answer = self.post(f"/goals/{goal_id}/tasks", {"title": "First 20 km run", **fields})
        assert answer.status == 201, answer.body
        return answer.body

    def completes(self, task: Mapping[str, Any]) -> Answer:
        return self.post(f"/goals/{task['goal_id']}/tasks/{task['task_id']}/complete")

    def progress(self, goal_id: str, query: str = "") -> dict[str, Any]:
        answer = self.get(f"/goals/{goal_id}/progress", query)
        assert answer.status == 200, answer.body
        return answer.body

    def ask(self, field: str, arguments: Mapping[str, Any], *, key: str | None = None) -> appsync.Reply:
        caller = Caller(self.user_id, self.tenant_id, ("owner",), frozenset(self.scope.split()), None, ("pwd",), 0)
        headers = {} if key is None else {"idempotency-key": key}
        return appsync.ask(field, arguments, resolver_context=auth.to_resolver_context(caller), headers=headers)


def anonymous(
    method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
) -> Answer:
    return call(api.handler, resolver.api, http_event(method, f"/api/v1{path}", body, headers=headers, query=query))
