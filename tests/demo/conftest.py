"""The demo user of a stage that runs in this process: requests go straight to the functions."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import boto3
import pytest
import time_machine

from functions.audience import api as audience_api
from functions.audience import resolver as audience_resolver
from functions.goals import api, resolver
from functions.identity import api as identity_api
from functions.jobs import api as jobs_api
from functions.payments import api as payments_api
from functions.payments import resolver as payments_resolver
from functions.projects import api as projects_api
from functions.projects import resolver as projects_resolver
from functions.search import api as search_api
from functions.search import resolver as search_resolver
from functions.sequences import api as sequences_api
from functions.sequences import resolver as sequences_resolver
from infra.demo import account as accounts
from infra.demo import team
from infra.demo.account import Account
from infra.demo.projects import Crew
from infra.stage.client import Answer
from shared import config
from shared.storage import files
from tests.aws.buckets import keep_versions, make_files_bucket
from tests.aws.entries import call, http_event
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.people import registered
from tests.search.conftest import search_stage

__all__ = ["search_stage"]

API = "https://api.example"
PASSWORD = "a sentence is easy to keep"
GOALS = (api.handler, resolver.api)
AUDIENCE = (audience_api.handler, audience_resolver.api)
IDENTITY = (identity_api.handler, identity_api.api)
JOBS = (jobs_api.handler, jobs_api.api)
PAYMENTS = (payments_api.handler, payments_resolver.api)
PROJECTS = (projects_api.handler, projects_resolver.api)
SEARCH = (search_api.handler, search_resolver.api)
SEQUENCES = (sequences_api.handler, sequences_resolver.api)
CONTEXTS = {
    "audience": AUDIENCE,
    "leads": AUDIENCE,
    "segments": AUDIENCE,
    "evidence": PROJECTS,
    "financing-requests": PAYMENTS,
    "goals": GOALS,
    "invoices": PAYMENTS,
    "jobs": JOBS,
    "payment-payee": PAYMENTS,
    "payment-settings": PAYMENTS,
    "payments": PAYMENTS,
    "plan-templates": PROJECTS,
    "project-milestones": PROJECTS,
    "projects": PROJECTS,
    "verifications": PROJECTS,
    "collections": SEARCH,
    "collection-aliases": SEARCH,
    "documents": SEARCH,
    "sequences": SEQUENCES,
}
"""By the first part of a path behind `/api/v1/`; all others are of identity."""
OF_PAYMENTS = re.compile(r"/api/v1/(?:project-milestones/[^/]+/(?:invoices|payment-terms)|projects/[^/]+/deposits)")
"""What payments has below the paths of projects."""


def send(
    method: str, url: str, *, body: object = None, token: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Take a request to its function as API Gateway does."""
    address = urlsplit(url)
    credential = {} if token is None else {"authorization": f"Bearer {token}"}
    event = http_event(method, address.path, body, headers={**credential, **(headers or {})}, query=address.query)
    context = PAYMENTS if OF_PAYMENTS.fullmatch(address.path) else CONTEXTS.get(address.path.split("/")[3], IDENTITY)
    answer = call(*context, event)
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


def put_file(url: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
    """Put a file where it is to be sent; S3 would hold it against what was signed."""
    path = unquote(urlsplit(url).path)
    checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert headers["x-amz-checksum-sha256"] == checksum
    place = {"Bucket": config.files_bucket(), "Key": path[path.index("evidence/") :]}
    boto3.client("s3").put_object(**place, Body=body, ChecksumSHA256=checksum)
    return Answer(200, {}, "")


@pytest.fixture
def crew(pepper: str, noon: None, monkeypatch: pytest.MonkeyPatch) -> Crew:
    """The owner of a tenant, another admin, a member and a client."""
    bucket = make_files_bucket()
    keep_versions(bucket)
    monkeypatch.setenv("FILES_BUCKET", bucket)
    files.client.cache_clear()
    owner = Account(api_url=API, token=registered("ada").signs_in().access_token, send=send, put_file=put_file)
    found = team.gather(owner, password=PASSWORD, known_key=None)
    admin, builder, client = (
        accounts.signed_in(owner, email=each.email, password=PASSWORD)
        for each in (found.admin, found.member, found.client)
    )
    people = {"builder_id": found.member.user_id, "client_id": found.client.user_id}
    return Crew(manager=owner, admin=admin, builder=builder, client=client, **people)
