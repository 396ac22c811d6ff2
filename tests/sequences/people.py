"""Who works with sequences, and what they ask for most."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.sequences import api, resolver
from tests.aws.entries import Answer, call, http_event
from tests.identity.access_tokens.issuer import Issuer

SCOPE = "sequences:read sequences:write sequences:admin"
BASE = "/api/v1"


@dataclass(frozen=True)
class Person:
    """Somebody of a tenant, whose token is good at any time."""

    user_id: str
    tenant_id: str
    issuer: Issuer
    scope: str = SCOPE
    claims: tuple[tuple[str, Any], ...] = ()

    def holding(self, scope: str) -> "Person":
        return replace(self, scope=scope)

    def token(self) -> str:
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=self.scope, **dict(self.claims))
        return self.issuer.token(claims=claims)

    def rest(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer:
        sent = {"authorization": f"Bearer {self.token()}", **(headers or {})}
        return call(api.handler, resolver.api, http_event(method, f"{BASE}{path}", body, headers=sent, query=query))

    def get(self, path: str, query: str = "") -> Answer:
        return self.rest("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.rest("POST", path, body, headers={} if key is None else {"idempotency-key": key})

    def put(self, path: str, body: Any) -> Answer:
        return self.rest("PUT", path, body)

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.rest("DELETE", path, headers={} if if_match is None else {"if-match": if_match})

    def adds_type(self, name: str, order: str) -> str:
        """Add a type and return where its sequence in the global scope is."""
        answer = self.post("/sequences/types", {"element_type": name, "order": order})
        assert answer.status == 201, answer.body
        return f"/sequences/global/{name}"

    def creates(self, sequence: str, element_id: object, **more: Any) -> dict[str, Any]:
        answer = self.post(f"{sequence}/elements", {"element_id": element_id, **more})
        assert answer.status == 201, answer.body
        return dict(answer.body)

    def has(self, sequence: str, count: int) -> list[str]:
        """Create so many elements, e1 and so on, and return their ids."""
        names = [f"e{number}" for number in range(1, count + 1)]
        for start in range(0, count, 100):
            part = [{"element_id": each} for each in names[start : start + 100]]
            answer = self.post(f"{sequence}/batch", {"elements": part})
            assert answer.status == 200, answer.body
        return names

    def order(self, sequence: str) -> list[str]:
        return [each["element_id"] for each in self.elements(sequence)]

    def numbers(self, sequence: str) -> dict[str, int]:
        return {each["element_id"]: each["sequence_number"] for each in self.elements(sequence)}

    def elements(self, sequence: str) -> list[dict[str, Any]]:
        """Return all elements of a sequence in their order, page by page."""
        found: list[dict[str, Any]] = []
        query = "limit=100"
        while True:
            answer = self.get(f"{sequence}/elements", query)
            assert answer.status == 200, answer.body
            found += answer.body["items"]
            if answer.body["next_cursor"] is None:
                return found
            query = f"limit=100&cursor={answer.body['next_cursor']}"

    def moves(self, sequence: str, element_id: str, **where: str) -> dict[str, Any]:
        answer = self.post(f"{sequence}/elements/{element_id}/move", where)
        assert answer.status == 200, answer.body
        return dict(answer.body)
