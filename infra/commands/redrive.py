"""Bring back what ended in the dead-letter queues of a stage: `python -m infra.commands.redrive STAGE [NAME …]`.

Without a name it says how many messages wait in each, and what else of the stage waits for somebody. With names it
moves the messages of these back into the queues they came from, where their consumers find them again; a message is
removed only after it was sent.
SQS has a call for this (StartMessageMoveTask), but emulators have not, and one command for both is better tested.
Queues are known by their tags (`infra/queue_tags.py`): dead letters stay when their stack goes, so one consumer may
have several such queues. What is in any of them goes back to the queue that it has now.
"""

import argparse
import contextlib
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from infra.commands import republish
from infra.commands.republish import NotRepublished
from infra.queue_tags import CONSUMER, PART, QUEUE, SCHEDULES
from infra.stage import access
from infra.stage.access import StageNotRunning

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ORDERED = ".fifo"
_AT_ONCE = 10


@dataclass
class Found:
    """The queues of a consumer, by their addresses; no `queue` where its stack is gone."""

    queue: str | None = None
    dead_letters: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, 1 when nothing runs, or 2 where there is nothing to move or to."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.redrive", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("names", nargs="*", metavar="NAME")
    asked = parser.parse_args(arguments)
    try:
        sqs = access.client("sqs", asked.stage)
    except StageNotRunning as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    known = _queues(sqs, asked.stage)
    schedules = known.pop(SCHEDULES, Found())
    if asked.names:
        return _bring_back(sqs, known, asked.names)
    for name, found in sorted(known.items()):
        sys.stdout.write(f"{name}: {_waiting_in_all(sqs, found)} waiting\n")
    sys.stdout.writelines(_elsewhere(sqs, asked.stage, schedules))
    return 0


def waiting(sqs: "SQSClient", queue_url: str) -> int:
    """Return about how many messages wait in a queue."""
    name: Literal["ApproximateNumberOfMessages"] = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])["Attributes"][name])


def queue_of(sqs: "SQSClient", stage: str, consumer: str) -> str | None:
    """Return the address of the queue of a consumer, None where there is none."""
    return _queues(sqs, stage).get(consumer, Found()).queue


def move(sqs: "SQSClient", queue_url: str, *, to: str) -> int:
    """Move the messages that wait in a dead-letter queue to another, and return how many there were.

    It ends after as many as waited at its beginning, so that one that fails at once again does not go round.
    """
    moved, last = 0, waiting(sqs, queue_url)
    while moved < last:
        count = min(_AT_ONCE, last - moved)
        received = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=count,
            MessageSystemAttributeNames=["MessageGroupId"],
            MessageAttributeNames=["All"],
        )
        messages = received.get("Messages", [])
        if not messages:
            break
        for message in messages:
            body = _meant(message["Body"])
            sqs.send_message(QueueUrl=to, MessageBody=body, **_place(message, is_ordered=to.endswith(ORDERED)))
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    return moved


def _meant(body: str) -> str:
    """Return the message that the queue was to get.

    What a schedule could not send is kept as the whole call of SQS, with the message in its `MessageBody`:
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
    """
    with contextlib.suppress(ValueError):
        kept = json.loads(body)
        if isinstance(kept, dict) and kept.keys() >= {"MessageBody", "QueueUrl"}:
            return str(kept["MessageBody"])
    return body


def _place(message: Any, *, is_ordered: bool) -> Any:
    """Return what a message is sent back with beside its body: its group, and its attributes."""
    group = message.get("Attributes", {}).get("MessageGroupId")
    place = {} if group is None else {"MessageGroupId": group}
    # By the id it was first sent with, SQS would drop a message that was sent within the last five minutes.
    known_as = {"MessageDeduplicationId": secrets.token_hex(16)} if is_ordered else {}
    # They say for which request it was sent.
    said = {"MessageAttributes": message["MessageAttributes"]} if "MessageAttributes" in message else {}
    return {**place, **known_as, **said}


def _bring_back(sqs: "SQSClient", known: dict[str, Found], names: Sequence[str]) -> int:
    unknown = sorted(set(names) - known.keys())
    if unknown:
        sys.stderr.write(f"no dead-letter queue {', '.join(unknown)}; there are {', '.join(sorted(known))}\n")
        return 2
    without = [name for name in names if known[name].queue is None]
    if without:
        sys.stderr.write(f"the consumer {', '.join(without)} has no queue; deploy its stack first\n")
        return 2
    for name in sorted(names):
        found = known[name]
        count = sum(move(sqs, url, to=found.queue) for url in found.dead_letters if found.queue)
        sys.stdout.write(f"{name}: {count} moved\n")
    return 0


def _waiting_in_all(sqs: "SQSClient", found: Found) -> int:
    return sum(waiting(sqs, url) for url in found.dead_letters)


def _elsewhere(sqs: "SQSClient", stage: str, schedules: Found) -> Iterator[str]:
    """Yield a line for each place where something waits that no consumer's queue takes back."""
    if schedules.dead_letters:
        count = _waiting_in_all(sqs, schedules)
        yield f"schedules: {count} waiting; their next run does the work, and these end after 14 days\n"
    with contextlib.suppress(NotRepublished):
        found = republish.find(access.client("lambda", stage), stage)
        batches = republish.waiting(access.client("s3", stage), found)
        yield f"stream: {batches} batches waiting; make republish sends them again\n"


def _queues(sqs: "SQSClient", stage: str) -> dict[str, Found]:
    """Return the queues of a stage by their consumers. Each has the name of its stack at the beginning of its own."""
    known = dict[str, Found]()
    for page in sqs.get_paginator("list_queues").paginate(QueueNamePrefix=f"milepost-{stage}-"):
        for url in page.get("QueueUrls", []):
            tags = sqs.list_queue_tags(QueueUrl=url).get("Tags", {})
            if CONSUMER not in tags:
                continue
            found = known.setdefault(tags[CONSUMER], Found())
            if tags[PART] == QUEUE:
                found.queue = url
            else:
                found.dead_letters.append(url)
    return known


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
