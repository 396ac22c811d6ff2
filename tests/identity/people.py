"""People of a tenant, who come in by registering and by invitation, as everybody does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.aws.entries import Answer
from tests.identity.entries import bearer, rest

PASSWORD = "a sentence is easy to remember"


@dataclass(frozen=True)
class Person:
    user_id: str
    tenant_id: str
    email: str
    password: str

    @property
    def path(self) -> str:
        return f"/api/v1/members/{self.user_id}"

    def signs_in(self) -> "SignedIn":
        answer = rest("POST", "/api/v1/auth/login", {"email": self.email, "password": self.password})
        assert answer.status == 200, answer.body
        return SignedIn(self, answer.body["access_token"], answer.body["refresh_token"])

    def invites(self, name: str, role: str) -> "Person":
        invitation = {"email": f"{name}@example.com", "role": role}
        token = self.signs_in().post("/api/v1/invitations", invitation).body["token"]
        return registered(name, invitation_token=token)


@dataclass(frozen=True)
class SignedIn:
    person: Person
    access_token: str
    refresh_token: str

    def calls(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer:
        return rest(method, path, body, headers={**bearer(self.access_token), **(headers or {})}, query=query)

    def get(self, path: str, query: str = "") -> Answer:
        return self.calls("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.calls("POST", path, body, headers={} if key is None else {"idempotency-key": key})

    def patch(self, path: str, body: Any, *, if_match: str | None = None) -> Answer:
        return self.calls("PATCH", path, body, headers={} if if_match is None else {"if-match": if_match})

    def put(self, path: str, body: Any) -> Answer:
        return self.calls("PUT", path, body)

    def delete(self, path: str, *, if_match: str | None = None) -> Answer:
        return self.calls("DELETE", path, headers={} if if_match is None else {"if-match": if_match})

    def enters(self) -> Answer:
        return self.get("/api/v1/auth/me")


def refresh(token: str) -> Answer:
    return rest("POST", "/api/v1/auth/refresh", {"refresh_token": token})


def registered(name: str, **more: str) -> Person:
    registration = {"email": f"{name}@example.com", "password": PASSWORD, "display_name": f"{name.title()} L.", **more}
    answer = rest("POST", "/api/v1/auth/register", registration)
    assert answer.status == 201, answer.body
    return Person(answer.body["user_id"], answer.body["tenant_id"], answer.body["email"], PASSWORD)
