"""Sweeps end before their time does and go on where they stopped, and no tenant and no shard waits for another."""

import json
from collections import Counter
from typing import Any

import boto3
import pytest
import time_machine

from functions.webhooks import consumers, deliveries, endpoints, sending
from functions.webhooks.deliveries import Delivery
from shared import clock, config, ids
from shared.clock import SECOND
from shared.errors import Unavailable
from shared.storage import table
from shared.storage.events import Event
from tests.aws import hooks, troubles
from tests.aws.entries import Context
from tests.aws.quick.table import put
from tests.aws.timed import timed
from tests.webhooks.people import Backbone, Person, told, waiting
from tests.webhooks.receiver import Receiver

DUE = 3600


def waits(person: Person, endpoint: dict[str, Any], count: int) -> list[Delivery]:
    """Write deliveries that wait and whose messages were lost."""
    now, found = clock.now(), endpoints.state(person.tenant_id, endpoint["endpoint_id"]).endpoint
    assert found is not None
    made = []
    for number in range(count):
        at = now + number
        event_id, said = ids.new("evt", at=at), clock.to_rfc3339(at)
        event = Event(event_id, "goals.goal.completed", 1, said, person.tenant_id, "goal_1", {})
        made.append(deliveries.new(found, event, at=now, look_at=now + DUE * SECOND))
        table.transact([deliveries.made(made[-1])])
    return made


def shard_of(delivery: Delivery) -> int:
    return int(deliveries.to_item(delivery)["GSI1PK"].rpartition("#")[2])


def sweep(shard: int, context: Any = None) -> int:
    return int(consumers.handler({"action": "sweep", "shard": shard}, context or Context())["sent_on"])


def messages(url: str) -> list[dict[str, Any]]:
    """Return the messages of a queue that are visible by now, and leave it empty."""
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["MessageGroupId"]}
    while received := boto3.client("sqs").receive_message(QueueUrl=url, **asked).get("Messages"):
        for message in received:
            boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        found += [dict(message) for message in received]
    return found


def sent(url: str) -> list[str]:
    return [json.loads(message["Body"])["event_id"] for message in messages(url)]


def test_a_sweep_ends_before_its_time_does_and_the_next_goes_on(ada: Person, noon: time_machine.Traveller):
    """Each delivery takes four seconds here, so that a run of a minute does not get through."""
    made = waits(ada, ada.listens("https://hooks.example"), 130)
    noon.shift(DUE)
    shards = {shard: [each for each in made if shard_of(each) == shard] for shard in range(deliveries.SHARDS)}
    rounds = []
    for _ in range(3):
        counts = []
        for shard in shards:
            with timed("dynamodb.TransactWriteItems", 4.0) as context:
                counts.append(sweep(shard, context))
        rounds.append(counts)

    assert [sum(run[shard] for run in rounds) for shard in shards] == [len(each) for each in shards.values()]
    assert rounds[0] == [min(len(each), 10) for each in shards.values()]
    assert rounds[1] == [max(0, min(len(each) - 10, 10)) for each in shards.values()]
    assert Counter(sent(config.retries_queue_url())) == Counter(each.event_id for each in made)


def test_a_sweep_sends_the_longest_due_first(ada: Person, noon: time_machine.Traveller):
    endpoint = ada.listens("https://hooks.example")
    older = waits(ada, endpoint, 20)
    noon.shift(60)
    waits(ada, endpoint, 80)
    noon.shift(DUE)
    shards = {shard_of(each) for each in older}
    for shard in shards:
        with timed("dynamodb.TransactWriteItems", 4.0) as context:
            sweep(shard, context)

    assert {each.event_id for each in older} <= {*sent(config.retries_queue_url())}


def test_every_shard_is_swept_by_runs_of_its_own(ada: Person, noon: time_machine.Traveller):
    made = waits(ada, ada.listens("https://hooks.example"), 100)
    noon.shift(DUE)
    last = deliveries.SHARDS - 1

    assert sweep(last) == len([each for each in made if shard_of(each) == last]) > 0
    assert set(sent(config.retries_queue_url())) == {each.event_id for each in made if shard_of(each) == last}


def test_ten_deliveries_are_sent_on_by_one_call(ada: Person, noon: time_machine.Traveller):
    made = waits(ada, ada.listens("https://hooks.example"), 200)
    noon.shift(DUE)
    mine = [each for each in made if shard_of(each) == 0]
    with troubles.counting() as calls:
        sweep(0)

    assert calls.count("sqs:SendMessageBatch") == -(-len(mine) // 10)
    assert "sqs:SendMessage" not in calls


def test_an_event_is_told_to_all_endpoints_of_a_kind_by_one_call(ada: Person):
    for number in range(10):
        ada.listens(f"https://hooks.example/{number}")
    with troubles.counting() as calls:
        told(ada.completes_goal())

    assert calls.count("sqs:SendMessageBatch") == 1
    assert waiting(config.deliveries_queue_url()) == 10


@pytest.mark.parametrize("refused", [0, 4, 9])
def test_an_event_whose_messages_were_refused_in_part_comes_again(ada: Person, refused: int):
    made = [ada.listens(f"https://hooks.example/{number}")["endpoint_id"] for number in range(10)]
    event = ada.completes_goal()

    def refuse(parsed: dict[str, Any], **_: object) -> None:
        parsed["Failed"] = [{"Id": str(refused), "Code": "InternalError", "SenderFault": False}]

    with hooks.registered("after-call.sqs.SendMessageBatch", refuse):
        first = told(event)
    second = told(event)
    bodies = [json.loads(message["Body"]) for message in messages(config.deliveries_queue_url())]

    assert (len(first["batchItemFailures"]), second["batchItemFailures"]) == (1, [])
    assert {body["endpoint_id"] for body in bodies} == {*made}
    assert [len(ada.deliveries({"endpoint_id": each})) for each in made] == [1] * 10


def test_a_sweep_whose_messages_are_refused_says_so_and_the_next_one_sends_them(
    ada: Person, noon: time_machine.Traveller
):
    made = waits(ada, ada.listens("https://hooks.example"), 1)
    noon.shift(DUE)
    with troubles.throttling("sqs"), pytest.raises(ExceptionGroup) as failed:
        sweep(shard_of(made[0]))

    assert [type(each) for each in failed.value.exceptions] == [Unavailable]
    assert (sweep(shard_of(made[0])), sweep(shard_of(made[0]))) == (1, 0)
    assert sent(config.retries_queue_url()) == [made[0].event_id]


def test_a_delivery_that_cannot_be_read_holds_up_no_other(ada: Person, noon: time_machine.Traveller):
    made = waits(ada, ada.listens("https://hooks.example"), 100)
    noon.shift(DUE)
    together = [each for each in made if shard_of(each) == shard_of(made[0])]
    item = deliveries.to_item(made[0])
    put({name: value for name, value in item.items() if name != "payload"})

    with pytest.raises(ExceptionGroup):
        sweep(shard_of(made[0]))

    assert len(together) > 1
    assert sorted(sent(config.retries_queue_url())) == sorted(each.event_id for each in together[1:])


def test_every_message_of_a_delivery_is_in_the_group_of_its_tenant(
    ada: Person, eve: Person, receiver: Receiver, noon: time_machine.Traveller
):
    """The first one, a retry, one that a sweep sends, a test, and a replay."""
    urls = (config.deliveries_queue_url(), config.retries_queue_url())
    groups: list[tuple[str, str]] = []
    receiver.status = 500
    for person in (ada, eve):
        endpoint = person.listens(receiver.url)
        path = f"/{endpoint['endpoint_id']}"
        event = person.completes_goal()
        told(event)
        sending.send(person.tenant_id, endpoint["endpoint_id"], event.event_id)
        noon.shift(5 * 60 + DUE)
        Backbone().sweeps()
        person.post(f"{path}/test")
        person.post(f"{path}/deliveries/{event.event_id}/replay")
        Backbone()._tell()
        found = [message for url in urls for message in messages(url)]
        groups += [
            (message["Attributes"]["MessageGroupId"], json.loads(message["Body"])["tenant_id"]) for message in found
        ]

    assert {group for group, _ in groups} == {ada.tenant_id, eve.tenant_id}
    assert all(group == tenant_id for group, tenant_id in groups)
    assert len(groups) >= 8


def test_a_tenant_whose_endpoint_is_dead_does_not_hold_back_another(
    ada: Person, eve: Person, receiver: Receiver, noon: time_machine.Traveller
):
    """The queue gives the next message as SQS does: of the group that has had the fewest, the oldest."""
    dead, well = eve.listens("https://127.0.0.1:9/dead"), ada.listens(receiver.url)
    waits(eve, dead, 300)
    mine = waits(ada, well, 3)
    noon.shift(DUE)
    Backbone().sweeps()
    backlog = messages(config.retries_queue_url())
    had: Counter[str] = Counter()
    for _ in range(6):
        fewest = min(backlog, key=lambda message: had[message["Attributes"]["MessageGroupId"]])
        backlog.remove(fewest)
        had[fewest["Attributes"]["MessageGroupId"]] += 1
        body = json.loads(fewest["Body"])
        sending.send(body["tenant_id"], body["endpoint_id"], body["event_id"])

    assert len(backlog) == 297
    assert sorted(message.webhook_id for message in receiver.messages) == sorted(each.event_id for each in mine)
