"""The demo user of a stage that runs in this process: requests go straight to the functions."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import time_machine

from functions.audience import api as audience_api
from functions.audience import resolver as audience_resolver
from functions.goals import api, resolver
from functions.identity import api as identity_api
from functions.projects import api as projects_api
from functions.projects import resolver as projects_resolver
from functions.search import api as search_api
from functions.search import resolver as search_resolver
from functions.sequences import api as sequences_api
from functions.sequences import resolver as sequences_resolver
from infra.demo.account import Account
from infra.stage.client import Answer
from tests.aws.entries import call, http_event
from tests.identity.access_tokens.issuer import Issuer
from tests.search.conftest import search_stage

__all__ = ["search_stage"]

GOALS = (api.handler, resolver.api)
AUDIENCE = (audience_api.handler, audience_resolver.api)
IDENTITY = (identity_api.handler, identity_api.api)
PROJECTS = (projects_api.handler, projects_resolver.api)
SEARCH = (search_api.handler, search_resolver.api)
SEQUENCES = (sequences_api.handler, sequences_resolver.api)
CONTEXTS = {
    "audience": AUDIENCE,
    "leads": AUDIENCE,
    "segments": AUDIENCE,
    "evidence": PROJECTS,
    "goals": GOALS,
    "project-milestones": PROJECTS,
    "projects": PROJECTS,
    "verifications": PROJECTS,
    "collections": SEARCH,
    "collection-aliases": SEARCH,
    "documents": SEARCH,
    "sequences": SEQUENCES,
}
"""By the first part of a path behind `/api/v1/`; all others are of identity."""


def send(
    method: str, url: str, *, body: object = None, token: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Take a request to its function as API Gateway does."""
    address = urlsplit(url)
    credential = {} if token is None else {"authorization": f"Bearer {token}"}
    event = http_event(method, address.path, body, headers={**credential, **(headers or {})}, query=address.query)
    answer = call(*CONTEXTS.get(address.path.split("/")[3], IDENTITY), event)
    return Answer(answer.status, answer.headers, json.dumps(answer.body))


@pytest.fixture
def noon() -> Iterator[None]:
    """It is noon of 2026-11-20, and stays so."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def account(aws: None, noon: None) -> Account:
    """Somebody who is signed in and has no goals."""
    issuer = Issuer(user_id="user_01KAFWZZ2C4E6G8J0K3M5N7PQR", tenant_id="tenant_01KAFWZZ2C4E6G8J0K3M5N7PQS").publish()
    scope = "goals:read goals:write identity:read search:admin search:read search:write sequences:read sequences:write"
    token = issuer.token(claims=issuer.claims(scope=scope))
    return Account(api_url="https://api.example", token=token, send=send)
