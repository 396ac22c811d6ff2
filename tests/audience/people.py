"""Who works with an audience, and what they ask for most."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.audience import api, resolver
from shared.callers import auth, tenant_settings
from shared.callers.caller import Caller
from tests.audience import appsync
from tests.aws.entries import Answer, call, http_event
from tests.aws.quick.table import put
from tests.identity.access_tokens.issuer import Issuer

SCOPE = "audience:read audience:write audience:admin"
BASE = "/api/v1"


@dataclass(frozen=True)
class Person:
    """Somebody of a tenant, whose token is good at any time."""

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
        return call(api.handler, resolver.api, http_event(method, f"{BASE}{path}", body, headers=sent, query=query))

    def ask(self, field: str, **arguments: Any) -> appsync.Reply:
        """Ask for a field as AppSync does."""
        scopes = frozenset(self.scope.split())
        caller = Caller(self.user_id, self.tenant_id, ("owner",), scopes, None, ("pwd",), 0)
        return appsync.ask(field, arguments, resolver_context=auth.to_resolver_context(caller))

    def get(self, path: str, query: str = "") -> Answer:
        return self.rest("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.rest("POST", path, body, headers={} if key is None else {"idempotency-key": key})

    def patch(self, path: str, body: Any, *, if_match: str | None = None) -> Answer:
        return self.rest("PATCH", path, body, headers={} if if_match is None else {"if-match": if_match})

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.rest("DELETE", path, headers={} if if_match is None else {"if-match": if_match})

    def creates(self, **fields: Any) -> dict[str, Any]:
        """Create a lead and return it."""
        answer = self.post("/leads", fields)
        assert answer.status == 201, answer.body
        return dict(answer.body)

    def reads(self, lead_id: str) -> dict[str, Any]:
        answer = self.get(f"/leads/{lead_id}")
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def imports(self, *rows: Any, key: str | None = None) -> list[dict[str, Any]]:
        """Send rows, and return what became of each."""
        answer = self.post("/leads/bulk", {"rows": [*rows]}, key=key)
        assert answer.status == 200, answer.body
        return list(answer.body["results"])

    def imports_sheet(self, text: str, *, in_base64: bool = False) -> Answer:
        """Send rows as CSV, which API Gateway hands over in base64 when it takes it for no text."""
        event = http_event("POST", f"{BASE}/leads/bulk", headers={"content-type": "text/csv"})
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=self.scope)
        event["headers"]["authorization"] = f"Bearer {self.issuer.token(claims=claims)}"
        event["headers"].pop("content-length", None)
        body = base64.b64encode(text.encode()).decode() if in_base64 else text
        return call(api.handler, resolver.api, event | {"body": body, "isBase64Encoded": in_base64})

    def sends(self, path: str, text: str) -> Answer:
        """Post a body as it is written."""
        event = http_event("POST", f"{BASE}{path}", {})
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=self.scope)
        event["headers"]["authorization"] = f"Bearer {self.issuer.token(claims=claims)}"
        event["headers"].pop("content-length", None)
        return call(api.handler, resolver.api, event | {"body": text})

    def has(self, **settings: Any) -> None:
        """Give the tenant settings."""
        pk, sk = tenant_settings.key(self.tenant_id)
        put({"PK": pk, "SK": sk, "entity": "Tenant", **settings})
        tenant_settings.forget()


def results(rows: list[dict[str, Any]]) -> list[str]:
    """Return what became of rows, in their order."""
    return [each["result"] for each in rows]
