"""The bucket of files, for tests in process."""

import secrets
from typing import Any

import boto3


def make_files_bucket() -> str:
    """Make a bucket in the region of the tests, and return its name."""
    name = f"files-{secrets.token_hex(8)}"
    place: Any = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name
