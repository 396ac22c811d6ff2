"""What happens behind an answer: events go by the outbox and the rules of a synthesised stage to their consumers."""

import importlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3

from shared import config
from shared.storage import attributes, events
from shared.storage.attributes import Item
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.aws.quick.table import everything
from tests.costs.usage import Usage, of_function
from tests.infra.stages import Stage

OUTBOX = "functions.outbox.consumers.handler"
SEARCH = "functions.search.everything.consumers.handler"


@dataclass(frozen=True)
class Deployed:
    """The functions of a stage, and which of them consume which events."""

    stage: Stage

    @cached_property
    def memory(self) -> dict[str, int]:
        """How much memory each handler has, in MB."""
        return {each["Handler"]: each["MemorySize"] for each in self.stage.of_type("AWS::Lambda::Function")}

    def consumers(self, event_type: str) -> list[str]:
        """Return the handlers that get events of a type from the bus."""
        rules = [each for each in self.stage.of_type("AWS::Events::Rule") if "EventPattern" in each]
        matching = [
            rule for rule in rules if any(_matches(each, event_type) for each in rule["EventPattern"]["detail-type"])
        ]
        queues = [target["Arn"] for rule in matching for target in rule["Targets"]]
        return [self._consumer(queue) for queue in queues]

    def _consumer(self, queue: Any) -> str:
        mappings = self.stage.of_type("AWS::Lambda::EventSourceMapping")
        (name,) = (each["FunctionName"]["Ref"] for each in mappings if each["EventSourceArn"] == queue)
        return str(self.stage.resources[name]["Properties"]["Handler"])


def stored() -> list[Item]:
    """Return every event that is in the table, in the order of their ids."""
    return sorted(
        (item for item in everything() if item.get("entity") == "Event"), key=lambda item: str(item["event_id"])
    )


def behind(deployed: Deployed, happened: Sequence[Item]) -> Usage:
    """Return what follows from events that come in one batch: the bus, the queues, and who consumes them."""
    if not happened:
        return Counter()
    records = [
        {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": attributes.dump(item)}}
        for number, item in enumerate(happened)
    ]
    usage = of_function(deployed.memory[OUTBOX], _call(OUTBOX, {"Records": records}), messages=len(records))
    told = [events.stored(item) for item in happened]
    for handler in dict.fromkeys(each for event in told for each in deployed.consumers(event.event_type)):
        usage += consumed(deployed, handler, [each for each in told if handler in deployed.consumers(each.event_type)])
    return usage + _fed(deployed, messages_of([config.search_feed_queue_url()]))


def _fed(deployed: Deployed, bodies: Sequence[str]) -> Usage:
    """Return what it takes to store what the contexts say to search; the index is written for many changes at once."""
    if not bodies:
        return Counter()
    usage = of_function(deployed.memory[SEARCH], _call(SEARCH, batch(bodies)), messages=len(bodies))
    usage["queue requests"] += 2
    return usage


def consumed(deployed: Deployed, handler: str, told: Sequence[Event]) -> Usage:
    """Return what it takes to bring a batch of events from the bus to a consumer, and to consume it."""
    usage = of_function(deployed.memory[handler], _call(handler, delivered(told)), messages=len(told))
    usage["queue requests"] += len(told) + 2  # the bus sends one by one; Lambda receives and deletes them together
    return usage


def _call(handler: str, event: Any) -> Callable[[], None]:
    module, _, name = handler.rpartition(".")
    function = getattr(importlib.import_module(module), name)

    def call() -> None:
        answer = function(event, Context())
        assert answer == {"batchItemFailures": []}, (handler, answer)

    return call


def _matches(wanted: Any, event_type: str) -> bool:
    return event_type.startswith(wanted["prefix"]) if isinstance(wanted, dict) else bool(wanted == event_type)


def messages_of(urls: Iterable[str]) -> list[str]:
    """Return the messages of queues, and leave them empty."""
    found = []
    for url in urls:
        while received := boto3.client("sqs").receive_message(QueueUrl=url).get("Messages"):
            boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
            found.append(received[0]["Body"])
    return found
