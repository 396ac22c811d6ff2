"""The bucket of discarded stream records, for tests of what writes to it and of what reads it."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import boto3

from shared import config

Kept = Callable[[], list[dict[str, Any]]]


def make_bucket() -> str:
    """Make a bucket in the region of the tests, and return its name."""
    name = f"discarded-{secrets.token_hex(8)}"
    place: Any = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


def kept() -> list[dict[str, Any]]:
    """Return the stream records that are in the bucket of the stage."""
    s3, name = boto3.client("s3"), config.discarded_bucket()
    found = s3.list_objects_v2(Bucket=name).get("Contents", [])
    objects = [json.loads(s3.get_object(Bucket=name, Key=each["Key"])["Body"].read()) for each in found]
    return [record for each in objects for record in json.loads(each["payload"])["Records"]]
