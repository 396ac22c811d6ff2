"""`python -m infra.commands.republish STAGE [--tenant …]`: send to consumers what the stream did not bring them.

Without a tenant it sends what Lambda and the consumers of the stream have put into the bucket of discarded records
(infra/constructs/discarded.py); an object is removed once its function has handled all of it. With `--tenant`,
`--since` and `--until` it sends the events of that time from the table, where they live for seven days. Consumers drop
what they have. `--tenant all` sends those of every tenant. It is the functions of the stream that are called, so
whoever calls them needs no right on the bus.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from infra.commands import people, tenant_events, typed
from infra.stage import access
from infra.stage.access import StageNotRunning
from shared import clock
from shared.storage import attributes
from shared.storage.attributes import Item

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ALL = "all"
OUTBOX = "functions.outbox.consumers.handler"
_AT_ONCE = 25
# The characters that MiniStack puts after a logical id.
_RANDOM = 13


class NotRepublished(Exception):
    """Something could not be sent; the message says what and why."""


class Stage(NamedTuple):
    """What the functions of a stage are called, the outbox among them, and what it is told of its surroundings."""

    functions: frozenset[str]
    outbox: str
    table_name: str
    bucket: str


class Sent(NamedTuple):
    """How many objects of the bucket were handled and removed, and what was said of those that stay."""

    batches: int
    refusals: list[str]


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when something was not sent."""
    asked = _parsed(arguments)
    try:
        functions = access.client("lambda", asked.stage)
        stage = find(functions, asked.stage)
        if asked.tenant:
            access.enter(asked.stage)
            os.environ["TABLE_NAME"] = stage.table_name
            count = 0
            for tenant_id in named(asked.tenant):
                found = tenant_events.between(tenant_id, asked.since, asked.until)
                publish(functions, stage, found)
                count += len(found)
            sys.stdout.write(f"{count} events sent\n")
            return 0
        sent = resend(functions, access.client("s3", asked.stage), stage)
    except (StageNotRunning, NotRepublished) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(f"{sent.batches} batches sent, {len(sent.refusals)} kept\n")
    sys.stderr.writelines(f"{refusal}\n" for refusal in sent.refusals)
    return 1 if sent.refusals else 0


def named(tenant: str) -> Iterable[str]:
    """Return the ids of the tenants that are meant: one, or all of them."""
    return people.tenants() if tenant == ALL else [tenant]


def find(functions: "LambdaClient", stage: str) -> Stage:
    """Return the stage as its functions say it. Raises NotRepublished when it is not deployed."""
    pages = functions.get_paginator("list_functions").paginate()
    ours = [
        each for page in pages for each in page["Functions"] if each["FunctionName"].startswith(f"milepost-{stage}-")
    ]
    for function in ours:
        if function.get("Handler") == OUTBOX:
            told = function["Environment"]["Variables"]
            names = frozenset(each["FunctionName"] for each in ours)
            return Stage(names, function["FunctionName"], told["TABLE_NAME"], told["DISCARDED_BUCKET"])
    raise NotRepublished(f"The stage {stage} is not deployed. Deploy it first.")


def waiting(s3: Any, stage: Stage) -> int:
    """Return how many batches are in the bucket."""
    return sum(1 for _ in _keys(s3, stage.bucket))


def resend(functions: "LambdaClient", s3: Any, stage: Stage) -> Sent:
    """Give what is in the bucket to the functions it was meant for, and remove what they have handled."""
    batches, refusals = 0, list[str]()
    for key in list(_keys(s3, stage.bucket)):
        try:
            _resend_one(functions, s3, stage, key)
            batches += 1
        except NotRepublished as failure:
            refusals.append(f"{key}: {failure}")
    return Sent(batches, refusals)


def publish(functions: "LambdaClient", stage: Stage, items: Sequence[Item]) -> None:
    """Have the outbox put the events of these items on the bus, in their order. Raises NotRepublished."""
    for start in range(0, len(items), _AT_ONCE):
        batch = items[start : start + _AT_ONCE]
        _call(functions, stage.outbox, json.dumps({"Records": [_record(item) for item in batch]}))


def _resend_one(functions: "LambdaClient", s3: Any, stage: Stage, key: str) -> None:
    place = {"Bucket": stage.bucket, "Key": key}
    found = s3.get_object(**place)
    function_arn, payload = _read(found["Body"].read())
    _call(functions, _meant(stage, function_arn), payload)
    # A function puts a record that it still cannot read aside again, under the same name.
    if s3.head_object(**place)["ETag"] != found["ETag"]:
        raise NotRepublished("The function still cannot read it. Deploy one that can, then send it again.")
    s3.delete_object(**place)


def _read(content: bytes) -> tuple[str, str]:
    """Return the function and the batch that an object is of. Raises NotRepublished."""
    try:
        kept = json.loads(content)
        function_arn, payload = kept["requestContext"]["functionArn"], kept["payload"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotRepublished("It holds no batch of the stream. Look at it, and remove it by hand.") from error
    if not isinstance(function_arn, str) or not isinstance(payload, str):
        raise NotRepublished("It holds no batch of the stream. Look at it, and remove it by hand.")
    return function_arn, payload


def _call(functions: "LambdaClient", name: str, payload: str) -> None:
    """Give a function a batch of the stream. Raises NotRepublished unless it has handled all of it."""
    try:
        answer = functions.invoke(FunctionName=name, Payload=payload.encode())
    except ClientError as error:
        raise NotRepublished(f"{name} could not be called: {error}") from error
    said = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise NotRepublished(f"{name} failed with {said.get('errorType')}: {said.get('errorMessage')}")
    if said["batchItemFailures"]:
        raise NotRepublished(f"{name} has not handled {said['batchItemFailures'][0]['itemIdentifier']}. Send it again.")


def _meant(stage: Stage, arn: str) -> str:
    """Return the function of the stage that has taken the place of this one, maybe in another stack.

    Raises NotRepublished.
    """
    name = arn.rsplit(":function:", maxsplit=1)[-1].split(":", maxsplit=1)[0]
    if name in stage.functions:
        return name
    found = [each for each in stage.functions if _succeeds(each, name)]
    if len(found) != 1:
        raise NotRepublished(f"The stage has no function {name}.")
    return found[0]


def _succeeds(name: str, earlier: str) -> bool:
    """Return whether two names are of one function: in one stage, and of one logical id as far as both hold it."""
    (stage, mine), (its_stage, other) = _stage_and_logical_id(name), _stage_and_logical_id(earlier)
    return stage == its_stage and bool(mine and other) and (mine.startswith(other) or other.startswith(mine))


def _stage_and_logical_id(name: str) -> tuple[str, str]:
    """Return both, of `milepost-<stage>-<stack>-<logical id>-<random>`; the second is empty when it is no such name.

    A name has 64 characters at most: the longer that of the stack, the sooner the logical id is cut off.
    """
    project, stage, _, rest = [*name.split("-", maxsplit=3), "", "", ""][:4]
    # MiniStack cuts the dash before the random end off as well.
    return f"{project}-{stage}", rest.rpartition("-")[0] or rest[:-_RANDOM]


def _record(item: Item) -> dict[str, Any]:
    """Return the record with which the stream told of the item."""
    change = {"SequenceNumber": item["event_id"], "NewImage": attributes.dump(item)}
    return {"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}


def _keys(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", []):
            yield found["Key"]


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.republish", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--tenant", type=_tenant_id, help="send the events of this tenant instead, or of all")
    parser.add_argument("--since", type=typed.instant, help="from this instant on, such as 2026-11-20T09:00:00Z")
    parser.add_argument("--until", type=typed.instant, help="until before this instant; by default now")
    asked = parser.parse_args(arguments)
    if (asked.tenant is None) != (asked.since is None):
        parser.error("Give --tenant and --since together.")
    if asked.tenant is None and asked.until is not None:
        parser.error("Give --until with --tenant.")
    asked.until = clock.now() if asked.until is None else asked.until
    if asked.since is not None and asked.until <= asked.since:
        parser.error("Give an --until that is later than --since.")
    return asked


def _tenant_id(text: str) -> str:
    return text if text == ALL else typed.tenant_id(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
