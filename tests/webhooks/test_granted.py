"""What the functions of webhooks really call, held against what their roles allow."""

from collections.abc import Iterator

import pytest
from time_machine import Traveller

from functions.webhooks import delivery_consumers
from tests.aws import hooks
from tests.aws.entries import Context
from tests.infra.permissions import INDEX, INDEX_READERS, TABLE_ACTIONS, TRANSACTED
from tests.webhooks.people import Backbone, Person, record, stored_events, told
from tests.webhooks.receiver import Receiver


@pytest.fixture
def used(_stage: None) -> Iterator[set[str]]:
    """The IAM actions that the calls of the test would have asked for, besides the test's own."""
    actions: set[str] = set()

    def note(params: dict[str, object], model: object, **_: object) -> None:
        writes = params.get("TransactItems", [])
        actions.update(TRANSACTED[kind] for write in writes for kind in write)  # type: ignore[attr-defined]
        actions.update(set() if writes else {model.name})  # type: ignore[attr-defined]
        actions.update({INDEX} if "IndexName" in params else set())

    hooks.register("provide-client-params.dynamodb.*", note)
    yield actions
    hooks.unregister("provide-client-params.dynamodb.*", note)


def allowed(handler: str) -> set[str]:
    return TABLE_ACTIONS[handler] | ({INDEX} if handler in INDEX_READERS else set())


def test_the_door_calls_what_its_role_allows_and_no_more(used: set[str], ada: Person):
    used.clear()
    endpoint_id = ada.post("", {"url": "https://hooks.example.com/"}, key="once").body["endpoint_id"]
    ada.post("", {"url": "https://hooks.example.com/"}, key="once")
    event_id = ada.post(f"/{endpoint_id}/test").body["event_id"]
    for path in ("", f"/{endpoint_id}", f"/{endpoint_id}/deliveries", f"/{endpoint_id}/deliveries/{event_id}"):
        ada.get(path)
    ada.get(f"/{endpoint_id}/deliveries", "status=failed")
    ada.delete(f"/{endpoint_id}")

    # How often somebody calls is counted now and then, by an UpdateItem.
    assert used | {"UpdateItem"} == allowed("functions.webhooks.api.handler")


def test_the_consumers_call_what_their_role_allows_and_no_more(used: set[str], ada: Person, backbone: Backbone):
    endpoint = ada.listens("https://hooks.example.com/")
    event = ada.completes_goal()
    span = {"since": "2020-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z", "status": "any"}
    ada.post(f"/{endpoint['endpoint_id']}/replay", span)
    happened = stored_events()
    used.clear()
    told(event, *happened)
    backbone.sweeps()

    assert used == allowed("functions.webhooks.consumers.handler")


def test_the_sender_calls_what_its_role_allows_and_no_more(
    used: set[str], ada: Person, receiver: Receiver, noon: Traveller
):
    # So many that the second need not wait for its slot.
    endpoint = ada.listens(receiver.url, max_per_minute=10_000)
    receiver.answers_next(500)
    first, second = ada.completes_goal(), ada.completes_goal()
    told(first, second)
    names = [{"tenant_id": ada.tenant_id, "endpoint_id": endpoint["endpoint_id"]} for _ in range(2)]
    used.clear()
    for name, event in zip(names, (first, second), strict=True):
        noon.shift(1)
        body = str(name | {"event_id": event.event_id}).replace("'", '"')
        delivery_consumers.handler({"Records": [record(body)]}, Context())

    assert used == allowed("functions.webhooks.delivery_consumers.handler")
