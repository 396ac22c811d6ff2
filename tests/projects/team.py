"""Who works on projects, and what they ask for most."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.identity.accounts import memberships
from functions.identity.accounts.memberships import Member
from functions.identity.scopes import SCOPES, Role
from functions.projects import api
from shared import clock, ids
from shared.callers import auth
from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.writes import Put
from tests.aws.entries import Answer, call, http_event
from tests.identity.access_tokens.issuer import Issuer
from tests.projects import appsync
from tests.projects.appsync import Reply

BASE = "/api/v1"


@dataclass(frozen=True)
class Person:
    """Somebody of a tenant, whose token is good at any time."""

    user_id: str
    tenant_id: str
    issuer: Issuer
    role: Role = "member"

    @classmethod
    def new(cls, issuer: Issuer, *, tenant_id: str | None = None, role: Role = "member") -> "Person":
        """Return somebody new, who is a member of the tenant."""
        made = cls(ids.new("user"), tenant_id or ids.new("tenant"), issuer, role)
        member = Member(made.tenant_id, made.user_id, role, False, clock.to_rfc3339(clock.now()), 1)
        table.transact([Put(memberships.to_item(member))])
        return made

    def colleague(self, role: Role = "member") -> "Person":
        return Person.new(self.issuer, tenant_id=self.tenant_id, role=role)

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

    def ask(self, field: str, *, key: str | None = None, **arguments: Any) -> Reply:
        """Ask for a field of GraphQL with all that it has."""
        caller = Caller(self.user_id, self.tenant_id, (self.role,), SCOPES[self.role], None, ("pwd",), 0)
        headers = {} if key is None else {"idempotency-key": key}
        return appsync.ask(field, arguments, resolver_context=auth.to_resolver_context(caller), headers=headers)

    def get(self, path: str, query: str = "") -> Answer:
        return self.rest("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None, if_match: str | None = None) -> Answer:
        return self.rest("POST", path, body, headers=_headers(key, if_match))

    def put(self, path: str, body: Any, *, if_match: str | None = None) -> Answer:
        return self.rest("PUT", path, body, headers=_headers(None, if_match))

    def patch(self, path: str, body: Any, *, if_match: str | None = None) -> Answer:
        return self.rest("PATCH", path, body, headers=_headers(None, if_match))

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.rest("DELETE", path, headers=_headers(None, if_match))

    def creates(self, **more: Any) -> str:
        """Create a project and return its path."""
        made = self.post("/projects", {"name": "Engine No. 2", "currency": "EUR", **more})
        assert made.status == 201, made.body
        return f"/projects/{made.body['project_id']}"

    def brings(self, project: str, somebody: "Person", *roles: str) -> "Person":
        """Make somebody a member of a project, and return them."""
        put = self.put(f"{project}/members/{somebody.user_id}", {"roles": roles})
        assert put.status == 200, put.body
        return somebody

    def plans(self, project: str, **more: Any) -> str:
        """Create a milestone and return its path."""
        draft = {"title": "Mill assembled", "kind": "deliverable", **more}
        made = self.post(f"{project}/project-milestones", draft)
        assert made.status == 201, made.body
        return f"/project-milestones/{made.body['project_milestone_id']}"

    def assigns(self, milestone: str, somebody: "Person", role: str = "primary") -> None:
        made = self.post(f"{milestone}/owners", {"user_id": somebody.user_id, "role": role})
        assert made.status == 201, made.body
        if somebody != self:
            accepted = somebody.post(f"{milestone}/owners/accept")
            assert accepted.status == 200, accepted.body

    def begins(self, project: str, owner: "Person", **more: Any) -> str:
        """Plan a milestone, assign it, and have its owner start it; return its path."""
        milestone = self.plans(project, **more)
        self.assigns(milestone, owner)
        assert self.post(f"{milestone}/activate").status == 200
        started = owner.post(f"{milestone}/start")
        assert started.status == 200, started.body
        return milestone

    def status(self, milestone: str) -> str:
        return str(self.get(milestone).body["status"])


def _headers(key: str | None, if_match: str | None) -> dict[str, str]:
    named = {"idempotency-key": key, "if-match": if_match}
    return {name: value for name, value in named.items() if value is not None}
