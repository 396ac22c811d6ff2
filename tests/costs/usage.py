"""What a piece of work uses of AWS, counted where Milepost's client speaks to it.

Units of the table are counted by DynamoDB's rule of the size of each item, not by what moto says it consumed.
"""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from shared import config
from shared.messaging import schedules
from shared.observability import logger
from shared.storage import attributes, files, parallel
from tests.aws import hooks
from tests.aws.quick.table import standing_in
from tests.aws.stored_items import Stored, size_of, write_units
from tests.costs.prices import ASSUMED, call_ms

WHOLE_PROCESSOR_MB = 1769
_READ_UNIT, _WRITE_UNIT = 4096, 1024
# CloudWatch counts 26 bytes more for each line.
_LINE_BYTES = 26
# A list costs what a write does.
_FILE_WRITES, _FILE_READS = {"PutObject", "ListObjectsV2"}, {"GetObject", "HeadObject"}

Usage = Counter[str]
"""How much of what: calls, read units, write units, events, queue requests, signatures, function calls, ms, GB s, …"""


class Recorder(logging.Handler):
    """Counts what is called, and what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.usage: Usage = Counter()
        self._asked: Any = None
        self._before: Stored = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line of the log."""
        line = logger.registered_formatter.format(record)
        self.usage["log bytes"] += len(line.encode()) + _LINE_BYTES

    def ask(self, params: dict[str, Any], **_: Any) -> None:
        """Remember what is asked for, and what the items were that it changes."""
        self._asked = params
        self._before = _stored(_keys(params))

    def note(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        """Count a call that was answered."""
        self.usage["calls"] += 1
        self.usage["ms"] += call_ms(model.name)
        self.usage.update(_counted(model.name, self._asked, parsed))
        self.usage["write units"] += self._written(model.name)

    def note_schedule(self, **_: Any) -> None:
        """Count a call of the Scheduler, which costs nothing but time."""
        self.usage["calls"] += 1
        self.usage["ms"] += call_ms("scheduler")

    def _written(self, operation: str) -> int:
        is_transaction = operation == "TransactWriteItems"
        after = _stored(_keys(self._asked))
        checked = [key for key in _keys(self._asked) if self._before.get(key) == after.get(key)]
        checks = sum(2 * math.ceil(max(size_of(after.get(key, {})), 1) / _WRITE_UNIT) for key in checked)
        changed = write_units(self._before, after, for_a_kilobyte=2 if is_transaction else 1)
        return changed + (checks if is_transaction else 0)


@contextmanager
def recording() -> Iterator[Usage]:
    """Yield what is used as long as the block lasts."""
    recorder = Recorder()
    scheduler = schedules.client().meta.events
    logger.addHandler(recorder)
    scheduler.register("after-call.scheduler", recorder.note_schedule)
    with hooks.registered("provide-client-params", recorder.ask), hooks.registered("after-call", recorder.note):
        yield recorder.usage
    scheduler.unregister("after-call.scheduler", recorder.note_schedule)
    logger.removeHandler(recorder)


def one_after_the_other(patch: pytest.MonkeyPatch) -> None:
    """Have calls made one by one: what one uses is noted between its beginning and its end, in which no other may fall.

    They are the same calls, and no fewer.
    """
    calls = parallel.calls
    patch.setattr(parallel, "calls", lambda call, given, **_: calls(call, given, at_once=1))


@contextmanager
def of_files(usage: Usage) -> Iterator[None]:
    """Add what is used of the bucket as long as the block lasts."""

    def note(model: Any, **_: Any) -> None:
        usage["file writes"] += model.name in _FILE_WRITES
        usage["file reads"] += model.name in _FILE_READS

    told = files.client().meta.events
    told.register("after-call.s3", note)
    yield
    told.unregister("after-call.s3", note)


def of_function(memory_mb: int, call: Callable[[], Any], *, messages: int = 1, waiting_ms: float = 0) -> Usage:
    """Return what a call of a function uses: `messages` in its batch, and what it waits besides for others."""
    with recording() as usage:
        call()
    processor_ms = ASSUMED["processor_ms"] * max(1, WHOLE_PROCESSOR_MB / memory_mb)
    usage["ms"] += messages * processor_ms + waiting_ms
    usage["function calls"] += 1
    usage["GB s"] += usage["ms"] / 1000 * memory_mb / 1024
    return usage


def shared_out(usage: Usage, number: int) -> Usage:
    """Return what each of so many has used."""
    return Counter({name: amount / number for name, amount in usage.items()})


def _counted(operation: str, asked: Any, answer: Any) -> dict[str, float]:
    """Return what a call costs besides writing to the table. Raises KeyError for one that has no price here."""
    match operation:
        case "GetItem":
            return {"read units": _read([answer.get("Item")], is_consistent=asked["ConsistentRead"])}
        case "BatchGetItem":
            ((name, wanted),) = asked["RequestItems"].items()
            found = answer["Responses"].get(name, [])
            missing = [None] * (len(wanted["Keys"]) - len(found))
            return {"read units": _read([*found, *missing], is_consistent=wanted["ConsistentRead"])}
        case "Query":
            together = sum(size_of(attributes.load(raw)) for raw in answer["Items"])
            units = max(math.ceil(together / _READ_UNIT), 1)
            return {"read units": units if asked["ConsistentRead"] else units / 2}
        case "PutEvents":
            return {"events": len(asked["Entries"])}
        case "SendMessage" | "SendMessageBatch":
            return {"queue requests": 1}
        case "Sign":
            return {"signatures": 1}
    return {"TransactWriteItems": {}, "UpdateItem": {}, "BatchWriteItem": {}}[operation]


def _read(raw_items: list[Any], *, is_consistent: bool) -> float:
    units = sum(math.ceil(max(size_of(attributes.load(raw or {})), 1) / _READ_UNIT) for raw in raw_items)
    return units if is_consistent else units / 2


def _keys(params: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the keys of the items that a call may change."""
    actions = [action for write in params.get("TransactItems", []) for action in write.values()]
    requests = [each for part in params.get("RequestItems", {}).values() if isinstance(part, list) for each in part]
    actions += [action for request in requests for action in request.values()]
    actions += [params] if "UpdateExpression" in params else []
    places = [action.get("Item") or action["Key"] for action in actions]
    return [(place["PK"]["S"], place["SK"]["S"]) for place in places]


def _stored(keys: list[tuple[str, str]]) -> Stored:
    """Return the items of these keys, asked for by a client that nobody counts."""
    quick = standing_in()
    if quick is not None:
        return {key: attributes.load(quick.items[key]) for key in keys if key in quick.items}
    found: Stored = {}
    client = boto3.client("dynamodb") if keys else None
    for pk, sk in keys:
        key = {"PK": {"S": pk}, "SK": {"S": sk}}
        answer = client.get_item(TableName=config.table_name(), Key=key)
        if "Item" in answer:
            found[pk, sk] = attributes.load(answer["Item"])
    return found
