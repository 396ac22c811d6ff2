"""Nobody believes in a filter that there is not: query parameters that an operation does not know are refused by name.

Programs that show a message add what they like to its links, and a reader gets where they lead all the same.

The portal serves pages and files, which have no parameters and look at none: a link to a page may carry what it likes.
"""

import pytest

from tests.platform.held import stored, unchanged
from tests.platform.operations import DOCUMENT, OPERATIONS, Operation
from tests.platform.tenants import Actor

CALLBACK = "/api/v1/auth/google/callback"
OF_MESSAGES = {f"/api/v1/{each}" for each in ("clicks", "opens", "opt-in", "unsubscribe")}
TAKEN_AS_THEY_COME = {CALLBACK, *OF_MESSAGES}
STRICT = [each for each in OPERATIONS if each.context != "portal" and each.path not in TAKEN_AS_THEY_COME]


def known(operation: Operation) -> list[str]:
    """Return the query parameters that the API reference gives an operation."""
    declared = DOCUMENT["paths"][operation.path][operation.method.lower()]
    return [each["name"] for each in declared.get("parameters", []) if each["in"] == "query"]


@pytest.mark.parametrize("operation", STRICT, ids=str)
def test_an_unknown_query_parameter_is_refused_by_name_and_nothing_is_done(operation: Operation, owner: Actor):
    before = stored()

    reply = owner.calls(operation, operation.example, query="nobody_knows_this=1&Limit=2")

    refused = [error for error in reply.body["errors"] if error["field"] in {"nobody_knows_this", "Limit"}]
    assert (reply.status, reply.body["code"]) == (422, "InvalidInput")
    assert [error["field"] for error in refused] == ["nobody_knows_this", "Limit"]
    takes = f"takes {', '.join(known(operation)) or 'none'}"
    assert all(error["reason"].endswith(takes) for error in refused)
    assert unchanged(before, stored())


@pytest.mark.parametrize("operation", STRICT, ids=str)
def test_the_reference_says_so(operation: Operation):
    assert "InvalidInput" in str(DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]["422"])


def test_what_is_wrong_besides_is_named_with_it(owner: Actor):
    goals = next(each for each in OPERATIONS if str(each) == "GET /api/v1/goals")

    reply = owner.calls(goals, query="q=marathon&limit=0")

    assert reply.fields == ["q", "limit"]


@pytest.mark.parametrize("query", ["category=a&category=b", "limit=1&limit=1", "category=a&c%61tegory=b"])
def test_a_parameter_that_comes_twice_is_refused(owner: Actor, query: str):
    goals = next(each for each in OPERATIONS if str(each) == "GET /api/v1/goals")

    reply = owner.calls(goals, query=query)

    assert (reply.status, reply.fields) == (422, [query.partition("=")[0]])


def test_a_provider_may_send_back_more_than_we_know(owner: Actor):
    """RFC 6749, section 4.1.2: "The client MUST ignore unrecognized response parameters"; Google sends some."""
    back = next(each for each in OPERATIONS if each.path == CALLBACK)

    reply = owner.calls(back, query="state=unknown&code=1&scope=openid&authuser=0&prompt=consent&hd=example.com")

    # What was sent is taken; this stage has nobody to sign in with.
    assert reply.body["code"] == "GoogleSignInNotConfigured"
