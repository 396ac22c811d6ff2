"""Messages are handled for the request that caused them, and each leaves a line in the log that says what came of it.

    {"message": "message", "queue": "milepost-dev-goals-…", "event_id": "evt_01…", "outcome": "done",
     "duration_ms": 18.4, "request_id": "Hs7dXhQ4joEEMbg=", …}

An event and a message that a function sends say for which request. A message of a schedule is caused by none: it
begins a correlation of its own, under the id of the message. What has no message is a run, under the id of the call.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, Protocol, Self

from shared import correlation, log_lines
from shared.correlation import Correlation
from shared.messaging import queues
from shared.storage.events import Event

_PLAIN: Final = re.compile(r"[\w.]{1,64}", re.ASCII)

Outcome = Literal["done", "postponed", "failed"]
"""What came of a message: `postponed` comes again because it was too early, `failed` because something went wrong."""


class Invocation(Protocol):
    """What is asked of the Lambda context."""

    @property
    def aws_request_id(self) -> str:
        """Return the id of this run."""


class _Subject(NamedTuple):
    """What a line is about, and for which request it is handled."""

    fields: Mapping[str, Any]
    belongs_to: Correlation


class Handling:
    """Some work under way, and what is logged of each of its subjects.

    The outcome of the first `taken` is `outcome`, that of all others `failed`; all have failed if an exception ends it.
    """

    def __init__(self, message: str, subjects: Sequence[_Subject], belongs_to: Correlation | None) -> None:
        self.outcome: Outcome = "done"
        self.taken = len(subjects)
        self._message = message
        self._subjects = subjects
        self._belongs_to = belongs_to

    @property
    def requests(self) -> list[Correlation]:
        """The requests that the work is done for, each once."""
        return list(dict.fromkeys(subject.belongs_to for subject in self._subjects))

    def __enter__(self) -> Self:
        self._begun = time.perf_counter_ns()
        self._token = correlation.enter(self._belongs_to)
        return self

    def __exit__(self, broken: type[BaseException] | None, *_: object) -> None:
        handed_on = correlation.known()
        correlation.leave(self._token)
        duration_ms = log_lines.milliseconds_since(self._begun)
        taken = self.taken if broken is None else 0
        for number, (fields, belongs_to) in enumerate(self._subjects):
            outcome = self.outcome if number < taken else "failed"
            said = {name: value for name, value in fields.items() if value is not None}
            named = handed_on if handed_on is not None and belongs_to is self._belongs_to else belongs_to
            log_lines.write(self._message, named, {**said, "outcome": outcome, "duration_ms": duration_ms})


def of_messages(records: Sequence[Mapping[str, Any]]) -> Handling:
    """Return the handling of messages of a queue (SQS) that are handled together, for the last of them."""
    subjects = [_of_message(record) for record in records]
    return Handling("message", subjects, subjects[-1].belongs_to)


def of_events(happened: Sequence[Event]) -> Handling:
    """Return the handling of events of the table's stream, each for itself."""
    return Handling("event", [_of_event(event) for event in happened], None)


def of_run(context: Invocation, **fields: Any) -> Handling:
    """Return the handling of what a function is asked for without a message, such as to look after a shard."""
    belongs_to = correlation.new(context.aws_request_id)
    return Handling("run", [_Subject(fields, belongs_to)], belongs_to)


def _of_event(event: Event) -> _Subject:
    fields = {"event_id": event.event_id, "event_type": event.event_type, "tenant_id": event.tenant_id}
    return _Subject(fields, event.belongs_to or correlation.new(event.event_id))


def _of_message(record: Mapping[str, Any]) -> _Subject:
    told = _detail(record["body"])
    fields = {
        "queue": record.get("eventSourceARN", "").rpartition(":")[2],
        "message_id": record["messageId"],
        "event_id": _plain(told.get("event_id")),
        "event_type": _plain(told.get("event_type")),
        "tenant_id": _plain(told.get("tenant_id")),
        "receives": int(record["attributes"]["ApproximateReceiveCount"]),
    }
    belongs_to = correlation.read(told.get("correlation")) or queues.correlation_of(record)
    return _Subject(fields, belongs_to or correlation.new(record["messageId"]))


def _detail(body: str) -> Mapping[str, Any]:
    """Return the event of a message, or the message itself, which may name one; nothing of what is no object."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    told = message.get("detail", message) if isinstance(message, dict) else {}
    return told if isinstance(told, dict) else {}


def _plain(value: Any) -> str | None:
    """Return a name that may be in the log, None for anything else that somebody may have put on the queue."""
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else None
