"""The requests that are counted: each five times, so that what they leave behind comes in batches of five."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import time_machine

from functions.webhooks import delivery_consumers
from shared import config, ids
from tests.aws.entries import Answer, Context
from tests.costs.background import Deployed, behind, consumed, messages_of, stored
from tests.costs.prices import ASSUMED, BATCH, call_ms
from tests.costs.usage import Usage, of_function, shared_out
from tests.goals.listening.publishing import GraphqlApi
from tests.goals.people import Person, anonymous
from tests.identity import people
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.api_keys.key_holders import service_of
from tests.webhooks.people import Person as Listener
from tests.webhooks.people import record

GOALS, IDENTITY = "functions.goals.api.handler", "functions.identity.api.handler"
PROGRESS = "functions.goals.listening.consumers.handler"
EVENTS, SENDER = "functions.webhooks.consumers.handler", "functions.webhooks.delivery_consumers.handler"
USUAL = {
    "title": "Run the marathon of Berlin in less than four hours",
    "description": "Train four times a week, and never two days in a row with more than 20 km. Sleep eight hours.",
    "deadline": "2027-09-26",
    "time_zone": "Europe/Berlin",
}
PAUSE = timedelta(seconds=0.2)
"""Between two requests of a caller, who keeps to their rate, and whose credential is not looked at again meanwhile."""
NOWHERE = "http://127.0.0.1:9/"


@dataclass(frozen=True)
class Counted:
    """What one request uses until it is answered, and behind that."""

    answered: Usage
    behind: Usage


@dataclass(frozen=True)
class Caller:
    """Somebody who sends goals the same credential with every request, as clients do."""

    headers: Mapping[str, str]
    time: time_machine.Traveller

    def sends(self, method: str, path: str, body: Any = None) -> Answer:
        self.time.shift(PAUSE)
        keyed = {"idempotency-key": ids.new("key")} if method == "POST" else {}
        answer = anonymous(method, path, body, headers={**self.headers, **keyed})
        assert answer.status in {200, 201}, answer.body
        return answer

    def sets_goal(self) -> str:
        return str(self.sends("POST", "/goals", USUAL).body["goal_id"])

    def completion(self, goal_id: str) -> Callable[[], Answer]:
        """Return the request that completes one of five tasks of a goal."""
        path = f"/goals/{goal_id}/tasks"
        task, *_ = [self.sends("POST", path, {"title": f"Run {number} km"}).body for number in range(10, 15)]
        return lambda: self.sends("POST", f"{path}/{task['task_id']}/complete")


def count(deployed: Deployed, api: GraphqlApi, endpoint_url: str, time: time_machine.Traveller) -> dict[str, Counted]:
    """Return what each of the requests uses."""
    user_id, tenant_id = ids.new("user"), ids.new("tenant")
    issuer = Issuer(user_id=user_id, tenant_id=tenant_id).publish()
    claims = issuer.claims(scope="goals:read goals:write")
    ada = Caller({"authorization": f"Bearer {issuer.token(claims=claims)}"}, time)
    session = people.registered("grace").signs_in()
    service = service_of(session, scopes=["goals:read", "goals:write"])
    listener = Listener(user_id, tenant_id, issuer)
    return {
        "reading progress": _reading(deployed, ada),
        "the same with an API key": _reading(deployed, Caller({"x-api-key": service.key}, time)),
        "completing a task": used_by(deployed, GOALS, [ada.completion(ada.sets_goal()) for _ in range(BATCH)]),
        "… somebody listens to its goal": _heard(deployed, ada, user_id, issuer, api),
        "creating a goal": used_by(deployed, GOALS, [ada.sets_goal] * BATCH),
        "refreshing a session": _refreshing(deployed, session, time),
        "delivering a webhook, 0.2 s": _delivering(deployed, listener, endpoint_url, ASSUMED["endpoint_ms"]),
        "an attempt at an endpoint that hangs, 15 s": _hanging(deployed, listener),
    }


def _reading(deployed: Deployed, caller: Caller) -> Counted:
    path = f"/goals/{caller.sets_goal()}/progress"
    caller.sends("GET", path)
    return used_by(deployed, GOALS, [lambda: caller.sends("GET", path)] * BATCH)


def used_by(deployed: Deployed, handler: str, requests: list[Callable[[], Any]]) -> Counted:
    """Return what a request uses, one as another, and what follows from the events of all of them."""
    earlier = stored()
    # What was made for the requests has been told to all consumers before they come.
    behind(deployed, [item for item in earlier if item["event_type"].startswith("goals.")])
    known = {item["event_id"] for item in earlier}
    answered: Usage = Counter()
    for request in requests:
        answered += of_function(deployed.memory[handler], request)
    answered["requests"] += len(requests)
    happened = [item for item in stored() if item["event_id"] not in known]
    return Counted(shared_out(answered, len(requests)), shared_out(behind(deployed, happened), len(requests)))


def _heard(deployed: Deployed, ada: Caller, user_id: str, issuer: Issuer, api: GraphqlApi) -> Counted:
    """Return what completing a task uses when one subscriber listens to its goal."""
    goal_ids = [ada.sets_goal() for _ in range(BATCH)]
    completions = [ada.completion(goal_id) for goal_id in goal_ids]
    somebody = Person(user_id, issuer.tenant_id, issuer)
    for goal_id in goal_ids:
        assert somebody.ask("onGoalProgress", {"goalId": goal_id}).error_type is None
    counted = used_by(deployed, GOALS, completions)
    published = sum(b"publishGoalProgress" in body for body in api.bodies[-BATCH:]) / BATCH
    waiting = published * call_ms("appsync") / 1000 * deployed.memory[PROGRESS] / 1024
    counted.behind.update({"mutations": published, "pushed messages": published, "GB s": waiting})
    return counted


def _refreshing(deployed: Deployed, session: people.SignedIn, time: time_machine.Traveller) -> Counted:
    tokens = [people.refresh(session.refresh_token).body["refresh_token"]]

    def refresh() -> None:
        time.shift(PAUSE)
        answer = people.refresh(tokens[-1])
        assert answer.status == 200
        tokens.append(answer.body["refresh_token"])

    return used_by(deployed, IDENTITY, [refresh] * BATCH)


def _delivering(deployed: Deployed, listener: Listener, url: str, waiting_ms: float) -> Counted:
    """Return what a delivery adds to an event that is consumed anyway, and the call of the sender."""
    without = consumed(deployed, EVENTS, [listener.completes_goal() for _ in range(BATCH)])
    endpoint = listener.listens(url)
    usage = consumed(deployed, EVENTS, [listener.completes_goal() for _ in range(BATCH)])
    usage.subtract(without)
    for message in messages_of([config.deliveries_queue_url()]):
        usage.update(_sent(deployed, message, waiting_ms))
    listener.delete(f"/{endpoint['endpoint_id']}")
    return Counted(Counter(), shared_out(usage, BATCH))


def _hanging(deployed: Deployed, listener: Listener) -> Counted:
    """Return what the first attempt uses at an endpoint that answers nothing; the test does not wait for that."""
    listener.listens(NOWHERE)
    consumed(deployed, EVENTS, [listener.completes_goal()])
    (message,) = messages_of([config.deliveries_queue_url()])
    return Counted(Counter(), _sent(deployed, message, ASSUMED["hanging_endpoint_ms"]))


def _sent(deployed: Deployed, message: str, waiting_ms: float) -> Usage:
    def call() -> None:
        answer = delivery_consumers.handler({"Records": [record(message)]}, Context())
        assert answer == {"batchItemFailures": []}

    usage = of_function(deployed.memory[SENDER], call, waiting_ms=waiting_ms)
    usage["queue requests"] += 2  # received and deleted
    return usage
