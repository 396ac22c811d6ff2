"""Histories at random: whatever fails or dies between the table and the consumers, no event is missing or done twice.

The bus refuses, does not answer, or answers too late; functions end in the middle, before or after a write; batches
come again, are cut in two, and change their order.
`make soak` runs 400 of them, HISTORIES=5000 more; a seed tells one again.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.identity.audit import consumers as audit_consumers
from functions.identity.audit import log as audit
from functions.outbox import consumers as outbox
from functions.webhooks import consumers, endpoints
from shared import clock
from shared.aws.client import NoAnswer
from shared.callers.auth import Caller
from shared.errors import Refusal
from shared.messaging import bus
from shared.storage import attributes, events
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.aws.quick.table import QuickTable
from tests.soaking import histories, soaks

HISTORIES = histories(80, soaking=400)
PARTS = 10
TENANTS = ("tenant_01KAEY3VJ00000000000000T00", "tenant_01KAEY3VJ00000000000000T01")
AUDITED = ("identity.user.signed_out", "goals.goal.completed")
PUBLISHED = ("goals.goal.completed", "goals.task.added")
TYPES = ("identity.user.signed_out", "goals.goal.completed", "goals.task.added")
AUDIT = "https://sqs.eu-west-1.amazonaws.com/123456789012/AuditLog.fifo"
TABLE_CALLS = "dynamodb.TransactWriteItems"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class World:
    """The table, its stream, bus and queues of the consumers, and how much goes wrong at present.

    The queue of the audit log keeps the order of a tenant's events, and drops those that it has had.
    """

    table: QuickTable
    luck: random.Random = field(default_factory=random.Random)
    trouble: float = 0.4
    happened: list[events.Event] = field(default_factory=list)
    stream: list[dict[str, Any]] = field(default_factory=list)
    queues: dict[str, list[events.Event]] = field(default_factory=lambda: {"audit": [], "webhooks": []})
    messages: list[str] = field(default_factory=list)
    sent_to_audit: set[str] = field(default_factory=set)

    def begins(self, seed: int) -> None:
        """Begin a history: nothing has happened yet, and each tenant has an endpoint that listens to everything."""
        self.luck, self.trouble = random.Random(seed), 0.4  # noqa: S311 - a history that can be told again
        self.happened, self.stream, self.messages, self.sent_to_audit = [], [], [], set()
        self.queues = {"audit": [], "webhooks": []}
        self.table.items.clear()
        for tenant_id in TENANTS:
            caller = Caller("user_1", tenant_id, (), frozenset(), None, (), None)
            fields = {"url": "https://hooks.example", "description": None, "event_types": [], "max_per_minute": None}
            item = endpoints.to_item(endpoints.new(caller, fields, at=clock.now()))
            self.table.items[item["PK"], item["SK"]] = attributes.dump(item)

    def fails(self) -> bool:
        return self.luck.random() < self.trouble

    def happens(self) -> None:
        """Write an event as a change does; the stream has its record."""
        tenant_id, event_type = self.luck.choice(TENANTS), self.luck.choice(TYPES)
        write = events.occurred(
            event_type,
            partition="USER#user_1",
            subject_id="user_1",
            tenant_id=tenant_id,
            at=clock.now(),
            data={"user_id": "user_1"},
        )
        item = attributes.dump(write.item)
        self.happened.append(events.stored(write.item))
        number = str(len(self.happened))
        self.stream.append({"eventName": "INSERT", "dynamodb": {"SequenceNumber": number, "NewImage": item}})

    def reads_stream(self) -> None:
        """Give the outbox a batch, as Lambda does: what it has handled is not given again, a failed batch is cut."""
        size = self.luck.randint(1, 8)
        batch = self.stream[:size]
        try:
            failed = outbox.handler({"Records": batch}, Context())["batchItemFailures"]
            dies = self.fails() and self.luck.random() < 0.5
        except (Refusal, Killed):
            return
        if dies:
            return
        first = [
            index
            for index, each in enumerate(batch)
            if failed and each["dynamodb"]["SequenceNumber"] == failed[0]["itemIdentifier"]
        ]
        del self.stream[: first[0] if first else len(batch)]

    def consumes(self, name: str, handler: Callable[[dict[str, Any], Any], dict[str, Any]]) -> None:
        """Give a consumer messages of its queue in any order, some of them twice; those that failed stay."""
        waiting = self.queues[name]
        if name != "audit":
            self.luck.shuffle(waiting)
        batch = waiting[: self.luck.randint(1, 10)]
        sent = [*batch, *self.luck.sample(batch, k=self.luck.randint(0, len(batch)))] if self.fails() else batch
        if not sent:
            return
        try:
            answer = handler(delivered(sent), Context())
        except Killed:
            return
        failed = {int(each["itemIdentifier"].removeprefix("message-")) for each in answer["batchItemFailures"]}
        if self.fails():
            # It was done, but the queue does not get to know.
            return
        kept = [sent[number] for number in sorted(failed)]
        self.queues[name] = [*kept, *waiting[len(batch) :]]

    def put(self, params: dict[str, Any], **_: object) -> Any:
        """Answer a PutEvents: taken, refused in part, or lost on the way there or back."""
        entries = json.loads(params["body"])["Entries"]
        if self.fails() and self.luck.random() < 0.5:
            raise NoAnswer("closed")
        answers = []
        for entry in entries:
            if self.fails():
                answers.append({"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"})
                continue
            answers.append({"EventId": "1"})
            event = events.Event(**json.loads(entry["Detail"]))
            if not event.event_type.startswith("identity."):
                self.queues["webhooks"].append(event)
        if self.fails() and self.luck.random() < 0.5:
            raise NoAnswer("closed")
        return {"Entries": answers}

    def send(self, params: dict[str, Any], **_: object) -> Any:
        """Answer a SendMessage."""
        if self.fails():
            raise NoAnswer("closed")
        self.messages.append(json.loads(json.loads(params["body"])["MessageBody"])["event_id"])
        return {}

    def send_batch(self, params: dict[str, Any], **_: object) -> Any:
        """Answer a SendMessageBatch: taken, refused in part, or lost on the way there or back."""
        request = json.loads(params["body"])
        if self.fails() and self.luck.random() < 0.5:
            raise NoAnswer("closed")
        refused = []
        for entry in request["Entries"]:
            if self.fails():
                refused.append({"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"})
            elif request["QueueUrl"] == AUDIT:
                self._audit(entry)
            else:
                self.messages.append(json.loads(entry["MessageBody"])["event_id"])
        if self.fails() and self.luck.random() < 0.5:
            raise NoAnswer("closed")
        return {"Successful": [], "Failed": refused}

    def _audit(self, entry: dict[str, Any]) -> None:
        event = bus.read(json.loads(entry["MessageBody"]))
        assert entry["MessageGroupId"] == event.tenant_id
        if entry["MessageDeduplicationId"] not in self.sent_to_audit:
            self.sent_to_audit.add(entry["MessageDeduplicationId"])
            self.queues["audit"].append(event)

    def dies(self, **_: object) -> None:
        """End the process before or after a write, if it is unlucky."""
        if self.fails() and self.luck.random() < 0.5:
            raise Killed

    def step(self) -> None:
        kind = self.luck.choice(["happens", "reads", "audits", "tells"])
        if kind == "happens":
            self.happens()
        elif kind == "reads":
            self.reads_stream()
        elif kind == "audits":
            self.consumes("audit", audit_consumers.handler)
        else:
            self.consumes("webhooks", consumers.handler)

    def settles(self) -> None:
        """Let nothing go wrong any more, until everything is done."""
        self.trouble = 0.0
        while self.stream or any(self.queues.values()):
            self.reads_stream()
            self.consumes("audit", audit_consumers.handler)
            self.consumes("webhooks", consumers.handler)


@pytest.fixture
def surroundings(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage a bus and the queues of deliveries."""
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    monkeypatch.setenv("AUDIT_QUEUE_URL", AUDIT)
    for name in ("DELIVERIES", "RETRIES"):
        monkeypatch.setenv(f"{name}_QUEUE_URL", f"https://sqs.eu-west-1.amazonaws.com/123456789012/{name}")
    yield
    hooks.forget()


@pytest.fixture
def table_of_world(surroundings: None) -> QuickTable:
    """The one table of all histories of a part."""
    hooks.forget()
    return QuickTable()


def connected(world: World) -> World:
    """Let the clients of this process reach the world."""
    # In this order: the stand-in answers first, and what is registered before it may end the process.
    hooks.register(f"before-call.{TABLE_CALLS}", world.dies)
    hooks.register(f"after-call.{TABLE_CALLS}", world.dies)
    world.table.stand_in()
    hooks.register("before-call.eventbridge.PutEvents", world.put)
    hooks.register("before-call.sqs.SendMessage", world.send)
    hooks.register("before-call.sqs.SendMessageBatch", world.send_batch)
    return world


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_no_event_is_missing_and_none_is_done_twice(part: int, table_of_world: QuickTable) -> None:
    world = connected(World(table_of_world))
    for seed in range(part, HISTORIES, PARTS):
        world.begins(seed)
        for _ in range(world.luck.randint(5, 40)):
            world.step()
        world.settles()
        items = [attributes.load(item) for item in world.table.items.values()]
        audited = Counter(item["event_id"] for item in items if item.get("entity") == "Audit")
        told = Counter(item["event_id"] for item in items if item.get("entity") == "Delivery")
        expected = [
            Counter(each.event_id for each in world.happened if each.event_type in types)
            for types in (AUDITED, PUBLISHED)
        ]

        assert [audited, told] == expected, f"seed {seed}"
        assert set(told) <= set(world.messages), f"seed {seed}"
        assert all(unbroken(items, tenant_id) for tenant_id in TENANTS), f"seed {seed}"


def unbroken(items: list[dict[str, Any]], tenant_id: str) -> bool:
    """Return whether the audit log of a tenant is one chain without a gap."""
    log = sorted(
        (i for i in items if i.get("entity") == "Audit" and i["tenant_id"] == tenant_id), key=lambda i: i["sequence"]
    )
    previous = audit.GENESIS
    for number, item in enumerate(log, start=1):
        expected = (number, previous, audit.hashed(audit.from_item(item)))
        if (item["sequence"], item["previous_hash"], item["hash"]) != expected:
            return False
        previous = item["hash"]
    return True
