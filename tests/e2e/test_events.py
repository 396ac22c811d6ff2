"""Events on the deployed stage: from the change over the stream to the bus, and into a queue that asked for them."""

import time
from collections.abc import Callable

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from shared import clock
from shared.storage.events import Event
from tests.aws.subscriptions import subscribed

PATIENCE_SECONDS = 60


def test_an_event_is_with_its_consumer(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    me = sign_up()
    goals = f"{stack.api_url}/api/v1/goals"
    goal_id = call("POST", goals, body={"title": "Run a marathon"}, token=me.access_token).json()["goal_id"]
    names = [f"Run {number}" for number in range(9)]
    made = [call("POST", f"{goals}/{goal_id}/tasks", body={"title": name}, token=me.access_token) for name in names]
    with subscribed(stack.endpoint_url, "goals.task.completed") as take:
        for task in made:
            give_up, events = time.monotonic() + PATIENCE_SECONDS, list[Event]()
            call("POST", f"{goals}/{goal_id}/tasks/{task.json()['task_id']}/complete", token=me.access_token)
            while not events and time.monotonic() < give_up:
                # On the same stage, tasks of other tests are completed meanwhile.
                events = [each for each in take() if each.subject_id == goal_id]

            assert [event.data["task_id"] for event in events] == [task.json()["task_id"]]
            assert clock.from_rfc3339(events[0].occurred_at) <= clock.now()


def test_a_sign_up_is_in_the_audit_log(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    me = sign_up()
    give_up, found = time.monotonic() + PATIENCE_SECONDS, list[str]()
    while "identity.user.registered" not in found and time.monotonic() < give_up:
        items = call("GET", f"{stack.api_url}/api/v1/audit", token=me.access_token).json()["items"]
        found = [item["event_type"] for item in items]

    assert "identity.user.registered" in found
