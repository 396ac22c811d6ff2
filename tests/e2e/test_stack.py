"""The stage as it is deployed: what is open, and that everything else is closed."""

import time
from collections.abc import Callable

import pytest

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn

CLOSED = [
    ("GET", "/api/v1/goals"),
    ("POST", "/api/v1/goals"),
    ("GET", "/api/v1/goals/progress"),
    ("POST", "/api/v1/goals/import"),
    ("GET", "/api/v1/goals/goal_01HZZZZZZZZZZZZZZZZZZZZZZZ"),
    ("DELETE", "/api/v1/goals/goal_01HZZZZZZZZZZZZZZZZZZZZZZZ"),
    ("GET", "/api/v1/milestone-achievements"),
    ("GET", "/api/v1/auth/me"),
]


def test_health_is_answered_without_a_credential(stack: Addresses) -> None:
    answer = call("GET", f"{stack.api_url}/api/v1/health")

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"


def test_the_stage_is_ready_when_table_and_key_answer(stack: Addresses) -> None:
    answer = call("GET", f"{stack.api_url}/api/v1/health/ready")
    # On a busy machine the first question may come too early; the answer then says when to ask again.
    for _ in range(10):
        if answer.status != 503:
            break
        time.sleep(int(answer.headers["retry-after"]))
        answer = call("GET", f"{stack.api_url}/api/v1/health/ready")

    assert answer.status == 200


def test_the_docs_page_is_served_with_its_own_assets(stack: Addresses) -> None:
    page = call("GET", f"{stack.api_url}/api/v1/docs")

    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "https://" not in page.text.replace("https://milepost", "")


def test_the_api_document_is_served(stack: Addresses) -> None:
    document = call("GET", f"{stack.api_url}/api/v1/openapi.json")

    assert document.status == 200
    assert document.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_rest_refuses_who_shows_no_credential(stack: Addresses, method: str, path: str) -> None:
    answer = call(method, f"{stack.api_url}{path}", body={} if method == "POST" else None)

    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_rest_refuses_who_shows_a_forged_credential(stack: Addresses, method: str, path: str) -> None:
    answer = call(method, f"{stack.api_url}{path}", body={} if method == "POST" else None, token="a.forged.token")

    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("token", [None, "a.forged.token"])
def test_graphql_refuses_who_shows_no_valid_credential(stack: Addresses, token: str | None) -> None:
    answer = call("POST", stack.graphql_url, body={"query": "{ __typename }"}, token=token)

    assert answer.status == 401
    assert answer.json()["errors"][0]["errorType"] == "UnauthorizedException"


def test_graphql_lets_in_who_is_signed_in(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    newcomer = sign_up()

    answer = call("POST", stack.graphql_url, body={"query": "{ __typename }"}, token=newcomer.access_token)

    assert answer.status == 200
    assert answer.json() == {"data": {"__typename": "Query"}}


def test_rest_knows_who_is_signed_in(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    newcomer = sign_up()

    answer = call("GET", f"{stack.api_url}/api/v1/auth/me", token=newcomer.access_token)

    assert answer.status == 200
    assert answer.json()["email"] == newcomer.email
