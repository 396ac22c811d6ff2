"""Pages of other origins on the deployed stage: the ones that are named may call, the others may not."""

import pytest

from infra import origins
from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses

ASKED = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


def preflight(stack: Addresses, origin: str) -> Answer:
    return call("OPTIONS", f"{stack.api_url}/api/v1/goals", headers={"origin": origin, **ASKED})


@pytest.mark.parametrize("origin", origins.LOCAL)
def test_a_page_of_a_named_origin_may_call(stack: Addresses, origin: str) -> None:
    answer = preflight(stack, origin)

    assert answer.status in {200, 204}
    assert answer.headers["access-control-allow-origin"] == origin
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers


def test_a_page_may_read_a_refusal_and_its_limits(stack: Addresses) -> None:
    answer = call("GET", f"{stack.api_url}/api/v1/goals", headers={"origin": origins.LOCAL[0]})
    exposed = answer.headers["access-control-expose-headers"].lower().split(",")

    assert answer.status == 401
    assert answer.headers["access-control-allow-origin"] == origins.LOCAL[0]
    assert {"www-authenticate", "ratelimit", "retry-after", "etag", "x-request-id"} <= set(exposed)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost", "http://localhost:3000.evil.example", "https://localhost:3000"],
)
def test_a_page_of_any_other_origin_may_not(stack: Addresses, origin: str) -> None:
    refused = preflight(stack, origin)
    read = call("GET", f"{stack.api_url}/api/v1/health", headers={"origin": origin})

    assert "access-control-allow-origin" not in refused.headers
    assert "access-control-allow-origin" not in read.headers
