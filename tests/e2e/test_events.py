"""Events on the deployed stage: from the change over the stream to the bus, and into a queue that asked for them."""

from collections.abc import Callable

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from shared import clock
from tests.aws.subscriptions import subscribed
from tests.e2e.endpoints import until


def test_an_event_is_with_its_consumer(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    me = sign_up()
    goals = f"{stack.api_url}/api/v1/goals"
    goal_id = call("POST", goals, body={"title": "Run a marathon"}, token=me.access_token).json()["goal_id"]
    names = [f"Run {number}" for number in range(9)]
    made = [call("POST", f"{goals}/{goal_id}/tasks", body={"title": name}, token=me.access_token) for name in names]
    with subscribed(stack.endpoint_url, "goals.task.completed") as take:
        for task in made:
            call("POST", f"{goals}/{goal_id}/tasks/{task.json()['task_id']}/complete", token=me.access_token)
            # On the same stage, tasks of other tests are completed meanwhile.
            events = until(lambda: [each for each in take() if each.subject_id == goal_id])

            assert [event.data["task_id"] for event in events] == [task.json()["task_id"]]
            assert clock.from_rfc3339(events[0].occurred_at) <= clock.now()


def test_a_sign_up_is_in_the_audit_log(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    me = sign_up()

    def audited() -> list[str]:
        items = call("GET", f"{stack.api_url}/api/v1/audit", token=me.access_token).json()["items"]
        return [item["event_type"] for item in items]

    assert until(lambda: "identity.user.registered" in audited())
