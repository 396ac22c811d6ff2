"""What the functions really call, held against what their roles allow: an emulator that asks nobody hides the gap."""

import json
from collections.abc import Iterator

import pytest

from functions.goals import api as goals_api
from functions.goals.removal import consumers as removal_consumers
from functions.goals.removal import stream_consumers
from functions.goals.resolver import api as goals_routes
from functions.identity import api as identity_api
from functions.identity import authorizer
from functions.identity.audit import consumers as audit_consumers
from functions.portal import api as portal_api
from shared import clock
from shared.callers import auth
from shared.storage import events, table
from tests.aws.entries import Answer, Context, call, http_event
from tests.aws.messages import batch, delivered
from tests.aws.scheduler import make_surroundings
from tests.goals.schedules.consuming import consume
from tests.infra.permissions import INDEX_READERS, TABLE_ACTIONS

# Reading a stream is what the event source mapping does in the name of the consumer.
BY_THE_MAPPING = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
# A transaction is allowed by the actions in it, a batch is an action of its own:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
INDEX = "the index"
INVITED = {
    "email": "bob@example.com",
    "password": "a sentence is easy to remember",
    "display_name": "Bob",
    "invitation_token": "nobody-has-been-invited-with-this-one-at-all",
}
OVERDUE = {"start_at": "2026-01-01T00:00:00Z", "deadline": "2026-01-30"}
PASSWORD = "a sentence is easy to remember"


@pytest.fixture
def used(aws: None) -> Iterator[set[str]]:
    """The IAM actions that the calls of the test would have asked for."""
    actions: set[str] = set()

    def note(params: dict[str, object], model: object, **_: object) -> None:
        operation = model.name  # type: ignore[attr-defined]
        writes = params.get("TransactItems", [])
        actions.update(TRANSACTED[kind] for write in writes for kind in write)  # type: ignore[attr-defined]
        actions.update(set() if writes else {operation})
        actions.update({INDEX} if "IndexName" in params else set())

    hooks = table.client().meta.events
    hooks.register("provide-client-params.dynamodb.*", note)
    yield actions
    hooks.unregister("provide-client-params.dynamodb.*", note)


def allowed(handler: str) -> set[str]:
    return TABLE_ACTIONS[handler] | ({INDEX} if handler in INDEX_READERS else set())


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


def test_identity_calls_what_its_role_allows_and_no_more(used: set[str]) -> None:
    token = signed_in()
    identity("GET", "/api/v1/auth/me", token=token)
    identity("GET", "/.well-known/jwks.json")
    identity("POST", "/api/v1/auth/register", INVITED)
    identity("POST", "/api/v1/auth/logout-all", token=token)

    assert used == allowed("functions.identity.api.handler")


def test_goals_call_what_their_role_allows_and_no_more(used: set[str]) -> None:
    token = signed_in()
    used.clear()
    auth.forget()
    goal_id = goals(token, "POST", "/goals", {"title": "Run a marathon"}).body["goal_id"]
    task_id = goals(token, "POST", f"/goals/{goal_id}/tasks", {"title": "Run"}).body["task_id"]
    goals(token, "POST", f"/goals/{goal_id}/tasks/{task_id}/complete")
    goals(token, "GET", "/goals")
    goals(token, "GET", "/goals", query="status=active")
    goals(token, "PUT", f"/goals/{goal_id}/shares/user_01KAFWZZ2C4E6G8J0K3M5N7PQR", {"role": "viewer"})
    goals(token, "POST", "/goals/import", {"title": "Brought along", "start_at": "2026-01-01T00:00:00Z", "history": []})
    goals(token, "DELETE", f"/goals/{goal_id}")

    # A share's check of the membership is a ConditionCheckItem, which nobody to share with never reaches.
    assert used | {"ConditionCheckItem"} == allowed("functions.goals.api.handler")


@pytest.mark.usefixtures("usual_limits")
def test_the_portal_calls_what_its_role_allows_and_no_more(used: set[str]) -> None:
    for _ in range(10):
        portal_api.handler(http_event("GET", "/api/v1/health"), Context())
    portal_api.handler(http_event("GET", "/api/v1/health/ready"), Context())

    assert used == allowed("functions.portal.api.handler")


def test_the_consumer_of_the_stream_calls_what_its_role_allows_and_no_more(used: set[str], removals_queue: str) -> None:
    answer = stream_consumers.handler({"Records": [ended_import()]}, Context())

    assert answer == {"batchItemFailures": []}
    assert used | BY_THE_MAPPING == allowed("functions.goals.removal.stream_consumers.handler")


def test_removals_call_what_their_role_allows_and_no_more(used: set[str]) -> None:
    message = {"owner_id": "user_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "goal_id": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}
    answer = removal_consumers.handler(batch([json.dumps(message)]), Context())

    assert answer == {"batchItemFailures": []}
    assert used == allowed("functions.goals.removal.consumers.handler")


def test_the_audit_consumer_calls_what_its_role_allows_and_no_more(used: set[str]) -> None:
    told = events.occurred(
        "identity.user.signed_out",
        partition="USER#user_1",
        subject_id="user_1",
        tenant_id="tenant_01KAEY3VJ0N7B4C1D8E5F2G9H6",
        at=clock.now(),
        data={"user_id": "user_1"},
    )
    audit_consumers.handler(delivered([events.stored(told.item)]), Context())

    assert used == allowed("functions.identity.audit.consumers.handler")


def test_the_looks_at_goals_call_what_their_role_allows_and_no_more(
    used: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_surroundings(monkeypatch)
    goal = goals(signed_in(), "POST", "/goals", {"title": "Run a marathon", **OVERDUE}).body
    message = {"owner_id": goal["owner_id"], "goal_id": goal["goal_id"]}
    returned = {"returned_id": goal["owner_id"], "cursor": None}
    used.clear()
    answers = [consume(json.dumps(each)) for each in (message, returned)]

    assert answers == [{"batchItemFailures": []}] * 2
    assert used == allowed("functions.goals.schedules.consumers.handler")


def test_the_authorizer_calls_what_its_role_allows_and_no_more(used: set[str], pepper: str) -> None:
    token = signed_in()
    service = {"service_name": "nightly-report", "scopes": ["goals:read"]}
    api_key = identity("POST", "/api/v1/keys", service, token=token).body["key"]
    used.clear()
    auth.forget()
    for credential in (token, api_key):
        authorizer.handler({"authorizationToken": credential, "requestContext": {}}, Context())

    assert used == allowed("functions.identity.authorizer.handler")


def ended_import() -> dict[str, object]:
    keys = {"PK": {"S": "USER#user_1"}, "SK": {"S": "IMPORT#goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}}
    return {
        "eventID": "1",
        "eventName": "REMOVE",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "OldImage": keys, "SequenceNumber": "1", "StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
