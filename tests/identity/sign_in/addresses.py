"""Requests to sign in and to stay signed in, from addresses that a test chooses."""

from collections.abc import Mapping
from typing import Any

from functions.identity import api
from tests.aws.entries import Answer, call, http_event
from tests.identity.people import Person

AUTH = "/api/v1/auth"
OFFICE = "203.0.113.7"
ELSEWHERE = "198.51.100.1"


def addresses(number: int) -> list[str]:
    """Return so many source addresses, neither of the two among them."""
    return [f"198.51.{each // 200}.{each % 200 + 1}" for each in range(number)]


def post(path: str, body: Any, *, source: str = OFFICE, headers: Mapping[str, str] | None = None) -> Answer:
    event = http_event("POST", f"{AUTH}/{path}", body, headers=headers)
    event["requestContext"]["http"]["sourceIp"] = source
    return call(api.handler, api.api, event)


def sign_in(email: str, password: str, *, source: str = OFFICE, headers: Mapping[str, str] | None = None) -> Answer:
    return post("login", {"email": email, "password": password}, source=source, headers=headers)


def sign_in_as(person: Person, *, source: str = OFFICE) -> Answer:
    return sign_in(person.email, person.password, source=source)


def refresh(token: str, *, source: str = OFFICE) -> Answer:
    return post("refresh", {"refresh_token": token}, source=source)


def register(name: str, *, source: str = OFFICE, **more: str) -> Answer:
    body = {"email": f"{name}@example.com", "password": "a sentence is easy to remember", "display_name": name}
    return post("register", {**body, **more}, source=source)
