"""Make a restored table one that a stage can adopt: `python -m infra.commands.adopt STAGE TABLE`.

A restore brings items, keys and index, and nothing else. This requires that keys and index are those of the table's
construct (infra/constructs/table.py), sets the stream, the time to live, backups, the protection from deletion and the
tags as that has them, and prints the setting for the stage file. What is right already is left alone.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from infra import stage_files
from infra.stage import access
from infra.stage.access import StageNotRunning
from infra.stage_files import LOCAL

PAUSE_SECONDS: Final = 10
_TRIES = 60
_KEYS: Final = {"PK": "HASH", "SK": "RANGE"}
_INDEXES: Final = {"GSI1": ({"GSI1PK": "HASH", "GSI1SK": "RANGE"}, "ALL")}
_STREAM: Final = "NEW_AND_OLD_IMAGES"

Pause = Callable[[float], None]


class NotAdopted(Exception):
    """No stage can adopt the table; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when the stage cannot adopt the table."""
    parser = argparse.ArgumentParser(prog="python -m infra.commands.adopt", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stage")
    parser.add_argument("table")
    asked = parser.parse_args(arguments)
    try:
        stream_arn = prepare(access.client("dynamodb", asked.stage), asked.table, stage=asked.stage, pause=time.sleep)
    except (StageNotRunning, NotAdopted) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write(next_step(asked.stage, asked.table, stream_arn))
    return 0


def next_step(stage: str, table: str, stream_arn: str) -> str:
    """Return what to do with a table that is ready."""
    deploying = "make up" if stage == LOCAL else f"make deploy STAGE={stage}"
    return (
        f"{table} is ready: keys, index, stream, time to live, backups, protection, tags.\n"
        f"Write this into {stage_files.FOLDER}/{stage}.toml, then {deploying}:\n"
        f'adopted_table = "{stream_arn}"\n'
    )


def prepare(dynamodb: Any, table: str, *, stage: str, pause: Pause) -> str:
    """Wait until a table is restored, make it ready and return the ARN of its stream. Raises NotAdopted."""
    described = _restored(dynamodb, table, pause)
    _require_of_no_other_stage(dynamodb, described, stage)
    _require_model(described)
    if described.get("BillingModeSummary", {}).get("BillingMode") != "PAY_PER_REQUEST":
        _update(dynamodb, table, pause, BillingMode="PAY_PER_REQUEST")
    _switch_on_stream(dynamodb, described, pause)
    if stage != LOCAL and not described.get("DeletionProtectionEnabled"):
        _update(dynamodb, table, pause, DeletionProtectionEnabled=True)
    _let_items_expire(dynamodb, table)
    _switch_on_backups(dynamodb, table, pause)
    tags = [{"Key": "project", "Value": "milepost"}, {"Key": "stage", "Value": stage}]
    dynamodb.tag_resource(ResourceArn=described["TableArn"], Tags=tags)
    return str(dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"])


def _restored(dynamodb: Any, table: str, pause: Pause) -> Any:
    """Return how the table is described once it and its indexes are there, however long that takes."""
    while True:
        try:
            described = dynamodb.describe_table(TableName=table)["Table"]
        except dynamodb.exceptions.ResourceNotFoundException as error:
            raise NotAdopted(f"There is no table {table}.") from error
        indexes = described.get("GlobalSecondaryIndexes", [])
        if {described["TableStatus"], *(index["IndexStatus"] for index in indexes)} == {"ACTIVE"}:
            return described
        pause(PAUSE_SECONDS)


def _require_of_no_other_stage(dynamodb: Any, described: Any, stage: str) -> None:
    """Require that the table has no tag of another stage: that may be at work on it. Raises NotAdopted."""
    pages = dynamodb.get_paginator("list_tags_of_resource").paginate(ResourceArn=described["TableArn"])
    (named,) = {tag["Value"] for page in pages for tag in page["Tags"] if tag["Key"] == "stage"} or {stage}
    if named != stage:
        raise NotAdopted(
            f"{described['TableName']} is the table of the stage {named}, by its tag. Two stages must not share one: "
            f"restore it for {stage}, or take the tag away if {named} is gone."
        )


def _require_model(described: Any) -> None:
    """Require that keys and index are those that the code expects. Raises NotAdopted."""
    name = described["TableName"]
    found = {
        each["IndexName"]: (_keys(each["KeySchema"]), each["Projection"]["ProjectionType"])
        for each in described.get("GlobalSecondaryIndexes", [])
    }
    if _keys(described["KeySchema"]) != _KEYS:
        raise NotAdopted(f"{name} has other keys than a table of Milepost.")
    if found != _INDEXES:
        raise NotAdopted(f"{name} has other indexes than a table of Milepost. Restore it with its indexes.")
    if {each["AttributeType"] for each in described["AttributeDefinitions"]} != {"S"}:
        raise NotAdopted(f"{name} has keys that are no texts.")


def _keys(schema: Any) -> dict[str, str]:
    return {each["AttributeName"]: each["KeyType"] for each in schema}


def _switch_on_stream(dynamodb: Any, described: Any, pause: Pause) -> None:
    """Switch the stream on. One of another view is not changed: whoever switched it on may still read it."""
    has = described.get("StreamSpecification", {})
    if not has.get("StreamEnabled"):
        wanted = {"StreamEnabled": True, "StreamViewType": _STREAM}
        _update(dynamodb, described["TableName"], pause, StreamSpecification=wanted)
    elif has["StreamViewType"] != _STREAM:
        raise NotAdopted(f"{described['TableName']} has a stream of {has['StreamViewType']}. Switch it off first.")


def _let_items_expire(dynamodb: Any, table: str) -> None:
    has = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if has["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}:
        if has["AttributeName"] != "ttl":
            raise NotAdopted(f"{table} lets items expire by {has['AttributeName']}, and not by ttl.")
        return
    wanted = {"Enabled": True, "AttributeName": "ttl"}
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)


def _switch_on_backups(dynamodb: Any, table: str, pause: Pause) -> None:
    """Have AWS keep backups to any second of 35 days. A table that was just restored refuses that for a while."""
    for _ in range(_TRIES - 1):
        try:
            _back_up(dynamodb, table)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ContinuousBackupsUnavailableException":
                raise
            pause(PAUSE_SECONDS)
        else:
            return
    _back_up(dynamodb, table)


def _back_up(dynamodb: Any, table: str) -> None:
    wanted = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=wanted)


def _update(dynamodb: Any, table: str, pause: Pause, **change: Any) -> None:
    """Change the table and wait until that is done. Raises NotAdopted."""
    dynamodb.update_table(TableName=table, **change)
    for _ in range(_TRIES):
        if dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE":
            return
        pause(PAUSE_SECONDS)
    raise NotAdopted(f"{table} is still being changed. Run this again.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
