"""A service that calls goals: with its API key it has goals of its own, and those that are shared with it."""

from typing import Any

import pytest

from shared.callers import auth
from shared.storage import table
from tests.aws.entries import Answer
from tests.goals.people import anonymous
from tests.identity.api_keys.key_holders import Service, service_of
from tests.identity.people import SignedIn, registered

WORKING = ["goals:read", "goals:write"]


@pytest.fixture
def owner(otp: None, pepper: str) -> SignedIn:
    return registered("ada").signs_in()


@pytest.fixture
def service(owner: SignedIn) -> Service:
    return service_of(owner, scopes=WORKING)


def by_key(service: Service, method: str, path: str, body: Any = None) -> Answer:
    return anonymous(method, path, body, headers={"x-api-key": service.key})


def by_token(person: SignedIn, method: str, path: str, body: Any = None) -> Answer:
    return anonymous(method, path, body, headers={"authorization": f"Bearer {person.access_token}"})


def shared_goal(owner: SignedIn, service: Service, role: str) -> str:
    goal_id = by_token(owner, "POST", "/goals", {"title": "Run a marathon"}).body["goal_id"]
    answer = by_token(owner, "PUT", f"/goals/{goal_id}/shares/{service.user_id}", {"role": role})
    assert answer.status == 200, answer.body
    return str(goal_id)


def test_a_service_has_goals_of_its_own(owner: SignedIn, service: Service):
    goal = by_key(service, "POST", "/goals", {"title": "Import every night"}).body
    task = by_key(service, "POST", f"/goals/{goal['goal_id']}/tasks", {"title": "Tonight"}).body
    done = by_key(service, "POST", f"/goals/{goal['goal_id']}/tasks/{task['task_id']}/complete")

    happened = table.query_all(f"USER#{service.user_id}", f"EVENT#{goal['goal_id']}#")
    actors = {(event["actor"]["kind"], event["actor"]["id"]) for event in happened}
    listed = by_key(service, "GET", "/goals").body["items"]
    assert actors == {("service", service.user_id)}
    assert [each["goal_id"] for each in listed] == [goal["goal_id"]]
    assert done.status == 200
    assert by_token(owner, "GET", "/goals").body["items"] == []
    assert by_token(owner, "GET", f"/goals/{goal['goal_id']}").code == "GoalNotFound"


def test_a_goal_of_a_person_is_not_there_for_a_service_until_it_is_shared(owner: SignedIn, service: Service):
    goal_id = by_token(owner, "POST", "/goals", {"title": "Run a marathon"}).body["goal_id"]
    before = by_key(service, "GET", f"/goals/{goal_id}")
    by_token(owner, "PUT", f"/goals/{goal_id}/shares/{service.user_id}", {"role": "viewer"})
    after = by_key(service, "GET", f"/goals/{goal_id}")

    assert (before.code, after.status) == ("GoalNotFound", 200)
    assert [each["goal_id"] for each in by_key(service, "GET", "/goals/shared").body["items"]] == [goal_id]


def test_a_service_does_with_a_shared_goal_what_its_role_there_allows(owner: SignedIn, service: Service):
    looked_at, worked_on = (shared_goal(owner, service, role) for role in ("viewer", "contributor"))
    task = {"title": "Tonight"}

    assert by_key(service, "POST", f"/goals/{looked_at}/tasks", task).code == "NotYours"
    assert by_key(service, "POST", f"/goals/{worked_on}/tasks", task).status == 201
    assert by_key(service, "PATCH", f"/goals/{worked_on}", {"title": "Mine"}).code == "NotYours"


def test_a_key_without_the_scope_changes_nothing(owner: SignedIn):
    reader = service_of(owner, scopes=["goals:read"])
    refused = by_key(reader, "POST", "/goals", {"title": "Import every night"})

    assert (refused.status, refused.code) == (403, "InsufficientScope")
    assert by_key(reader, "GET", "/goals").status == 200


def test_a_revoked_service_is_refused_and_nothing_is_shared_with_it(owner: SignedIn, service: Service):
    goal_id = by_token(owner, "POST", "/goals", {"title": "Run a marathon"}).body["goal_id"]
    owner.delete(service.path)
    auth.forget()
    refused = by_key(service, "GET", "/goals")
    shared = by_token(owner, "PUT", f"/goals/{goal_id}/shares/{service.user_id}", {"role": "viewer"})

    assert (refused.status, refused.code) == (401, "ApiKeyRevoked")
    assert (shared.status, shared.fields) == (422, ["user_id"])


def test_a_service_of_another_tenant_is_nobody_to_share_with(owner: SignedIn, service: Service):
    stranger = registered("eve").signs_in()
    goal_id = by_token(stranger, "POST", "/goals", {"title": "Run a marathon"}).body["goal_id"]
    shared = by_token(stranger, "PUT", f"/goals/{goal_id}/shares/{service.user_id}", {"role": "viewer"})

    assert (shared.status, shared.fields) == (422, ["user_id"])
