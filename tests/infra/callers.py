"""Somebody who registers, signs in and calls, for tests of what their calls ask of the table."""

from functions.goals import api as goals_api
from functions.goals.resolver import api as goals_routes
from functions.identity import api as identity_api
from tests.aws.entries import Answer, call, http_event

PASSWORD = "a sentence is easy to remember"


def identity(method: str, path: str, body: object = None, *, token: str = "", key: str = "") -> Answer:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    headers |= {"idempotency-key": key} if key else {}
    return call(identity_api.handler, identity_api.api, http_event(method, path, body, headers=headers))


def goals(token: str, method: str, path: str, body: object = None, *, query: str = "") -> Answer:
    headers = {"authorization": f"Bearer {token}", "idempotency-key": path}
    headers = headers if method == "POST" else {"authorization": f"Bearer {token}"}
    event = http_event(method, f"/api/v1{path}", body, headers=headers, query=query)
    return call(goals_api.handler, goals_routes, event)


def signed_in() -> str:
    registration = {"email": "ada@example.com", "password": PASSWORD, "display_name": "Ada Lovelace"}
    identity("POST", "/api/v1/auth/register", registration, key="once")
    identity("POST", "/api/v1/auth/register", registration, key="once")
    for password in ("wrong " + PASSWORD, PASSWORD, PASSWORD):
        answer = identity("POST", "/api/v1/auth/login", {"email": "ada@example.com", "password": password})
    return str(answer.body["access_token"])
