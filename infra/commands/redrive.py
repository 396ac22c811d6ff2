"""Bring back what ended in the dead-letter queues of a stage: `python -m infra.commands.redrive STAGE [NAME …]`.

Without a name it says how many messages wait in each, and what else of the stage waits for somebody. With names it
moves the messages of these back into the queues they came from, where their consumers find them again; a message is
removed only after it was sent.
SQS has a call for this (StartMessageMoveTask), but emulators have not, and one command for both is better tested.
"""

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from infra.commands import republish
from infra.commands.republish import NotRepublished
from infra.stage import access
from infra.stage.access import StageNotRunning

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

DEAD_LETTERS = "-DeadLetters"
_AT_ONCE = 10


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, 1 when nothing runs, or 2 for a queue that is not there."""
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
    known = dict(_dead_letters(sqs, asked.stage))
    unknown = sorted(set(asked.names) - known.keys())
    if unknown:
        sys.stderr.write(f"no dead-letter queue {', '.join(unknown)}; there are {', '.join(sorted(known))}\n")
        return 2
    for name in sorted(asked.names or known):
        did = "moved" if asked.names else "waiting"
        count = move(sqs, known[name]) if asked.names else waiting(sqs, known[name])
        sys.stdout.write(f"{name}: {count} {did}\n")
    if not asked.names:
        sys.stdout.writelines(_elsewhere(sqs, asked.stage))
    return 0


def waiting(sqs: "SQSClient", queue_url: str) -> int:
    """Return about how many messages wait in a queue."""
    name: Literal["ApproximateNumberOfMessages"] = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])["Attributes"][name])


def move(sqs: "SQSClient", queue_url: str) -> int:
    """Move the messages that wait in a dead-letter queue to the queue they came from, and return how many there were.

    It ends after as many as waited at its beginning, so that one that fails at once again does not go round.
    """
    source_url = queue_url.removesuffix(DEAD_LETTERS) + "-Queue"
    moved, last = 0, waiting(sqs, queue_url)
    while moved < last:
        received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=min(_AT_ONCE, last - moved))
        messages = received.get("Messages", [])
        if not messages:
            break
        for message in messages:
            sqs.send_message(QueueUrl=source_url, MessageBody=message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    return moved


def _elsewhere(sqs: "SQSClient", stage: str) -> Iterator[str]:
    """Yield a line for each place where something waits that no consumer's queue takes back."""
    for url in _urls(sqs, f"milepost-{stage}-schedules"):
        yield f"schedules: {waiting(sqs, url)} waiting; their next run does the work, and these end after 14 days\n"
    with contextlib.suppress(NotRepublished):
        found = republish.find(access.client("lambda", stage), stage)
        batches = republish.waiting(access.client("s3", stage), found)
        yield f"stream: {batches} batches waiting; make republish sends them again\n"


def _dead_letters(sqs: "SQSClient", stage: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of each dead-letter queue of the stage that has a source to go back to."""
    prefix = f"milepost-{stage}-"
    for url in _urls(sqs, prefix):
        name = url.rpartition("/")[2]
        if name.endswith(DEAD_LETTERS):
            yield name.removeprefix(prefix).removesuffix(DEAD_LETTERS), url


def _urls(sqs: "SQSClient", prefix: str) -> Iterator[str]:
    for page in sqs.get_paginator("list_queues").paginate(QueueNamePrefix=prefix):
        yield from page.get("QueueUrls", [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
