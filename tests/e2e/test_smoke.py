"""What `make smoke STAGE=` asks of a deployed stage, from a sign-up to a webhook; what it makes it removes.

The tests of every run ask the same of the emulator. It has not been run against AWS yet.
"""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from infra.stage.client import Answer, call
from infra.stage.sign_in import SignIn, sign_in
from tests.e2e import realtime, smoked
from tests.e2e.endpoints import until
from tests.e2e.smoked import Smoked

LISTEN = "subscription ($goal: ID!) { onGoalProgress(goalId: $goal) { goalId completedTasks } }"
GOAL = "query ($goal: ID!) { goal(goalId: $goal) { goalId title } }"
AT_ONCE = 8
# More than a rate of 20 a second and a burst of 50 let through, also where a request takes a second; often the first
# turns are enough.
TURNS, REQUESTS = 10, 40


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest) -> Smoked:
    """The stage that is looked at."""
    return smoked.stage(lambda: request.getfixturevalue("stack"))


class Somebody:
    """A person with an account. What they make is removed by `clean_up`; the account itself stays."""

    def __init__(self, stage: Smoked) -> None:
        email = f"smoke-{secrets.token_hex(8)}@milepost.example"
        self.signed_in: SignIn = sign_in(
            api_url=stage.api_url, email=email, password=secrets.token_urlsafe(18), display_name="Smoke test"
        )
        self._stage = stage
        self._made: list[str] = []

    def rest(self, method: str, path: str, body: object = None) -> Answer:
        headers = {"idempotency-key": secrets.token_hex(8)} if method == "POST" else {}
        url = f"{self._stage.api_url}/api/v1{path}"
        return call(method, url, body=body, token=self.signed_in.access_token, headers=headers)

    def graphql(self, query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        return call("POST", self._stage.graphql_url, body=body, token=self.signed_in.access_token).json()

    def goal(self) -> str:
        made = self.rest("POST", "/goals", {"title": "Run a marathon"})
        assert made.status == 201, made.text
        goal_id = str(made.json()["goal_id"])
        self._made.append(f"/goals/{goal_id}")
        return goal_id

    def endpoint(self, url: str, *types: str) -> str:
        made = self.rest("POST", "/webhook-endpoints", {"url": url, "event_types": list(types)})
        assert made.status == 201, made.text
        path = f"/webhook-endpoints/{made.json()['endpoint_id']}"
        self._made.append(path)
        return path

    def clean_up(self) -> None:
        left = {path: self.rest("DELETE", path).status for path in self._made}
        ended = self.rest("POST", "/auth/logout-all").status

        assert set(left.values()) <= {204}, left
        assert ended == 204


@pytest.fixture
def somebody(stage: Smoked) -> Iterator[Somebody]:
    """Somebody new, of whom nothing is left but the account."""
    found = Somebody(stage)
    yield found
    found.clean_up()


def test_who_has_signed_up_is_known(somebody: Somebody) -> None:
    assert somebody.rest("GET", "/auth/me").json()["email"] == somebody.signed_in.email


def test_a_client_sees_how_to_authenticate(stage: Smoked) -> None:
    answer = call("GET", f"{stage.api_url}/api/v1/goals")

    assert answer.status == 401
    # API Gateway is known to rename this header of what some of its fronts answer.
    assert [name for name in answer.headers if "authenticate" in name] == ["www-authenticate"]
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_completed_goal_is_sent_to_a_webhook(stage: Smoked, somebody: Somebody) -> None:
    # The one address that is certain to be reachable from the stage is its own; it refuses what is sent there.
    endpoint = somebody.endpoint(f"{stage.api_url}/api/v1/goals", "goals.goal.completed")
    goal_id = somebody.goal()
    completed = somebody.rest("POST", f"/goals/{goal_id}/complete")
    (delivery,) = until(lambda: attempted(somebody, f"{endpoint}/deliveries"))
    shown = somebody.rest("GET", f"{endpoint}/deliveries/{delivery['event_id']}").json()

    assert completed.status == 200
    assert [attempt["status"] for attempt in shown["log"]][-1] == 401


def attempted(somebody: Somebody, path: str) -> list[Any]:
    """Return the deliveries once each was attempted."""
    found = somebody.rest("GET", path).json()["items"]
    return found if found and all(each["attempts"] for each in found) else []


def test_graphql_answers_what_rest_has_made(somebody: Somebody) -> None:
    goal_id = somebody.goal()

    assert somebody.graphql(GOAL, goal=goal_id) == {"data": {"goal": {"goalId": goal_id, "title": "Run a marathon"}}}


def test_who_listens_to_a_goal_is_told_of_a_change(stage: Smoked, somebody: Somebody) -> None:
    if stage.is_emulated:
        pytest.skip("the emulator carries no subscriptions: this was NOT tried")
    goal_id = somebody.goal()
    task = somebody.rest("POST", f"/goals/{goal_id}/tasks", {"title": "Buy shoes"}).json()
    with realtime.subscribed(
        realtime.realtime_url(stage.graphql_url),
        host=realtime.host_of(stage.graphql_url),
        token=somebody.signed_in.access_token,
        query=LISTEN,
        variables={"goal": goal_id},
    ) as subscription:
        somebody.rest("POST", f"/goals/{goal_id}/tasks/{task['task_id']}/complete")
        told = until(lambda: completed_in(subscription.next()))

    assert told == {"goalId": goal_id, "completedTasks": 1}


def completed_in(data: Any) -> Any:
    """Return the progress that the completed task has made; the one before it may be published first."""
    progress = data["onGoalProgress"]
    return progress if progress["completedTasks"] else None


def test_who_asks_too_often_is_told_when_to_come_back(stage: Smoked, somebody: Somebody) -> None:
    headers = {"authorization": f"Bearer {somebody.signed_in.access_token}"}
    url = f"{stage.api_url}/api/v1/auth/me"
    client = httpx.Client(headers=headers, timeout=60, trust_env=not stage.is_emulated)
    answers, refused = list[httpx.Response](), list[httpx.Response]()
    with client, ThreadPoolExecutor(AT_ONCE) as callers:
        for _ in range(TURNS):
            answers += callers.map(lambda _: client.get(url), range(REQUESTS))
            refused = [each for each in answers if each.status_code == 429]
            if refused:
                break

    assert {each.status_code for each in answers} == {200, 429}
    assert {"retry-after", "ratelimit", "ratelimit-policy"} <= refused[0].headers.keys()
