"""How long an event takes from the request that made it happen to a queue that listens, on a deployed local stage."""

import time
from statistics import median

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import sign_in
from tests.aws.subscriptions import subscribed
from tests.bench.figures import Figure

TURNS = 15
PATIENCE_SECONDS = 30.0
MEDIAN_SECONDS = 1.5


def measure(stack: Addresses) -> list[Figure]:
    """Return the figure of a stage that is there."""
    return judged(_waits(stack))


def judged(seconds: list[float]) -> list[Figure]:
    """Return the figure of waits in seconds, each from before the request."""
    return [Figure("from a request to a consumer of its event: median", median(seconds), "s", MEDIAN_SECONDS)]


def _waits(stack: Addresses) -> list[float]:
    me = sign_in(api_url=stack.api_url, email="ada@milepost.example", password="a bench of events", display_name="Ada")
    goals = f"{stack.api_url}/api/v1/goals"
    goal_id = call("POST", goals, body={"title": "Run a marathon"}, token=me.access_token).json()["goal_id"]
    seconds = []
    with subscribed(stack.endpoint_url, "goals.task.added") as take:
        for number in range(TURNS):
            began = time.monotonic()
            call("POST", f"{goals}/{goal_id}/tasks", body={"title": f"Run {number}"}, token=me.access_token)
            while not take():
                if time.monotonic() > began + PATIENCE_SECONDS:
                    raise TimeoutError(f"no event after {PATIENCE_SECONDS} s")
            seconds.append(time.monotonic() - began)
    return seconds
