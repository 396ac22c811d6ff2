"""The account of the deployed stage, as its owner reaches it: functions, queues, and the table.

Time on the stage is real. What would take hours finds in the table the moments that it would find by then.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from infra.stage.deployment import Addresses
from infra.stage.ministack import CREDENTIALS, REGION


def client_of(stage: Addresses, service: str) -> Any:
    """Return a client of a service of the stage."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=stage.endpoint_url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def environments(stage: Addresses) -> list[Mapping[str, str]]:
    """Return the environment of each function that has one."""
    listed = client_of(stage, "lambda").get_paginator("list_functions").paginate().build_full_result()["Functions"]
    return [each["Environment"]["Variables"] for each in listed if "Environment" in each]


def table_name(stage: Addresses) -> str:
    """Return what the table of the stage is called."""
    return next(each["TABLE_NAME"] for each in environments(stage) if "TABLE_NAME" in each)


def write(stage: Addresses, partition: str, sort_key: str, **texts: str) -> None:
    """Write attributes that are texts of an item that is there."""
    client_of(stage, "dynamodb").update_item(
        TableName=table_name(stage),
        Key={"PK": {"S": partition}, "SK": {"S": sort_key}},
        UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in texts),
        ConditionExpression="attribute_exists(PK)",
        ExpressionAttributeValues={f":{name}": {"S": text} for name, text in texts.items()},
    )


def ago(time: timedelta) -> str:
    """Return the instant that was this time ago, as items have it."""
    return (datetime.now(UTC) - time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
