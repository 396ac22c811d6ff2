"""Who works with money, and what they ask for most."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.identity.scopes import SCOPES, Role
from functions.payments import api
from shared.callers import auth
from shared.callers.caller import Caller
from tests.aws.entries import Answer, call, http_event
from tests.identity.access_tokens.issuer import Issuer
from tests.payments import appsync
from tests.payments.appsync import Reply

BASE = "/api/v1"


@dataclass(frozen=True)
class Person:
    """Somebody of a tenant, whose token is good at any time."""

    user_id: str
    tenant_id: str
    issuer: Issuer
    role: Role = "admin"

    def acting_as(self, role: Role) -> "Person":
        return replace(self, role=role)

    def token(self) -> str:
        scope = " ".join(sorted(SCOPES[self.role]))
        claims = self.issuer.claims(sub=self.user_id, tid=self.tenant_id, scope=scope, roles=[self.role])
        return self.issuer.token(claims=claims)

    def rest(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer:
        sent = {"authorization": f"Bearer {self.token()}", **(headers or {})}
        return call(api.handler, api.api, http_event(method, f"{BASE}{path}", body, headers=sent, query=query))

    def get(self, path: str, query: str = "") -> Answer:
        return self.rest("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.rest("POST", path, body, headers={} if key is None else {"idempotency-key": key})

    def ask(self, field: str, *, key: str | None = None, **arguments: Any) -> Reply:
        """Ask for a field of GraphQL with all that it has."""
        caller = Caller(self.user_id, self.tenant_id, (self.role,), SCOPES[self.role], None, ("pwd",), 0)
        headers = {} if key is None else {"idempotency-key": key}
        return appsync.ask(field, arguments, resolver_context=auth.to_resolver_context(caller), headers=headers)
