"""What a fresh process imports until it has answered its first read: nothing of what would be most of a cold start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from shared.callers import auth
from shared.callers.caller import Caller
from shared.storage import attributes
from tests.aws.entries import appsync_event, http_event
from tests.bench import instant_table
from tests.identity.access_tokens.issuer import Issuer

HEAVY = {
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "cryptography.x509",
    "duckdb",
    "email_validator",
    "pydantic",
    "pydantic_core",
    "tantivy",
    "ulid",
}

ISSUER = Issuer()
SCOPES = (
    "audience:read goals:read identity:admin milestones:read payments:admin projects:read search:read sequences:read "
    "webhooks:read"
)
SEGMENT = "segment_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
PROJECT = "prj_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
MILESTONE = "pms_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
GOAL = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
LEAD = "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
CALLER = Caller("user_1", "tenant_1", ("owner",), frozenset(SCOPES.split()), None, ("pwd",), 0)
# Nothing is revoked, nothing is stored but the key that has signed the token.
STORED = [
    ("SIGNINGKEYS", {"Items": [attributes.dump(ISSUER.record)], "Count": 1, "ScannedCount": 1}),
    (".GetItem", {}),
    (".BatchGetItem", {"Responses": {}, "UnprocessedKeys": {}}),
    (".Query", {"Items": [], "Count": 0, "ScannedCount": 0}),
]
PROCESS = """
import importlib, json, sys
handler = importlib.import_module(sys.argv[1]).handler
answer = handler(json.loads(sys.stdin.read()), None)
print(json.dumps({"answer": answer, "modules": sorted(sys.modules)}))
"""


class Started(NamedTuple):
    """What a fresh process answered, and what of the heavy modules it has imported."""

    answer: Any
    heavy: set[str]


@pytest.fixture(scope="module")
def table() -> Iterator[str]:
    with instant_table.serving([(marker, json.dumps(answer)) for marker, answer in STORED]) as address:
        yield address


def first_answer(table: str, module: str, event: dict[str, Any]) -> Started:
    process = subprocess.run(
        [sys.executable, "-c", PROCESS, module],
        input=json.dumps(event),
        env={**os.environ, "AWS_ENDPOINT_URL": table, "PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(process.stdout.splitlines()[-1])
    return Started(said["answer"], HEAVY & set(said["modules"]))


def bearer() -> str:
    """Return a token that was made just now: one of the whole run would end before a slow run does."""
    return f"Bearer {ISSUER.token(claims=ISSUER.claims(scope=SCOPES))}"


def get(path: str, query: str = "") -> dict[str, Any]:
    return http_event("GET", path, headers={"Authorization": bearer()}, query=query)


def ask(field: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return appsync_event("Query", field, arguments, resolver_context=auth.to_resolver_context(CALLER))


@pytest.mark.parametrize(
    ("module", "path", "query", "status"),
    [
        ("functions.audience.api", "/api/v1/leads", "limit=5", 200),
        ("functions.audience.api", f"/api/v1/leads/{LEAD}/timeline", "limit=5", 404),
        ("functions.goals.api", "/api/v1/goals", "limit=50&status=active&sort=-deadline&category=health", 200),
        ("functions.goals.api", "/api/v1/goals/counts", "", 200),
        ("functions.goals.api", f"/api/v1/goals/{GOAL}/progress", "at=2026-01-31T09:30:00Z&consistent=true", 404),
        ("functions.audience.api", "/api/v1/segments", "limit=5", 200),
        ("functions.audience.api", f"/api/v1/segments/{SEGMENT}/members/{LEAD}", "", 404),
        ("functions.goals.api", f"/api/v1/goals/{GOAL}/tasks", "limit=5", 404),
        ("functions.identity.api", "/api/v1/audit", "limit=5", 200),
        ("functions.identity.api", "/api/v1/keys", "", 200),
        ("functions.milestones.api", "/api/v1/milestones", "project_id=project_1&status=pending", 200),
        ("functions.milestones.api", "/api/v1/projects/project_1/progress", "", 404),
        ("functions.payments.api", "/api/v1/ledger/accounts", "currency=EUR&limit=5", 200),
        ("functions.payments.api", "/api/v1/ledger/trial-balance", "currency=EUR", 200),
        ("functions.payments.api", "/api/v1/reports/inflow", "", 200),
        ("functions.projects.api", "/api/v1/projects", "limit=5", 200),
        ("functions.projects.api", f"/api/v1/projects/{PROJECT}/project-milestones", "status=active&limit=5", 404),
        ("functions.projects.api", f"/api/v1/project-milestones/{MILESTONE}/evidence", "limit=5", 404),
        ("functions.search.api", "/api/v1/collections", "limit=5", 200),
        ("functions.search.api", "/api/v1/collections/books/documents/moby-dick", "", 404),
        ("functions.sequences.api", "/api/v1/sequences/global/script/elements", "limit=5", 200),
        ("functions.sequences.api", "/api/v1/sequences/global/script/elements/1/versions/2", "", 404),
        ("functions.webhooks.api", "/api/v1/webhook-endpoints", "limit=5", 200),
    ],
)
def test_a_read_over_rest_needs_nothing_heavy(table: str, module: str, path: str, query: str, status: int):
    started = first_answer(table, module, get(path, query))

    assert (started.answer["statusCode"], started.heavy) == (status, set())


@pytest.mark.parametrize(
    ("module", "field", "arguments"),
    [
        ("functions.audience.query_api", "leads", {"limit": 5}),
        ("functions.audience.api", "segments", {"limit": 5}),
        ("functions.goals.api", "myGoals", {"status": "active", "limit": 50}),
        ("functions.goals.api", "goalCounts", {}),
        ("functions.goals.api", "goalProgress", {"goalId": GOAL, "at": "2026-01-31T09:30:00Z"}),
        ("functions.milestones.api", "trackedMilestones", {"limit": 5}),
        ("functions.payments.api", "trialBalance", {"currency": "EUR"}),
    ],
)
def test_a_query_field_needs_nothing_heavy(table: str, module: str, field: str, arguments: dict[str, Any]):
    started = first_answer(table, module, ask(field, arguments))

    assert (started.answer.get("error", {"code": "GoalNotFound"})["code"], started.heavy) == ("GoalNotFound", set())


def test_the_authorizer_needs_nothing_heavy(table: str):
    started = first_answer(table, "functions.identity.authorizer", {"authorizationToken": bearer()})

    assert (started.answer["isAuthorized"], started.heavy) == (True, set())


def test_a_value_that_is_refused_is_what_pydantic_is_imported_for(table: str):
    started = first_answer(table, "functions.goals.api", get("/api/v1/goals", "limit=many"))

    assert started.answer["statusCode"] == 422
    assert started.heavy >= {"pydantic", "pydantic_core"}
