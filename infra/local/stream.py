"""Nothing is lost between the table and the event bus when the local stage stops.

MiniStack keeps tables and queues across a restart, but not what its stream has not passed on. So `make down` waits
until the stream is read, and `make up` sends the events of the last moments again, in which somebody may still have
written. Consumers drop what they have.
"""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from infra.commands import republish
from infra.commands.republish import NotRepublished
from infra.stage import aws
from infra.stage.ministack import MiniStack
from shared import clock, ids
from shared.clock import SECOND, Instant
from shared.storage import attributes, events
from shared.storage.attributes import Item, Key

PATIENCE_SECONDS = 60
# A change is dated when it is planned, and written up to half a minute later.
OVERLAP = 60 * SECOND
_MARK = "local.stage.stopping"
_BUS = "milepost-local"

Report = Callable[[str], None]


class Clients(NamedTuple):
    """How the stage is reached."""

    dynamodb: Any
    functions: Any
    sqs: Any
    rules: Any


def drain(ministack: MiniStack, report: Report) -> None:
    """Wait until everything written before this call is read from the stream, a minute at most.

    Does nothing when the stage does not run or is not deployed.
    """
    port = ministack.running_port()
    if port is None:
        return
    clients = _clients(MiniStack(state=ministack.state, port=port).endpoint)
    with contextlib.suppress(NotRepublished):
        stage = republish.find(clients.functions, "local")
        began = clock.now()
        has_come = is_read(clients, stage.table_name, report)
        # Without a mark that came through nothing is known: then all events are sent again.
        _stamp(ministack).write_text(str(began if has_come else 0))


def catch_up(ministack: MiniStack, report: Report) -> None:
    """Send again the events that the stream may not have passed on before the last stop."""
    stamp = _stamp(ministack)
    if not stamp.exists():
        return
    since = max(int(stamp.read_text()) - OVERLAP, 0)
    clients = _clients(ministack.endpoint)
    stage = republish.find(clients.functions, "local")
    found = sorted(_events(clients.dynamodb, stage.table_name, since), key=lambda item: str(item["event_id"]))
    report(f"{len(found)} events")
    republish.publish(clients.functions, stage, found)
    stamp.unlink()


def is_read(clients: Clients, table_name: str, report: Report) -> bool:
    """Write a mark and return whether it came through the stream to the bus; the mark is removed."""
    event = _mark()
    began = time.monotonic()
    try:
        with _subscribed(clients, event["event_id"]) as has_come:
            clients.dynamodb.put_item(TableName=table_name, Item=attributes.dump(event))
            while time.monotonic() < began + PATIENCE_SECONDS:
                report(f"waiting for the stream, {time.monotonic() - began:.0f} of at most {PATIENCE_SECONDS} s")
                if has_come():
                    return True
        report(f"the stream was not read within {PATIENCE_SECONDS} s; make up sends all its events again")
        return False
    finally:
        key = attributes.dump_key(Key(event["PK"], event["SK"]))
        clients.dynamodb.delete_item(TableName=table_name, Key=key)


def _mark() -> Item:
    """Return an event that no consumer is subscribed to."""
    return events.occurred(
        _MARK,
        partition=f"USER#{ids.new('user')}",
        subject_id=ids.new("goal"),
        tenant_id=ids.new("tenant"),
        at=clock.now(),
        data={},
    ).item


@contextlib.contextmanager
def _subscribed(clients: Clients, name: str) -> Iterator[Callable[[], bool]]:
    """Subscribe a queue to marks; the function waits a second for one, and returns whether it has ever come."""
    url = clients.sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    clients.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": _from_the_bus(arn)})
    clients.rules.put_rule(Name=name, EventBusName=_BUS, EventPattern=json.dumps({"detail": {"event_id": [name]}}))
    clients.rules.put_targets(Rule=name, EventBusName=_BUS, Targets=[{"Id": name, "Arn": arn}])
    come = False

    def has_come() -> bool:
        nonlocal come
        come = come or "Messages" in clients.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
        return come

    try:
        yield has_come
    finally:
        clients.rules.remove_targets(Rule=name, EventBusName=_BUS, Ids=[name])
        clients.rules.delete_rule(Name=name, EventBusName=_BUS)
        clients.sqs.delete_queue(QueueUrl=url)


def _from_the_bus(arn: str) -> str:
    """Return the policy that lets the event bus send to a queue."""
    bus = {"Service": "events.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": bus, "Action": "sqs:SendMessage", "Resource": arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _events(dynamodb: Any, table_name: str, since: Instant) -> Iterator[Item]:
    """Yield the events that happened since. The one table of a laptop may be read whole for that."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table_name,
        FilterExpression="entity = :event AND occurred_at >= :since",
        ExpressionAttributeValues=attributes.dump({":event": "Event", ":since": clock.to_rfc3339(since)}),
    )
    for page in pages:
        yield from (attributes.load(raw) for raw in page["Items"])


def _clients(endpoint: str) -> Clients:
    return Clients(*(aws.client(name, endpoint=endpoint) for name in ("dynamodb", "lambda", "sqs", "events")))


def _stamp(ministack: MiniStack) -> Path:
    return ministack.state / "stream-read"
